import NIOCore

/// Holds a dialogue with the proxy on its channel, then leaves the pipeline.
final class ProxyDialogueHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let proxy: Proxy
    private var dialogue: any ProxyDialogue
    private var opened: EventLoopPromise<Void>?

    init(_ dialogue: any ProxyDialogue, with proxy: Proxy, opened: EventLoopPromise<Void>) {
        self.dialogue = dialogue
        self.proxy = proxy
        self.opened = opened
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { send(dialogue.opening(), context: context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        send(dialogue.opening(), context: context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard opened != nil else { return context.fireChannelRead(data) }
        do throws(ProbeFailure) {
            switch try dialogue.receive(Array(unwrapInboundIn(data).readableBytesView)) {
            case .wait: break
            case .send(let bytes): send(bytes, context: context)
            case .open(let rest):
                guard rest.isEmpty else {
                    throw ProbeFailure("what comes through the proxy isn't TLS: the server speaks first")
                }
                try? context.channel.syncOptions?.setOption(.autoRead, value: false)
                finish(nil)
                context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
            }
        } catch {
            finish(error)
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(ProbeFailure("the proxy \(proxy) closed the connection without an answer", hint: proxy.notSpoken))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(error)
        context.close(promise: nil)
    }

    private func send(_ bytes: [UInt8], context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    private func finish(_ error: (any Error)?) {
        if let error { opened?.fail(error) } else { opened?.succeed() }
        opened = nil
    }
}
