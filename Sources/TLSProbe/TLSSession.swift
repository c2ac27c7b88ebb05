import ChainVerification
import NIOCore
import NIOSSL
import NIOTLS
import Synchronization

/// One TLS handshake of a client, on a channel whose bytes are the server's.
struct TLSSession: Sendable {
    let host: ServerName
    let timeout: TimeAmount
    /// Whom a failure is told of.
    let peer: String
    /// What to try where nothing comes, or the connection is cut.
    let advice: String

    /// Shakes hands and leaves the TLS in the pipeline, verifying the server with this machine's roots or not at all.
    func start(on channel: any Channel, verification: CertificateVerification) async throws(ProbeFailure) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = verification
        configuration.shutdownTimeout = Self.shutdownTimeout
        if verification == .none { configuration.trustRoots = .certificates([]) }
        _ = try await shakeHands(on: channel, configuration: configuration, capture: nil)
    }

    /// Shakes hands and keeps what the server presents, whatever it is.
    func capture(on channel: any Channel) async throws(ProbeFailure) -> CapturedChain {
        let capture = ChainCapture()
        var configuration = Self.openConfiguration
        configuration.sslContextCallback = { _, promise in
            // On a client this is called when the server asks for a certificate.
            capture.noteCertificateRequest()
            promise.succeed(.noChanges)
        }
        do throws(ProbeFailure) {
            let version = try await shakeHands(on: channel, configuration: configuration, capture: capture)
            return capture.chain(version: version, interruption: nil)
        } catch {
            let chain = capture.chain(version: nil, interruption: error.reason)
            guard !chain.certificates.isEmpty else { throw error }
            return chain
        }
    }

    /// Nobody waits for a server's word of farewell.
    private static let shutdownTimeout = TimeAmount.milliseconds(50)

    /// Takes whatever TLS 1.0 to 1.3 offers, and no certificates into account.
    private static var openConfiguration: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates([])
        configuration.certificateVerification = .noHostnameVerification
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = shutdownTimeout
        // Beside NIO's own choice a curve that some servers have alone.
        configuration.curves = [.x25519_MLKEM768, .x25519, .secp256r1, .secp384r1, .secp521r1]
        // With the key exchange of RSA alone, a server that asks for a certificate has shown nothing yet.
        configuration.cipherSuites = "ALL:!kRSA"
        configuration.verifySignatureAlgorithms = [
            .ecdsaSecp256R1Sha256, .rsaPssRsaeSha256, .rsaPkcs1Sha256, .ecdsaSecp384R1Sha384, .rsaPssRsaeSha384,
            .rsaPkcs1Sha384, .ecdsaSecp521R1Sha512, .rsaPssRsaeSha512, .rsaPkcs1Sha512, .ed25519, .rsaPkcs1Sha1,
        ]
        return configuration
    }

    private func shakeHands(
        on channel: any Channel, configuration: TLSConfiguration, capture: ChainCapture?
    ) async throws(ProbeFailure) -> TLSVersion? {
        let completed = channel.eventLoop.makePromise(of: TLSVersion?.self)
        let timer = channel.eventLoop.scheduleTask(in: timeout) {
            completed.fail(
                ProbeFailure("\(peer) doesn't finish the TLS handshake within \(timeout.shown)", hint: advice))
        }
        defer { timer.cancel() }
        do {
            let context = try NIOSSLContext(configuration: configuration)
            try await channel.eventLoop.submit {
                try channel.listen(with: handler(context, capture: capture), HandshakeObserver(completed))
            }.get()
            return try await completed.futureResult.get()
        } catch {
            completed.fail(error)
            throw ProbeFailure(error, peer: peer, advice: advice)
        }
    }

    private func handler(_ context: NIOSSLContext, capture: ChainCapture?) throws -> NIOSSLClientHandler {
        // Server name indication is for names only (RFC 6066 section 3).
        let name: String? = if case .dns(let name) = host { name } else { nil }
        guard let capture else { return try NIOSSLClientHandler(context: context, serverHostname: name) }
        return try NIOSSLClientHandler(context: context, serverHostname: name) { certificates, promise in
            capture.take(certificates)
            promise.succeed(.certificateVerified)
        }
    }
}

/// What came of a handshake.
struct CapturedChain: Sendable {
    var certificates: [[UInt8]] = []
    var version: TLSVersion?
    var wantsClientCertificate = false
    var interruption: String?
}

/// Collects what the callbacks of a handshake see.
private final class ChainCapture: Sendable {
    private let state = Mutex(CapturedChain())

    func take(_ certificates: [NIOSSLCertificate]) {
        let encoded = certificates.compactMap { try? $0.toDERBytes() }
        state.withLock { $0.certificates = encoded }
    }

    func noteCertificateRequest() { state.withLock { $0.wantsClientCertificate = true } }

    func chain(version: TLSVersion?, interruption: String?) -> CapturedChain {
        state.withLock {
            $0.version = version
            $0.interruption = interruption
            return $0
        }
    }
}

/// Waits for the end of a handshake, then leaves the pipeline.
private final class HandshakeObserver: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private var completed: EventLoopPromise<TLSVersion?>?

    init(_ completed: EventLoopPromise<TLSVersion?>) { self.completed = completed }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent {
            let version = try? context.pipeline.syncOperations.nioSSL_tlsVersion()
            completed?.succeed(version)
            completed = nil
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        completed?.fail(error)
        completed = nil
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        completed?.fail(ChannelError.eof)
        completed = nil
        context.fireChannelInactive()
    }
}
