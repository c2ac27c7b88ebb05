import NIOCore
import NIOSSL

extension NIOSSLContext {
    /// What a TLS server of this identity needs.
    static func server(_ identity: DemoAuthority.Identity) throws -> NIOSSLContext {
        let chain = try identity.chain.map { try NIOSSLCertificate(bytes: $0, format: .der) }
        let key = try NIOSSLPrivateKey(bytes: Array(identity.privateKey.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.shutdownTimeout = .milliseconds(100)
        return try NIOSSLContext(configuration: configuration)
    }

    /// A TLS client that trusts these roots, DER, and no others.
    static func client(trusting roots: [[UInt8]]) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try roots.map { try NIOSSLCertificate(bytes: $0, format: .der) })
        configuration.shutdownTimeout = .milliseconds(100)
        return try NIOSSLContext(configuration: configuration)
    }
}
