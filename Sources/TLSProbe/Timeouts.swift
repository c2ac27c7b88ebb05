public import NIOCore

/// How long each step on the way to a server may take; each starts anew.
public struct Timeouts: Hashable, Sendable {
    /// Resolving the name and opening the TCP connection.
    public var connect: TimeAmount = .seconds(10)
    /// The proxy's answer; for an HTTPS proxy its TLS handshake has as long again.
    public var proxy: TimeAmount = .seconds(10)
    /// The TLS handshake, however slowly its bytes drip in.
    public var handshake: TimeAmount = .seconds(10)
    /// One whole download over plain HTTP, with its connections and redirections.
    public var download: TimeAmount = .seconds(10)

    /// Ten seconds for each step.
    public init() {}

    /// The same for each step.
    public init(each step: TimeAmount) {
        (connect, proxy, handshake, download) = (step, step, step, step)
    }

    /// The same, with no step longer than `limit`.
    func capped(at limit: TimeAmount) -> Timeouts {
        var timeouts = self
        timeouts.connect = min(connect, limit)
        timeouts.proxy = min(proxy, limit)
        return timeouts
    }
}

extension TimeAmount {
    /// Such as `10 s` or `250 ms`.
    var shown: String {
        let milliseconds = nanoseconds / 1_000_000
        return milliseconds.isMultiple(of: 1000) ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}
