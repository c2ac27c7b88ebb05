/// Connects to TLS servers and tells what they present; trusts nothing and refuses nothing.
public protocol Prober: Sendable {
    /// Shakes hands with `endpoint`. Throws `.unavailable` where no certificate was presented, saying at which step of
    /// the way it ended.
    func handshake(with endpoint: Endpoint) async throws(CaissonError) -> Handshake
}

/// What a TLS server presented. Whether to trust it is decided elsewhere, by anchors.
public struct Handshake: Hashable, Sendable {
    /// The server that was asked for.
    public let endpoint: Endpoint
    /// The way that was taken, such as `directly` or `through http://proxy.corp.example:3128`; never with credentials.
    public let route: String
    /// The certificates as they were sent, DER, the server's own first. At least one.
    public let presented: [[UInt8]]
    /// Such as `TLS 1.3`; nil where the handshake was broken off.
    public let version: String?
    /// Whether the server asked for a certificate of the client.
    public let wantsClientCertificate: Bool
    /// Why the handshake ended after the certificates had come; nil where it was completed.
    public let interruption: String?

    /// Whether the server has shown that it holds the key of its certificate. One that breaks off before need not: the
    /// certificates of others can be had by anybody. Who asks for the client's certificate has shown it already.
    public var isProven: Bool { interruption == nil || wantsClientCertificate }

    /// A handshake by its parts.
    public init(
        endpoint: Endpoint, route: String, presented: [[UInt8]], version: String?, wantsClientCertificate: Bool = false,
        interruption: String? = nil
    ) {
        self.endpoint = endpoint
        self.route = route
        self.presented = presented
        self.version = version
        self.wantsClientCertificate = wantsClientCertificate
        self.interruption = interruption
    }
}
