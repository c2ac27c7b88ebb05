import Foundation
import Testing

/// `caisson verify`: the proof that a place trusts a server.
@Suite("Verify", .serialized, .scratch)
struct VerifyTests {
    /// What Debian's ca-certificates needs to be there, without a certificate.
    private func debian() throws -> Root {
        let root = try Root.empty()
        try root.write(Array("#!/bin/sh\n".utf8), to: "/usr/sbin/update-ca-certificates")
        try root.write([], to: "/etc/ca-certificates.conf")
        try root.write([], to: "/etc/ssl/certs/ca-certificates.crt")
        try root.write([], to: "/usr/share/ca-certificates/none")
        return root
    }

    @Test("fails before the CA is trusted, holds after, and fails again when it is taken back")
    func story() async throws {
        let server = try await LocalServer.start(Mint())
        defer { server.process.stop() }
        let root = try debian()

        let before = try await caisson("verify", root.place, server.url)
        #expect(before.status == 1)
        #expect(
            before.output.contains(
                "not trusted: the chain is signed by \"O=Test, CN=Origin Root\", which wasn't sent and isn't in /"
            ))
        #expect(before.errors.contains("get the CA with: caisson fetch \(server.url) -o FILE"))

        try await caisson("trust", server.root.certificate, root.place).checked()
        let after = try await caisson("verify", root.place, server.url, "--strict").checked()
        #expect(after.output.contains("/etc/ssl/certs/ca-certificates.crt"))
        #expect(after.output.contains("trusted by openssl, curl, strict"))

        try await caisson("undo").checked()
        #expect(try await caisson("verify", root.place, server.url).status == 1)
    }

    @Test("tries each store with the clients that read it, and no other, where p11-kit extracts")
    func extracted() async throws {
        let server = try await LocalServer.start(Mint())
        defer { server.process.stop() }
        let root = try Root.empty()
        let extracted = "/etc/pki/ca-trust/extracted"
        try root.write(Array("#!/bin/sh\n".utf8), to: "/usr/bin/update-ca-trust")
        for name in ["tls", "email", "objsign"] { try root.write([], to: "\(extracted)/pem/\(name)-ca-bundle.pem") }
        for name in ["pem/directory-hash/none", "../source/anchors/none"] {
            try root.write([], to: "\(extracted)/\(name)")
        }
        let store = try Scratch.current.makeDirectory("java") + "/cacerts"
        try await run(
            "keytool", "-importcert", "-noprompt", "-storetype", "JKS", "-alias", "none", "-storepass", "changeit",
            "-keystore", store, "-file", try await Mint().make(.root("Other")).certificate)
        try root.write([UInt8](try Data(contentsOf: URL(filePath: store))), to: "\(extracted)/java/cacerts")

        let before = try await caisson("verify", root.place, server.url, "--strict")
        #expect(before.status == 1)
        #expect(before.output.contains("\(extracted)/java/cacerts           refused by java\n"), "\(before.output)")
        #expect(before.output.contains("\(extracted)/pem/directory-hash     refused by openssl, curl, strict\n"))
        #expect(!before.output.contains("email-ca-bundle"))

        try await caisson("trust", server.root.certificate, root.place).checked()
        let after = try await caisson("verify", root.place, server.url).checked()
        #expect(after.output.contains("\(extracted)/java/cacerts           trusted by java\n"), "\(after.output)")
    }

    @Test("says where in the place the missing anchor is")
    func elsewhere() async throws {
        let server = try await LocalServer.start(Mint())
        defer { server.process.stop() }
        let root = try debian()
        try root.write(try server.root.pem, to: "/usr/local/share/ca-certificates/corp.crt")

        let verify = try await caisson("verify", root.place, server.url)

        #expect(verify.status == 1)
        #expect(
            verify.output.contains(
                "which is in /usr/local/share/ca-certificates but not in /etc/ssl/certs/ca-certificates.crt"))
    }

    @Test("notices that the proxy signs with another root now")
    func renewed() async throws {
        let server = try await LocalServer.start(Mint())
        defer { server.process.stop() }
        let root = try debian()
        let old = try await Mint().make(.root("Origin Root"))
        try await caisson("trust", old.certificate, root.place).checked()

        let verify = try await caisson("verify", root.place, server.url)

        #expect(verify.status == 1)
        #expect(verify.output.contains("your proxy now signs with another root than the one trusted"))
    }

    @Test("shows a broken hash link, where the bundle is good")
    func hashLink() async throws {
        let server = try await LocalServer.start(Mint())
        defer { server.process.stop() }
        let root = try debian()
        try await caisson("trust", server.root.certificate, root.place).checked()
        for name in root.names(in: "/etc/ssl/certs") where name.hasSuffix(".0") {
            try root.remove("/etc/ssl/certs/" + name)
        }

        let verify = try await caisson("verify", root.place, server.url)

        #expect(verify.status == 1)
        #expect(verify.output.contains("but not in /etc/ssl/certs\n"))
        #expect(verify.output.contains("ca-certificates.crt  trusted by openssl, curl"))
    }

    @Test("takes nothing from a bundle that OpenSSL can't load for a broken block")
    func damaged() async throws {
        let server = try await LocalServer.start(Mint())
        defer { server.process.stop() }
        let root = try Root.empty()
        let block = Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)
        try root.write(try server.root.pem + block, to: "/etc/ssl/certs/ca-certificates.crt")

        let verify = try await caisson("verify", root.place, server.url)

        #expect(verify.status == 1)
        #expect(verify.output.contains("OpenSSL refuses the whole file for it"))
        let openssl = try await outcome(of: [
            "openssl", "verify", "-CAfile", root.local("/etc/ssl/certs/ca-certificates.crt"), server.root.certificate,
        ])
        #expect(openssl.status != 0)
    }

    @Test("remarks what strict clients mind, and fails for it with --strict")
    func strictness() async throws {
        let mint = try Mint()
        let recipe = Mint.Recipe.server("localhost").replacing(
            "authorityKeyIdentifier", with: "authorityKeyIdentifier=none")
        let server = try await LocalServer.start(mint, recipe)
        defer { server.process.stop() }
        let root = try debian()
        try await caisson("trust", server.root.certificate, root.place).checked()

        let lax = try await caisson("verify", root.place, server.url).checked()
        #expect(lax.output.contains("remark: \"CN=localhost\" lacks an authority key identifier"))
        #expect(try await caisson("verify", root.place, server.url, "--strict").status == 1)
    }

    @Test("tells that a server asks for a client certificate", arguments: ["-tls1_2", "-tls1_3"])
    func clientCertificate(version: String) async throws {
        let server = try await LocalServer.start(Mint(), options: ["-Verify", "1", "-verify_return_error", version])
        defer { server.process.stop() }
        let root = try debian()
        try await caisson("trust", server.root.certificate, root.place).checked()

        let verify = try await caisson("verify", root.place, server.url).checked()

        #expect(
            verify.output.contains("the server asks for a certificate of the client")
                || verify.output.contains("the handshake was broken off"))
    }

    @Test("without a server checks drift and expiry")
    func staticCheck() async throws {
        let mint = try Mint()
        let coin = try await mint.make(.root("Corp"))
        let root = try debian()
        try await caisson("trust", coin.certificate, root.place).checked()
        try await caisson("verify", root.place).checked()
        try root.write([], to: "/etc/ssl/certs/ca-certificates.crt")
        #expect(try await caisson("verify", root.place).status == 1)
    }

    @Test("takes no connection for a verdict: an unreachable server is 69")
    func unreachable() async throws {
        let root = try debian()
        #expect(try await caisson("verify", root.place, "https://127.0.0.1:1").status == 69)
        #expect(try await caisson("verify", "https://127.0.0.1:1").status == 64)
    }
}
