import Caisson
import ChainVerification
import Testing

@testable import TLSProbe

@Suite("The way to a server")
struct ProxyRouteTests {
    /// Variables, URL, way; each line as curl 7.88 decides it.
    static let table: [([String: String], String, String)] = [
        ([:], "https://example.com", "directly"),
        (["HTTPS_PROXY": "http://p:3128"], "https://example.com", "through http://p:3128"),
        (["https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:2"], "https://example.com", "through http://a:1"),
        (["https_proxy": "", "HTTPS_PROXY": "http://b:2"], "https://example.com", "through http://b:2"),
        (["ALL_PROXY": "socks5h://s"], "https://example.com", "through socks5h://s:1080"),
        (["ALL_PROXY": "socks5://s:9", "HTTPS_PROXY": "p"], "https://example.com", "through http://p:1080"),
        (["HTTP_PROXY": "http://p:3128"], "http://example.com", "directly"),
        (["http_proxy": "http://p:3128"], "http://example.com", "through http://p:3128"),
        (["http_proxy": "http://p:3128"], "https://example.com", "directly"),
        (["https_proxy": "https://p"], "https://example.com", "through https://p:443"),
        (["https_proxy": "http://u:p%40ss@p:1"], "https://example.com", "through http://p:1"),
        (["https_proxy": "http://[::1]:8080"], "https://example.com", "through http://[::1]:8080"),
        (["https_proxy": "p", "NO_PROXY": "example.com"], "https://example.com", "directly"),
        (
            ["https_proxy": "p", "no_proxy": "other", "NO_PROXY": "example.com"], "https://example.com",
            "through http://p:1080"
        ),
    ]

    @Test("is the one that curl would take", arguments: table)
    func chooses(variables: [String: String], url: String, way: String) throws {
        let route = try ProxyRoute.choose(for: try #require(WebAddress(url))) { variables[$0] }
        #expect(route.description == way)
    }

    @Test("is the one that was asked for, even to a host of NO_PROXY")
    func override() throws {
        let proxy = try Proxy(url: "http://asked:1")
        let route = try ProxyRoute.choose(for: try #require(WebAddress("https://example.com")), override: proxy) { _ in
            "*"
        }
        #expect(route == .proxy(proxy))
    }

    @Test("is an error where a variable holds no proxy, and the text isn't repeated")
    func malformed() throws {
        let url = try #require(WebAddress("https://example.com"))
        let error = #expect(throws: CaissonError.self) {
            try ProxyRoute.choose(for: url) { $0 == "https_proxy" ? "ftp://user:secret@p" : nil }
        }
        #expect(error?.kind == .usage)
        #expect(error.map { "\($0)".contains("secret") } == false)
    }

    @Test(
        "takes no part of a password for the proxy's name",
        arguments: ["http://user:1234#secret@p:1", "user:1234/secret@p", "http://user:1?secret@p", "secret://user:x@p"])
    func cutPassword(url: String) {
        #expect(throws: ProxyURLError.malformed) { try Proxy(url: url) }
    }

    /// Entries, host, whether the host is reached directly.
    static let exceptions: [(String, String, Bool)] = [
        ("example.com", "example.com", true), ("example.com", "www.example.com", true),
        (".example.com", "example.com", true),
        (".example.com", "www.example.com", true), ("example.com", "notexample.com", false),
        ("EXAMPLE.com", "example.COM", true),
        ("example.com.", "example.com", true), ("a,example.com", "example.com", true),
        ("a example.com", "example.com", true),
        ("a, example.com ,b", "example.com", true), ("*", "anything.example", true), ("*,a", "anything.example", false),
        ("*.example.com", "www.example.com", false), ("10.0.0.0/8", "10.1.2.3", true),
        ("10.0.0.0/8", "11.1.2.3", false),
        ("10.1.2.3", "10.1.2.3", true), ("10.0.0.0/0", "10.1.2.3", false), ("10.0.0.0/33", "10.0.0.0", false),
        ("::1", "[::1]", true), ("2001:db8::/32", "[2001:db8::7]", true), ("2001:db8::/32", "[2001:db9::7]", false),
        ("", "a", false),
    ]

    @Test("is direct for the hosts of NO_PROXY, by curl's rules", arguments: exceptions)
    func exception(list: String, host: String, isDirect: Bool) throws {
        let address = try #require(WebAddress("https://\(host)"))
        #expect(NoProxyList(list).covers(address.host) == isDirect)
    }
}

@Suite("A proxy's credentials")
struct ProxyCredentialsTests {
    @Test("are in no way printed")
    func redacted() throws {
        let proxy = try Proxy(url: "http://user:secret@proxy:1")
        var dumped = ""
        dump(proxy, to: &dumped)
        for text in ["\(proxy)", "\(String(reflecting: proxy))", dumped, "\(ProxyRoute.proxy(proxy))"] {
            #expect(!text.contains("secret"))
        }
    }

    @Test("come from a URL, percent-encoded", arguments: [("u:p", "u:p"), ("u%3a:p%40%3A", "u::p@:"), ("u", "u:")])
    func url(text: String, joined: String) throws {
        let credentials = try #require(ProxyCredentials(userInformation: text))
        #expect("\(credentials.user):\(credentials.password)" == joined)
    }

    @Test("are sent as RFC 7617 has it")
    func basic() {
        let credentials = ProxyCredentials(user: "Aladdin", password: "open sesame")
        #expect(credentials.basicAuthorization == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    }

    @Test("come from a netrc's entry for just this host")
    func netrc() throws {
        let netrc = Netrc(
            Array(
                """
                # a comment
                machine other login a password b
                macdef init
                machine proxy login evil password evil

                machine proxy
                  login "user name"   password "se\\"cret"
                default login d password d
                """.utf8))
        let found = try #require(netrc.credentials(for: .dns("proxy")))
        #expect((found.user, found.password) == ("user name", "se\"cret"))
        #expect(netrc.credentials(for: .dns("unknown")) == nil)
    }
}
