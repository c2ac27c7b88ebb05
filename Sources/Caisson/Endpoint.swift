public import ChainVerification

/// A TLS server, as a client names it.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// The name or address that the server's certificate must be for.
    public let host: ServerName
    /// The TCP port.
    public let port: Int

    /// An endpoint by its parts.
    public init(host: ServerName, port: Int = 443) {
        self.host = host
        self.port = port
    }

    /// Reads `https://HOST[:PORT][/PATH]`; the path doesn't matter.
    public init?(url: String) {
        guard let address = WebAddress(url), address.scheme == "https", address.userInformation == nil else {
            return nil
        }
        self.init(host: address.host, port: address.port ?? 443)
    }

    /// The URL: `https://example.com`, with the port where it isn't 443.
    public var description: String { "https://\(host.urlForm)\(port == 443 ? "" : ":\(port)")" }

    /// `HOST:PORT`, as proxies are asked for it.
    public var authority: String { "\(host.urlForm):\(port)" }
}
