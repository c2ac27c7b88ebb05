import Caisson
import NIOCore
import NIOHTTP1
import RootFS

/// One GET over plain HTTP, directly or through a proxy: for certificates, which vouch for themselves.
struct Download: Sendable {
    /// The largest body that is taken, in bytes.
    static let sizeLimit = 1 << 20
    static let redirectionLimit = 3

    let tunnel: Tunnel
    let route: ProxyRoute
    /// When everything must be over, redirections and all.
    let deadline: NIODeadline

    /// The body of a 200 answer. Redirections are followed, to plain HTTP only.
    func body(of url: WebAddress) async throws(ProbeFailure) -> [UInt8] {
        var url = url
        for _ in 0...Self.redirectionLimit {
            guard url.scheme == "http" else { throw ProbeFailure("\(url) isn't a plain http:// URL") }
            guard deadline > .now() else {
                throw ProbeFailure("\(url) doesn't answer within \(tunnel.timeouts.download.shown)")
            }
            let answer = try await answer(to: url)
            switch answer.status {
            case 200: return answer.body
            case 301, 302, 303, 307, 308:
                guard let location = answer.location, let next = url.following(location) else {
                    throw ProbeFailure("\(url) redirects to no web server")
                }
                url = next
            default: throw ProbeFailure("\(url) answers with status \(answer.status)")
            }
        }
        throw ProbeFailure("\(url) redirects too often")
    }

    private func answer(to url: WebAddress) async throws(ProbeFailure) -> HTTPAnswer {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: url.path.isEmpty ? "/" : url.path)
        if url.path.hasPrefix("?") { head.uri = "/" + url.path }
        head.headers = ["Host": url.authority, "User-Agent": "caisson", "Accept": "*/*", "Connection": "close"]
        let tunnel = Tunnel(group: tunnel.group, timeouts: tunnel.timeouts.capped(at: deadline - .now()))
        let channel: any Channel
        if case .proxy(let proxy) = route, proxy.kind == .http || proxy.kind == .https {
            head.uri = "http://\(url.authority)\(head.uri)"
            if let credentials = proxy.credentials {
                head.headers.add(name: "Proxy-Authorization", value: credentials.basicAuthorization)
            }
            channel = try await tunnel.connect(to: proxy)
        } else {
            channel = try await tunnel.open(to: url.host, port: url.port ?? 80, by: route)
        }
        defer { channel.close(promise: nil) }
        return try await exchange(head, on: channel, url: url)
    }

    private func exchange(
        _ head: HTTPRequestHead, on channel: any Channel, url: WebAddress
    ) async throws(ProbeFailure) -> HTTPAnswer {
        let limit = tunnel.timeouts.download
        let answered = channel.eventLoop.makePromise(of: HTTPAnswer.self)
        let timer = channel.eventLoop.scheduleTask(deadline: deadline) {
            answered.fail(ProbeFailure("\(url) doesn't answer within \(limit.shown)"))
        }
        defer { timer.cancel() }
        do {
            try await channel.eventLoop.submit {
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                try channel.listen(with: HTTPAnswerCollector(answered, url: url))
                channel.pipeline.syncOperations.write(NIOAny(HTTPClientRequestPart.head(head)), promise: nil)
                channel.pipeline.syncOperations.writeAndFlush(NIOAny(HTTPClientRequestPart.end(nil)), promise: nil)
            }.get()
            return try await answered.futureResult.get()
        } catch {
            answered.fail(error)
            throw ProbeFailure(error, peer: "\(url)")
        }
    }
}

extension WebAddress {
    /// What a reference leads to from here: an absolute URL, or one that begins with a slash (RFC 3986 section 4.2).
    fileprivate func following(_ reference: String) -> WebAddress? {
        if reference.hasPrefix("//") { return WebAddress("\(scheme):\(reference)") }
        return reference.hasPrefix("/") ? WebAddress("\(scheme)://\(authority)\(reference)") : WebAddress(reference)
    }
}

private struct HTTPAnswer: Sendable {
    var status = 0
    var location: String?
    var body: [UInt8] = []
}

private final class HTTPAnswerCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private var answered: EventLoopPromise<HTTPAnswer>?
    private let url: WebAddress
    private var answer = HTTPAnswer()

    init(_ answered: EventLoopPromise<HTTPAnswer>, url: WebAddress) {
        self.answered = answered
        self.url = url
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer.status = Int(head.status.code)
            answer.location = head.headers.first(name: "Location")
        case .body(let part):
            guard answer.body.count + part.readableBytes <= Download.sizeLimit else {
                finish(.failure(ProbeFailure("what \(url) sends is larger than 1 MiB")))
                return context.close(promise: nil)
            }
            answer.body += part.readableBytesView
        case .end: finish(.success(answer))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failure(error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { finish(.failure(ChannelError.eof)) }

    private func finish(_ result: Result<HTTPAnswer, any Error>) {
        answered?.completeWith(result)
        answered = nil
    }
}
