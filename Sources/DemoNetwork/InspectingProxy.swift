public import NIOCore
import NIOPosix
import NIOSSL

/// An HTTP proxy on loopback that reads along, as corporate ones do: it answers CONNECT itself, with a certificate that
/// its own CA signs on the fly, and passes the plain bytes on over a TLS connection of its own.
public struct InspectingProxy: Sendable {
    private let channel: any Channel

    /// The port on 127.0.0.1, chosen by the system.
    public let port: Int

    /// Starts to serve. `authority` signs for every host; `origins` gives the loopback port behind each host, and
    /// `originRoot`, DER, is what the proxy trusts on that side.
    public init(
        authority: DemoAuthority, origins: [String: Int], originRoot: [UInt8], group: any EventLoopGroup
    ) async throws {
        let clientContext = try NIOSSLContext.client(trusting: [originRoot])
        let desk = ProxyDesk(authority: authority, origins: origins, clientContext: clientContext)
        channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ConnectRequestHandler(desk))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        port = channel.localAddress?.port ?? 0
    }

    /// Stops to serve; what goes through it already may end.
    public func close() async throws { try await channel.close() }
}

/// What all connections of a proxy share.
struct ProxyDesk: Sendable {
    let authority: DemoAuthority
    let origins: [String: Int]
    let clientContext: NIOSSLContext

    /// The TLS that stands in for `host`.
    func serverHandler(for host: String) throws -> NIOSSLServerHandler {
        NIOSSLServerHandler(context: try .server(authority.identity(for: host)))
    }
}

/// Reads one CONNECT request, opens the far side and turns both into a relay.
private final class ConnectRequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let headLimit = 16 << 10

    private let desk: ProxyDesk
    private var head: [UInt8] = []
    private var isAnswered = false

    init(_ desk: ProxyDesk) { self.desk = desk }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswered else { return }
        head += unwrapInboundIn(data).readableBytesView
        guard head.firstRange(of: Array("\r\n\r\n".utf8)) != nil else {
            if head.count > Self.headLimit { context.close(promise: nil) }
            return
        }
        isAnswered = true
        guard let host = Self.host(in: head) else { return refuse(context, "405 Method Not Allowed") }
        guard let port = desk.origins[host] else { return refuse(context, "502 Bad Gateway") }
        open(host, port: port, context: context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func open(_ host: String, port: Int, context: ChannelHandlerContext) {
        let desk = desk
        let near = context.channel
        let relays = RelayPair(near: near)
        ClientBootstrap(group: context.eventLoop)
            .channelInitializer { far in
                far.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(context: desk.clientContext, serverHostname: host)
                    try far.pipeline.syncOperations.addHandler(handler)
                    try far.pipeline.syncOperations.addHandler(Relay(to: near))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .flatMap { far in relays.join(far, host: host, desk: desk) }
            .whenFailure { _ in near.close(promise: nil) }
    }

    private func refuse(_ context: ChannelHandlerContext, _ status: String) {
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n")))
            .whenComplete { _ in channel.close(promise: nil) }
    }

    /// The host of `CONNECT HOST:PORT HTTP/1.1`.
    private static func host(in head: [UInt8]) -> String? {
        let words = head.prefix { $0 != 0x0D }.split(separator: 0x20)
        guard words.count == 3, words[0].elementsEqual("CONNECT".utf8) else { return nil }
        let authority = String(decoding: words[1], as: UTF8.self)
        guard let colon = authority.lastIndex(of: ":") else { return nil }
        return authority[..<colon].lowercased()
    }
}

/// The near side of a connection, until the far side has been reached.
private struct RelayPair: Sendable {
    let near: any Channel

    /// Tells the client that the way is open, and stands in for the server from then on.
    func join(_ far: any Channel, host: String, desk: ProxyDesk) -> EventLoopFuture<Void> {
        near.eventLoop.flatSubmit {
            do {
                let pipeline = near.pipeline.syncOperations
                let request = try pipeline.context(handlerType: ConnectRequestHandler.self)
                near.writeAndFlush(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"), promise: nil)
                try pipeline.addHandler(desk.serverHandler(for: host))
                try pipeline.addHandler(Relay(to: far))
                return pipeline.removeHandler(context: request)
            } catch {
                return near.eventLoop.makeFailedFuture(error)
            }
        }
    }
}

/// Passes on what comes, and the end of it.
private final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let peer: any Channel

    init(to peer: any Channel) { self.peer = peer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        peer.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        peer.close(promise: nil)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
