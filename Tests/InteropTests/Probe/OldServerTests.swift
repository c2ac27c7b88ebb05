import Foundation
import Testing

@Suite("A server's version of TLS", .serialized, .scratch)
struct OldServerTests {
    /// OpenSSL's configuration of a place; nil for none.
    private static let configurations: [(name: String, text: String?)] = [
        ("none", nil),
        ("level 0", used("CipherString = DEFAULT:@SECLEVEL=0")),
        ("level 0, from 1.2 on", used("CipherString = DEFAULT:@SECLEVEL=0\nMinProtocol = TLSv1.2")),
        ("level 0, from 1.3 on", used("CipherString = DEFAULT:@SECLEVEL=0\nTLS.MinProtocol = TLSv1.3 # not older")),
        ("a section that isn't used", "openssl_conf = init\n[init]\n[d]\nCipherString = DEFAULT:@SECLEVEL=0\n"),
    ]

    private static func used(_ settings: String) -> String {
        "openssl_conf = init\n[init]\nssl_conf = ssl\n[ssl]\nsystem_default = d\n[d]\n\(settings)\n"
    }

    @Test("is taken where openssl takes it with the same configuration", arguments: ["-tls1", "-tls1_1", "-tls1_2"])
    func versions(option: String) async throws {
        let mint = try Mint()
        let root = try await mint.make(.root("Root"))
        let leaf = try await mint.make(.server("x", names: "IP:127.0.0.1"), by: root)
        let (server, port) = try await BackgroundProcess.start(
            [
                "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", leaf.certificate, "-key", leaf.key,
                option, "-cipher", "DEFAULT:@SECLEVEL=0",
            ], until: #"ACCEPT 127\.0\.0\.1:(\d+)"#)
        defer { server.stop() }
        for (name, text) in Self.configurations {
            let place = try Scratch.current.makeDirectory("place")
            try FileManager.default.createDirectory(atPath: place + "/etc/ssl/certs", withIntermediateDirectories: true)
            try Data(try root.pem).write(to: URL(filePath: place + "/etc/ssl/certs/ca-certificates.crt"))
            let configuration = place + "/etc/ssl/openssl.cnf"
            if let text { try Data(text.utf8).write(to: URL(filePath: configuration)) }
            let real = try await outcome(of: [
                "env", "OPENSSL_CONF=\(text == nil ? "/dev/null" : configuration)", "openssl", "s_client", "-connect",
                "127.0.0.1:\(port)", "-CAfile", root.certificate, "-verify_return_error",
            ])
            let ours = try await caisson("verify", "rootfs:\(place)", "https://127.0.0.1:\(port)")
            #expect(ours.status == (real.status == 0 ? 0 : 1), "\(name): \(ours.output) \(real.output)")
        }
    }
}
