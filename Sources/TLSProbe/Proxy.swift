import Caisson
public import ChainVerification

/// A proxy that connections are made through.
public struct Proxy: Hashable, Sendable, CustomStringConvertible {
    /// How the proxy is talked to.
    public enum Kind: String, Hashable, Sendable {
        /// CONNECT over plain HTTP (RFC 9110 section 9.3.6).
        case http
        /// CONNECT over TLS.
        case https
        /// SOCKS 5 (RFC 1928); names are resolved here.
        case socks5
        /// SOCKS 5; names are resolved by the proxy.
        case socks5h
    }

    /// How it is talked to.
    public let kind: Kind
    /// The proxy's own name.
    public let host: ServerName
    /// The proxy's port.
    public let port: Int
    /// Who to be; nil for nobody.
    public var credentials: ProxyCredentials?

    /// A proxy by its parts.
    public init(kind: Kind, host: ServerName, port: Int, credentials: ProxyCredentials? = nil) {
        self.kind = kind
        self.host = host
        self.port = port
        self.credentials = credentials
    }

    /// Reads a proxy as curl does: `[SCHEME://][USER:PASSWORD@]HOST[:PORT]`, with `http` and port 1080 where they are
    /// left out, and port 443 for `https`.
    public init(url: String) throws(ProxyURLError) {
        guard let address = WebAddress(url, defaultScheme: "http"), !Self.mayCutPassword(url) else { throw .malformed }
        guard let kind = Kind(rawValue: address.scheme == "socks" ? "socks5" : address.scheme) else {
            throw url.contains("@") ? .malformed : .unknownScheme(address.scheme)
        }
        var credentials: ProxyCredentials?
        if let text = address.userInformation {
            guard let found = ProxyCredentials(userInformation: text) else { throw .malformed }
            credentials = found
        }
        self.init(
            kind: kind, host: address.host, port: address.port ?? (kind == .https ? 443 : 1080),
            credentials: credentials)
    }

    /// Whether an `@` stands behind the host: then a password holds a `/`, `?` or `#` that isn't percent-encoded, and what
    /// looks like the host is the user and a part of it.
    private static func mayCutPassword(_ url: String) -> Bool {
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        guard let end = url[start...].firstIndex(where: { "/?#".contains($0) }) else { return false }
        return url[end...].contains("@")
    }

    /// The URL without credentials.
    public var description: String { "\(kind.rawValue)://\(host.urlForm):\(port)" }
}

/// Why a text names no proxy. The text itself is left out, since it may hold a password.
public enum ProxyURLError: Error, Hashable, Sendable {
    case malformed
    case unknownScheme(String)
}
