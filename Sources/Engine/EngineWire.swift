internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import SystemPackage

/// HTTP to one engine.
struct EngineWire: Sendable {
    let address: EngineAddress

    /// One client for the process; it lives as long, so nothing need shut it down.
    private static let client = HTTPClient(
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)

    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            // An engine has no reason to send anybody elsewhere.
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(10), read: .seconds(60)))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 16
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        return configuration
    }

    /// Sends a request and takes the whole answer, whatever its status.
    func exchange(_ request: EngineRequest) async throws(EngineError) -> EngineReply {
        let message = try message(request)
        let result: Result<EngineReply, any Error> = await withTaskGroup { group in
            group.addTask { await Self.result(of: message, limit: request.limit) }
            group.addTask {
                try? await Task.sleep(for: request.patience)
                return .failure(EngineError.tooSlow)
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(EngineError.tooSlow)
        }
        do { return try result.get() } catch { throw failure(error, limit: request.limit) }
    }

    private static func result(of message: HTTPClientRequest, limit: Int) async -> Result<EngineReply, any Error> {
        do {
            let response = try await client.execute(message, deadline: .distantFuture)
            let body = try await response.body.collect(upTo: limit)
            return .success(
                EngineReply(
                    status: Int(response.status.code), headers: response.headers, body: Array(body.readableBytesView)))
        } catch { return .failure(error) }
    }

    private func message(_ request: EngineRequest) throws(EngineError) -> HTTPClientRequest {
        let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        var message = HTTPClientRequest(
            url: address.baseURL + request.path + (query.isEmpty ? "" : "?" + query))
        message.method = request.method
        message.headers.add(name: "Host", value: address.hostHeader)
        message.headers.add(name: "User-Agent", value: "caisson")
        if let (type, bytes) = request.body {
            message.headers.add(name: "Content-Type", value: type)
            message.body = .bytes(ByteBuffer(bytes: bytes))
        }
        if case .tcp(_, _, let tls?) = address { message.tlsConfiguration = try Self.configuration(tls) }
        return message
    }

    private static func configuration(_ tls: EngineTLS) throws(EngineError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if !tls.isVerified { configuration.certificateVerification = .none }
        if let path = tls.authority { configuration.trustRoots = .certificates(try certificates(path)) }
        if let path = tls.certificate, let keyPath = tls.key {
            configuration.certificateChain = try certificates(path).map { .certificate($0) }
            do { configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: keyPath, format: .pem)) } catch {
                throw .unreadable(keyPath)
            }
        }
        return configuration
    }

    private static func certificates(_ path: String) throws(EngineError) -> [NIOSSLCertificate] {
        do { return try NIOSSLCertificate.fromPEMFile(path) } catch { throw .unreadable(path) }
    }

    // MARK: What went wrong

    private func failure(_ error: any Error, limit: Int) -> EngineError {
        switch error {
        case let error as EngineError: error
        case is NIOTooManyBytesError: .tooLarge(limit: limit)
        case is CancellationError: .tooSlow
        case let error as IOError: failure(Errno(rawValue: error.errnoCode))
        case let error as NIOConnectionError: failure(error)
        case let error as HTTPClientError: failure(error)
        case is HTTPParserError: .unintelligible("its answer")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            .unreachable("the TLS connection failed: \(error)")
        default: .unreachable("\(error)")
        }
    }

    private func failure(_ error: Errno) -> EngineError {
        switch error {
        case .permissionDenied, .notPermitted: .forbidden
        case .noSuchFileOrDirectory: .unreachable("there is no such socket")
        case .connectionRefused: .unreachable("the connection is refused")
        default: .unreachable(error.description.prefix(1).lowercased() + error.description.dropFirst())
        }
    }

    private func failure(_ error: NIOConnectionError) -> EngineError {
        if let inner = error.connectionErrors.first?.error as? IOError {
            return failure(Errno(rawValue: inner.errnoCode))
        }
        return .unreachable("the name \(error.host) can't be resolved")
    }

    private func failure(_ error: HTTPClientError) -> EngineError {
        switch error {
        case .readTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout: .tooSlow
        case .connectTimeout: .unreachable("the connection timed out")
        case .cancelled: .tooSlow
        case .remoteConnectionClosed: .unreachable("the connection was closed in the middle of an answer")
        default: .unreachable(error.shortDescription)
        }
    }
}
