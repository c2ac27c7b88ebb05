public import ChainVerification

/// The parts of a URL that name a server (RFC 3986 section 3.2), with what follows them.
public struct WebAddress: Hashable, Sendable {
    /// Lower case, without `://`.
    public let scheme: String
    /// What stands before `@`, still percent-encoded. It may hold a password: don't print it.
    public let userInformation: String?
    /// The server.
    public let host: ServerName
    /// The port; nil where the URL doesn't say.
    public let port: Int?
    /// Path and query; empty where the URL ends after the host.
    public let path: String

    /// Reads `SCHEME://[USER@]HOST[:PORT][/PATH]`; without a scheme `defaultScheme` is taken, if there is one.
    /// Nil where the text isn't such a URL.
    public init?(_ text: String, defaultScheme: String? = nil) {
        guard text.utf8.count <= 8192, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        var rest = text[...]
        if let separator = text.firstRange(of: "://") {
            scheme = text[..<separator.lowerBound].lowercased()
            rest = text[separator.upperBound...]
        } else if let defaultScheme {
            scheme = defaultScheme
        } else {
            return nil
        }
        guard let first = scheme.utf8.first, (0x61...0x7A).contains(first),
            scheme.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) })
        else { return nil }
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        path = String(rest[end...].prefix { $0 != "#" })
        var authority = rest[..<end]
        if let at = authority.lastIndex(of: "@") {
            userInformation = String(authority[..<at])
            authority = authority[authority.index(after: at)...]
        } else {
            userInformation = nil
        }
        var hostText = authority
        var portText: Substring?
        if let colon = authority.lastIndex(of: ":"), authority.last != "]" {
            hostText = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
        }
        guard let host = ServerName(hostText), !hostText.contains(":") || hostText.hasPrefix("[") else { return nil }
        self.host = host
        guard let portText, !portText.isEmpty else {
            port = nil
            return
        }
        guard let port = UInt16(portText), port > 0, !portText.hasPrefix("+") else { return nil }
        self.port = Int(port)
    }
}

extension WebAddress: CustomStringConvertible {
    /// The URL without what stands before `@`.
    public var description: String { "\(scheme)://\(authority)\(path)" }

    /// The host, and the port where it was given.
    public var authority: String { host.urlForm + (port.map { ":\($0)" } ?? "") }
}
