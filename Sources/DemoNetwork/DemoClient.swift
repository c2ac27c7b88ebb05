import ChainVerification
public import NIOCore
import NIOSSL
public import TLSProbe

/// A plain HTTPS client that trusts the certificates of one bundle and asks for `/`, as curl with `--cacert` does.
public struct DemoClient: Sendable {
    /// What came of a request.
    public enum Outcome: Hashable, Sendable {
        /// The status line and the first line of the body.
        case answer(status: String, line: String)
        /// The server wasn't trusted, or something else went wrong.
        case failure(String)
    }

    let group: any EventLoopGroup
    let route: ProxyRoute

    /// A client that goes this way.
    public init(group: any EventLoopGroup, route: ProxyRoute) {
        self.group = group
        self.route = route
    }

    /// Asks `https://HOST/`, trusting the anchors, DER, and no others.
    public func get(host: String, trusting anchors: [[UInt8]]) async -> Outcome {
        guard let name = ServerName(host) else { return .failure("\(host) isn't a host name") }
        do {
            let tunnel = Tunnel(group: group, timeouts: Timeouts())
            let channel = try await tunnel.open(to: name, port: 443, by: route)
            defer { channel.close(promise: nil) }
            let context = try NIOSSLContext.client(trusting: anchors)
            let received = channel.eventLoop.makePromise(of: String.self)
            let timer = channel.eventLoop.scheduleTask(in: .seconds(10)) { received.fail(ChannelError.eof) }
            defer { timer.cancel() }
            try await channel.eventLoop.submit {
                try channel.listen(
                    with: NIOSSLClientHandler(context: context, serverHostname: host), TextCollector(received))
                let request = "GET / HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
                channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
            }.get()
            return Self.outcome(of: try await received.futureResult.get())
        } catch let failure as ProbeFailure {
            return .failure(failure.reason)
        } catch NIOSSLError.handshakeFailed {
            return .failure("the certificate isn't trusted")
        } catch {
            return .failure("the connection failed")
        }
    }

    private static func outcome(of text: String) -> Outcome {
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        guard let status = lines.first, status.hasPrefix("HTTP/"), let line = lines.last else {
            return .failure("the answer isn't HTTP")
        }
        return .answer(status: String(status), line: String(line.prefix { $0 != "\n" }))
    }
}

/// Collects what comes until the end.
private final class TextCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private static let limit = 64 << 10

    private var received: EventLoopPromise<String>?
    private var bytes: [UInt8] = []

    init(_ received: EventLoopPromise<String>) { self.received = received }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
        if bytes.count > Self.limit { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) { finish(.success(String(decoding: bytes, as: UTF8.self))) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A server that closes without a farewell has said all the same what it had to say.
        if case NIOSSLError.uncleanShutdown = error { return }
        finish(.failure(error))
        context.close(promise: nil)
    }

    private func finish(_ result: Result<String, any Error>) {
        received?.completeWith(result)
        received = nil
    }
}
