import Foundation
import Testing

@Suite("A certificate with OpenSSL's trust settings", .serialized, .scratch)
struct TrustSettingsTests {
    @Test(
        "counts where openssl takes it",
        arguments: [
            ["-addtrust", "serverAuth"], ["-addtrust", "emailProtection"], ["-addreject", "serverAuth"],
            ["-addreject", "clientAuth"], ["-addtrust", "anyExtendedKeyUsage"], ["-addreject", "anyExtendedKeyUsage"],
            ["-setalias", "x"],
        ])
    func settings(options: [String]) async throws {
        let server = try await LocalServer.start(Mint())
        defer { server.process.stop() }
        let place = try Scratch.current.makeDirectory("place")
        let certificates = place + "/etc/ssl/certs"
        try FileManager.default.createDirectory(atPath: certificates, withIntermediateDirectories: true)
        let bundle = certificates + "/ca-certificates.crt"
        try await outcome(
            of: ["openssl", "x509", "-in", server.root.certificate, "-trustout", "-out", bundle] + options
        ).checked()
        let port = try #require(server.url.split(separator: ":").last)
        let real = try await outcome(of: [
            "openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", bundle, "-verify_return_error",
        ])
        let ours = try await caisson("verify", "rootfs:\(place)", server.url)
        #expect(ours.status == (real.status == 0 ? 0 : 1), "\(ours.output) \(real.output)")
        let inspected = try await caisson("inspect", bundle)
        #expect(inspected.output.contains("rejected-purpose") == (real.status != 0), "\(inspected.output)")
    }
}
