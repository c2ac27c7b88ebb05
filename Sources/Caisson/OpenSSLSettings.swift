public import ChainVerification
import RootFS

/// What a place's `openssl.cnf` demands of every TLS connection (config(5), SSL_CONF_cmd(3)).
public struct OpenSSLSettings: Hashable, Sendable {
    /// OpenSSL's security level, 0 to 5 (`@SECLEVEL=N` in a `CipherString`). Nil where the configuration doesn't say; then
    /// it is that of the build: 2 on Debian, and with OpenSSL from 3.2.
    public var securityLevel: Int?
    /// The oldest version of TLS that is spoken (`MinProtocol`); nil where the configuration doesn't say.
    public var oldestVersion: ProtocolVersion?

    /// Nothing that the configuration says.
    public init() {}
}

extension Place {
    /// What OpenSSL's configuration here says in the section that every program gets.
    public func openSSLSettings() async throws(CaissonError) -> OpenSSLSettings {
        let roots: [RootPath] = ["/etc/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf"]
        var files: [RootPath: [UInt8]] = [:]
        var wanted = roots
        // A file may include others, and these others again.
        for _ in 0..<OpenSSLConfiguration.inclusionDepth where !wanted.isEmpty {
            let snapshot = try await read(wanted, into: try await discover(wanted.map { PathPattern($0) }))
            // What can't be followed or isn't a file says nothing.
            for path in wanted { files[path] = (try? snapshot.contents(of: path)) ?? [] }
            let included = wanted.flatMap { OpenSSLConfiguration.inclusions(in: files[$0] ?? []) }
            wanted = Array(Set(included).filter { files[$0] == nil }.prefix(OpenSSLConfiguration.inclusionLimit))
        }
        for root in roots {
            let settings = OpenSSLConfiguration(files[root] ?? [], including: files).settings
            if settings != OpenSSLSettings() { return settings }
        }
        return OpenSSLSettings()
    }
}
