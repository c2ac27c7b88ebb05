import Foundation
import Testing

/// Roots of other kinds, built by hand from their documented layout, because none of their tools is needed.
@Suite("Other roots", .serialized, .scratch)
struct OtherRootTests {
    static let certs = "/etc/ssl/certs"
    static let bundle = certs + "/ca-certificates.crt"

    @Test("scratch: the bundle is made at the standard places")
    func scratch() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        let before = try root.listing(.modified)

        let trust = try await caisson("trust", ca.certificate, root.place).checked()

        #expect(try root.bytes(Self.bundle) == ca.pem)
        #expect(try root.attributes(of: Self.bundle) == "644")
        #expect(root.target(of: "/etc/ssl/cert.pem") == "certs/ca-certificates.crt")
        #expect(!root.exists("/etc/pki"))
        #expect(try root.bytes(root.anchor()) == ca.pem)
        #expect((trust.output + trust.errors).contains("public roots"), "warns that there are none")

        try await caisson("undo").checked()
        expectSame(try root.listing(.modified), before)
    }

    @Test("scratch: distrust leaves no trace")
    func scratchDistrust() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        let before = try root.listing()
        try await caisson("trust", ca.certificate, root.place).checked()

        try await caisson("distrust", ca.certificate, root.place).checked()

        expectSame(try root.listing(), before)
    }

    @Test("scratch: public roots come from a file on demand")
    func scratchWithPublicRoots() async throws {
        let ca = try await Authority.make()
        let roots = try await Authority.make("/CN=Public One").pem + Authority.make("/CN=Public Two").pem
        let file = try Scratch.current.write(roots, to: "roots.pem")
        let root = try Root.empty()

        try await caisson("trust", ca.certificate, root.place, "--public-roots", file).checked()

        let bundle = try root.bytes(Self.bundle)
        #expect(bundle.count == roots.count + (try ca.pem.count))
        #expect(try await root.verify(ca.issue()))
    }

    @Test("distroless: the bundle grows by the anchor, and keeps its unusual mode")
    func distroless() async throws {
        let ca = try await Authority.make()
        let root = try await Root.distroless()
        let before = try root.bytes(Self.bundle)
        let tree = try root.listing(.modified)

        try await caisson("trust", ca.certificate, root.place).checked()

        #expect(try root.bytes(Self.bundle) == before + ca.pem)
        #expect(try root.attributes(of: Self.bundle) == "555")
        #expect(try root.bytes(root.anchor()) == ca.pem)
        #expect(root.names(in: Self.certs) == ["ca-certificates.crt"], "no hash links where there were none")

        try await caisson("undo").checked()
        expectSame(try root.listing(.modified), tree)
    }

    @Test("bundle only: every known location is updated, links resolved")
    func bundleOnly() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        let public1 = try await Authority.make("/CN=Public One").pem
        try root.write(public1, to: Self.bundle)
        try root.link("/etc/ssl/cert.pem", to: "certs/ca-certificates.crt")
        try root.link("/etc/ssl1.1/cert.pem", to: "/etc/ssl/cert.pem")
        try root.link("/etc/ssl1.1/certs", to: "/etc/ssl/certs")
        try root.link("/etc/pki/tls/certs/ca-bundle.crt", to: "../../../ssl/certs/ca-certificates.crt")
        try root.write(public1, to: "/etc/ssl/ca-bundle.pem")
        let links = try root.listing().lines.filter { $0.value.hasPrefix("link") }

        try await caisson("trust", ca.certificate, root.place).checked()

        #expect(try root.bytes(Self.bundle) == public1 + ca.pem)
        #expect(try root.bytes("/etc/ssl/ca-bundle.pem") == public1 + ca.pem)
        #expect(try root.listing().lines.filter { $0.value.hasPrefix("link") } == links)
    }

    @Test("a bundle that lacks its last newline gets it, a broken block stays and is reported")
    func brokenBundle() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        let broken = Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----".utf8)
        try root.write(broken, to: Self.bundle)

        let trust = try await caisson("trust", ca.certificate, root.place)

        #expect(trust.status == 0)
        #expect(try root.bytes(Self.bundle) == broken + [0x0A] + ca.pem)
        #expect(trust.errors.contains(Self.bundle), "the broken block's bundle is named")
        #expect(try await caisson("status", root.place, "--check").status == 1)
    }
}

extension Root {
    /// What an image of the distroless family has of certificates.
    fileprivate static func distroless() async throws -> Root {
        let root = try Root.empty()
        try root.write(
            Array("NAME=\"Debian GNU/Linux\"\nID=\"debian\"\nPRETTY_NAME=\"Distroless\"\n".utf8),
            to: "/usr/lib/os-release")
        try root.link("/etc/os-release", to: "../usr/lib/os-release")
        try root.write(
            await Authority.make("/CN=Public One").pem + Authority.make("/CN=Public Two").pem, to: OtherRootTests.bundle
        )
        try await run("chmod", "0555", root.local(OtherRootTests.bundle))
        try await run("touch", "-d", "@0", root.local(OtherRootTests.bundle))
        return root
    }

    /// The mode, in octal.
    fileprivate func attributes(of path: String) throws -> String {
        var status = stat()
        guard lstat(local(path), &status) == 0 else { throw POSIXError(.ENOENT) }
        return String(status.st_mode & 0o7777, radix: 8)
    }

    /// Whether this machine's OpenSSL accepts a certificate by the root's bundle.
    fileprivate func verify(_ leaf: [UInt8]) async throws -> Bool {
        let command = ["openssl", "verify", "-no-CApath", "-no-CAstore", "-CAfile", local(OtherRootTests.bundle)]
        return try await outcome(of: command, input: leaf).status == 0
    }
}
