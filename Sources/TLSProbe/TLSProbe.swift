public import Caisson
import ChainVerification
public import NIOCore
import NIOPosix
import NIOSSL

/// Looks at TLS servers through NIO and BoringSSL: directly or through a proxy, bounded in time and size, trusting nothing.
public struct TLSProbe: Prober {
    /// How the way to a URL is chosen.
    public typealias Routing = @Sendable (WebAddress) throws(CaissonError) -> ProxyRoute

    private let group: any EventLoopGroup
    private let timeouts: Timeouts
    private let routing: Routing

    /// Without a group, NIO's threads that the whole process shares are used.
    public init(
        group: (any EventLoopGroup)? = nil, timeouts: Timeouts = Timeouts(), routing: @escaping Routing
    ) {
        self.group = group ?? MultiThreadedEventLoopGroup.singleton
        self.timeouts = timeouts
        self.routing = routing
    }

    var tunnel: Tunnel { Tunnel(group: group, timeouts: timeouts) }

    /// The way that is taken to `url`.
    public func route(to url: WebAddress) throws(CaissonError) -> ProxyRoute { try routing(url) }

    /// Shakes hands by the way that the routing names, and closes the connection.
    public func handshake(with endpoint: Endpoint) async throws(CaissonError) -> Handshake {
        guard let url = WebAddress(endpoint.description) else {
            throw CaissonError(.usage, endpoint.description, "this isn't a URL")
        }
        let route = try routing(url)
        do throws(ProbeFailure) {
            let channel = try await tunnel.open(to: endpoint.host, port: endpoint.port, by: route)
            defer { channel.close(promise: nil) }
            let session = TLSSession(
                host: endpoint.host, timeout: timeouts.handshake, peer: endpoint.authority, advice: route.advice)
            let captured = try await session.capture(on: channel)
            return Handshake(
                endpoint: endpoint, route: route.description, presented: captured.certificates,
                version: captured.version?.shown, wantsClientCertificate: captured.wantsClientCertificate,
                interruption: captured.interruption)
        } catch {
            throw error.error(for: endpoint.description)
        }
    }
}

extension TLSVersion {
    fileprivate var shown: String {
        switch self {
        case .tlsv1: "TLS 1.0"
        case .tlsv11: "TLS 1.1"
        case .tlsv12: "TLS 1.2"
        case .tlsv13: "TLS 1.3"
        }
    }
}
