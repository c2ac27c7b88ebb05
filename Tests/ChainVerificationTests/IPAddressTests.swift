import Testing

@testable import ChainVerification

@Suite("An IP address")
struct IPAddressTests {
    @Test(
        "is read from its usual forms, and written in the shortest",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
            ("2001:db8:0:0:0:0:0:1", "2001:db8::1"), ("2001:DB8::1", "2001:db8::1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("::ffff:192.0.2.1", "::ffff:c000:201"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ])
    func reads(text: String, shown: String) { #expect(IPAddress(text)?.description == shown) }

    @Test(
        "is nothing else",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", ":", ":::", "1:2", "1::2::3", ":1::2", "1:",
            "12345::", "g::1", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8:9", "::1%lo", "+1.2.3.4", "::+1",
        ])
    func refuses(text: String) { #expect(IPAddress(text) == nil) }

    @Test(
        "lies in a network or not",
        arguments: [
            ("10.1.2.3", "10.0.0.0", 8, true), ("11.1.2.3", "10.0.0.0", 8, false), ("10.1.2.3", "10.1.2.2", 31, true),
            ("10.1.2.3", "10.1.2.2", 32, false), ("10.1.2.3", "9.9.9.9", 0, true), ("10.1.2.3", "10.1.2.3", 33, false),
            ("2001:db8::1", "2001:db8::", 32, true), ("2001:db9::1", "2001:db8::", 32, false),
            ("10.0.0.1", "::", 0, false),
        ])
    func network(address: String, network: String, bits: Int, isInside: Bool) throws {
        #expect(
            try #require(IPAddress(network)).shares(prefix: bits, with: try #require(IPAddress(address))) == isInside)
    }
}

@Suite("A server's name")
struct ServerNameTests {
    @Test(
        "is a host name or an address, in the form that certificates use",
        arguments: [
            ("Example.COM", "example.com"), ("example.com.", "example.com"), ("a_b.example", "a_b.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"), ("[2001:db8::1]", "[2001:db8::1]"),
            ("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"),
        ])
    func reads(text: String, form: String) { #expect(ServerName(text)?.urlForm == form) }

    @Test(
        "is nothing else",
        arguments: [
            "", ".", "a..b", "bücher.example", "127.1", "1.2.3.4.5", "a b", "a/b", "[127.0.0.1]", "[::1",
            String(repeating: "a", count: 64) + ".example",
        ])
    func refuses(text: String) { #expect(ServerName(text) == nil) }
}

@Suite("A name in a certificate")
struct HostMatchTests {
    @Test(
        "stands for a host as OpenSSL reads it",
        arguments: [
            ("example.com", "example.com", true), ("EXAMPLE.com", "example.com", true),
            ("example.com", "a.example.com", false),
            ("*.example.com", "a.example.com", true), ("*.example.com", "a.b.example.com", false),
            ("*.example.com", "example.com", false), ("*.com", "example.com", false), ("*", "example", false),
            ("a*.example.com", "ab.example.com", false), ("a.*.com", "a.b.com", false),
            ("*.example.com", ".example.com", false),
        ])
    func covers(pattern: String, host: String, expected: Bool) {
        #expect(HostMatch.covers(Array(pattern.utf8), Array(host.utf8)) == expected)
    }
}
