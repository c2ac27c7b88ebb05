package import ChainVerification
package import NIOCore
import NIOPosix
import NIOSSL

/// Opens a way for plain bytes to a server, past a proxy if need be.
package struct Tunnel: Sendable {
    let group: any EventLoopGroup
    let timeouts: Timeouts

    package init(group: any EventLoopGroup, timeouts: Timeouts) {
        self.group = group
        self.timeouts = timeouts
    }

    /// A channel whose bytes are those of `host`. Its pipeline is empty, but for the TLS of an HTTPS proxy,
    /// and nothing is read until `listen(with:)`.
    package func open(
        to host: ServerName, port: Int, by route: ProxyRoute
    ) async throws(ProbeFailure) -> any Channel {
        switch route {
        case .direct:
            return try await connect(
                to: host, port: port, as: "\(host.urlForm):\(port)", hint: ProxyRoute.direct.advice)
        case .proxy(let proxy):
            let dialogue = try await dialogue(with: proxy, for: host, port: port)
            let channel = try await connect(to: proxy)
            do throws(ProbeFailure) {
                try await hold(dialogue, with: proxy, on: channel)
                return channel
            } catch {
                channel.close(promise: nil)
                throw error
            }
        }
    }

    /// A channel to the proxy itself, inside its TLS if it is an HTTPS proxy.
    func connect(to proxy: Proxy) async throws(ProbeFailure) -> any Channel {
        let channel = try await connect(to: proxy.host, port: proxy.port, as: "the proxy \(proxy)", hint: proxy.advice)
        guard proxy.kind == .https else { return channel }
        do throws(ProbeFailure) {
            // A password is sent only to a proxy that proves who it is; else nothing is at stake, and the proxy's
            // certificate may well be signed by the very CA that is asked for.
            let verification: CertificateVerification = proxy.credentials == nil ? .none : .fullVerification
            let session = TLSSession(
                host: proxy.host, timeout: timeouts.proxy, peer: "the proxy \(proxy)", advice: proxy.notSpoken)
            try await session.start(on: channel, verification: verification)
            return channel
        } catch {
            channel.close(promise: nil)
            throw error
        }
    }

    private func connect(
        to host: ServerName, port: Int, as peer: String, hint: String
    ) async throws(ProbeFailure) -> any Channel {
        do {
            return try await ClientBootstrap(group: group)
                .connectTimeout(timeouts.connect)
                // A peer that speaks first waits until somebody listens; else its bytes would be lost.
                .channelOption(.autoRead, value: false)
                .connect(host: host.description, port: port)
                .get()
        } catch {
            throw ProbeFailure(connecting: error, to: peer, timeout: timeouts.connect, hint: hint)
        }
    }

    private func dialogue(
        with proxy: Proxy, for host: ServerName, port: Int
    ) async throws(ProbeFailure) -> any ProxyDialogue {
        switch proxy.kind {
        case .http, .https: return ConnectDialogue(authority: "\(host.urlForm):\(port)", proxy: proxy)
        case .socks5h: return SOCKS5Dialogue(host: host, port: port, proxy: proxy)
        case .socks5: return SOCKS5Dialogue(host: try await resolve(host), port: port, proxy: proxy)
        }
    }

    /// The first address of a name. The system's resolver can't be broken off, but nobody waits for it any longer.
    private func resolve(_ host: ServerName) async throws(ProbeFailure) -> ServerName {
        guard case .dns(let name) = host else { return host }
        let loop = group.next()
        let resolved = loop.makePromise(of: SocketAddress.self)
        let timer = loop.scheduleTask(in: timeouts.connect) { resolved.fail(ChannelError.connectTimeout(.zero)) }
        defer { timer.cancel() }
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
            try SocketAddress.makeAddressResolvingHost(name, port: 0)
        }.cascade(to: resolved)
        let found: SocketAddress
        do {
            found = try await resolved.futureResult.get()
        } catch {
            throw ProbeFailure(
                "the name \(name) can't be resolved here", hint: "let the proxy resolve it: write socks5h://")
        }
        guard let text = found.ipAddress, let address = IPAddress(text) else {
            throw ProbeFailure("the name \(name) has no address")
        }
        return .address(address)
    }

    private func hold(
        _ dialogue: any ProxyDialogue, with proxy: Proxy, on channel: any Channel
    ) async throws(ProbeFailure) {
        let opened = channel.eventLoop.makePromise(of: Void.self)
        let timeout = channel.eventLoop.scheduleTask(in: timeouts.proxy) {
            opened.fail(
                ProbeFailure(
                    "the proxy \(proxy) gives no answer within \(timeouts.proxy.shown)", hint: proxy.notSpoken))
        }
        defer { timeout.cancel() }
        do {
            try await channel.eventLoop.submit {
                try channel.listen(with: ProxyDialogueHandler(dialogue, with: proxy, opened: opened))
            }.get()
            try await opened.futureResult.get()
        } catch {
            opened.fail(error)
            throw ProbeFailure(error, peer: "the proxy \(proxy)")
        }
    }
}

extension Channel {
    /// Adds who takes the bytes from now on, and reads. Called on the event loop.
    package func listen(with handlers: any ChannelHandler...) throws {
        try pipeline.syncOperations.addHandlers(handlers)
        try syncOptions?.setOption(.autoRead, value: true)
    }
}
