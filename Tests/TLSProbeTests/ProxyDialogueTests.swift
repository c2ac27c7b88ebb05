import ChainVerification
import Testing

@testable import TLSProbe

@Suite("A dialogue with an HTTP proxy")
struct ConnectDialogueTests {
    let proxy = Proxy(kind: .http, host: .dns("proxy"), port: 3128)

    @Test("asks for a tunnel, and for nothing else")
    func opening() {
        let text = String(
            decoding: ConnectDialogue(authority: "example.com:443", proxy: proxy).opening(), as: UTF8.self)
        #expect(text == "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\nUser-Agent: caisson\r\n\r\n")
    }

    @Test("passes on what follows the answer, however it is cut", arguments: 1...40)
    func pieces(size: Int) throws {
        let answer = Array("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\nrest".utf8)
        var dialogue = ConnectDialogue(authority: "example.com:443", proxy: proxy)
        var last = ProxyDialogueStep.wait
        var rest = answer[...]
        while last == .wait, !rest.isEmpty {
            last = try dialogue.receive(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        guard case .open(let bytes) = last else {
            Issue.record("the tunnel isn't open")
            return
        }
        #expect(bytes + rest == Array("rest".utf8))
    }

    @Test(
        "says what to do about it",
        arguments: [
            ("HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n", "log in at http://login.example/"),
            ("HTTP/1.1 403 Forbidden\r\n\r\n", "ask your IT department"),
            ("HTTP/1.1 405 Method Not Allowed\r\n\r\n", "web servers answer like this"),
            ("HTTP/1.1 407 Who\r\nproxy-authenticate: Basic\r\n\r\n", "--proxy-login"),
            ("SSH-2.0-OpenSSH_9.2\r\n\r\n", "it may be https:// or socks5h://"),
        ])
    func advice(answer: String, hint: String) {
        var dialogue = ConnectDialogue(authority: "example.com:443", proxy: proxy)
        let failure = #expect(throws: ProbeFailure.self) { _ = try dialogue.receive(Array(answer.utf8)) }
        #expect(failure?.hint?.contains(hint) == true, "\(failure?.hint ?? "")")
    }

    @Test(
        "tells why there is no tunnel",
        arguments: [
            ("HTTP/1.1 403 Forbidden\r\n\r\n", "refuses the connection to example.com:443: 403 Forbidden"),
            ("HTTP/1.1 403 \u{1B}[31mred\r\n\r\n", "403 \\x1b[31mred"),
            (
                "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n",
                "asks for a user and a password, by Basic"
            ),
            ("HTTP/1.1 407 Who\r\nProxy-Authenticate: NTLM\r\n\r\n", "by NTLM, and Caisson knows Basic only"),
            ("SSH-2.0-OpenSSH_9.2\r\n", "doesn't speak HTTP"), ("HTTP/1.1 banana\r\n\r\n", "doesn't speak HTTP"),
            ("HTTP/1.1 200" + String(repeating: "x", count: 1 << 17), "answers without end"),
        ])
    func refusals(answer: String, reason: String) {
        var dialogue = ConnectDialogue(authority: "example.com:443", proxy: proxy)
        let failure = #expect(throws: ProbeFailure.self) { try dialogue.receive(Array(answer.utf8)) }
        #expect(failure?.reason.contains(reason) == true, "\(failure?.reason ?? "")")
    }
}

@Suite("A dialogue with a SOCKS 5 proxy")
struct SOCKS5DialogueTests {
    @Test("asks for a name or an address, byte by byte as RFC 1928 has it")
    func request() throws {
        let proxy = Proxy(kind: .socks5h, host: .dns("proxy"), port: 1080)
        var dialogue = SOCKS5Dialogue(host: .dns("example.com"), port: 443, proxy: proxy)
        #expect(dialogue.opening() == [5, 1, 0])
        #expect(try dialogue.receive([5]) == .wait)
        #expect(try dialogue.receive([0]) == .send([5, 1, 0, 3, 11] + Array("example.com".utf8) + [1, 0xBB]))
        #expect(try dialogue.receive([5, 0, 0, 1, 127, 0, 0, 1, 0]) == .wait)
        #expect(try dialogue.receive([80, 42]) == .open(rest: [42]))
    }

    @Test("logs in as RFC 1929 has it")
    func login() throws {
        var proxy = Proxy(kind: .socks5, host: .dns("proxy"), port: 1080)
        proxy.credentials = ProxyCredentials(user: "me", password: "pw")
        let address = try #require(IPAddress("2001:db8::1"))
        var dialogue = SOCKS5Dialogue(host: .address(address), port: 8443, proxy: proxy)
        #expect(dialogue.opening() == [5, 2, 0, 2])
        #expect(try dialogue.receive([5, 2]) == .send([1, 2] + Array("me".utf8) + [2] + Array("pw".utf8)))
        #expect(try dialogue.receive([1, 0]) == .send([5, 1, 0, 4] + address.bytes + [0x20, 0xFB]))
    }

    @Test(
        "tells why there is no connection",
        arguments: [
            ([[5, 0xFF]], "asks for a user and a password"), ([[72, 84, 84, 80]], "doesn't speak SOCKS 5"),
            ([[5, 0], [5, 5, 0, 1, 0, 0, 0, 0, 0, 0]], "connection refused"), ([[5, 0], [5, 99]], "code 99"),
            ([[5, 0], [5, 0, 0, 9, 9]], "doesn't speak SOCKS 5"),
        ] as [([[UInt8]], String)])
    func refusals(answers: [[UInt8]], reason: String) {
        let proxy = Proxy(kind: .socks5h, host: .dns("proxy"), port: 1080)
        var dialogue = SOCKS5Dialogue(host: .dns("example.com"), port: 443, proxy: proxy)
        let failure = #expect(throws: ProbeFailure.self) {
            for answer in answers { _ = try dialogue.receive(answer) }
        }
        #expect(failure?.reason.contains(reason) == true, "\(failure?.reason ?? "")")
    }
}
