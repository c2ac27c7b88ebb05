import Caisson
import TrustAnchors
import TrustStores

/// The roots that the world trusts, as far as this host's distribution or a file tells.
enum PublicRoots {
    /// Certificates, DER; none where none are asked for.
    static func load(
        fromHost: Bool, file: String?, in environment: Environment
    ) async throws(CaissonError) -> [[UInt8]] {
        if let file {
            let sources = try CertificateSource.files(named: file)
            let roots = sources.flatMap { CertificateFile(surveying: $0.bytes).certificates.map(\.der) }
            guard !roots.isEmpty else { throw CaissonError(.badCertificate, file, "there is no certificate in it") }
            return roots
        }
        return fromHost ? try await packagedOnHost(in: environment) : []
    }

    /// What the host's distribution ships and has selected; never what was added here.
    static func packagedOnHost(in environment: Environment) async throws(CaissonError) -> [[UInt8]] {
        let host = try Target.host.open(in: environment)
        let status = try await host.status(using: KnownStores.all())
        let packaged = status.surveys.flatMap(\.locations).filter { $0.role == .packaged }.flatMap(\.certificates)
        guard !packaged.isEmpty else {
            throw CaissonError(
                .unavailable, "--with-public-roots", "this host has no packaged set of public roots",
                hint: "install ca-certificates here, or give a set with --public-roots FILE")
        }
        return packaged
    }
}
