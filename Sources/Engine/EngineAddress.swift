internal import Caisson
internal import ChainVerification
internal import RootFS

/// Where an engine listens.
package enum EngineAddress: Hashable, Sendable {
    /// A Unix socket, by its path on this machine.
    case socket(String)
    /// A TCP port; with TLS where files for it are given. The host is as a URL has it: IPv6 addresses in brackets.
    case tcp(host: String, port: Int, EngineTLS?)

    /// The ports that are registered for engines, without and with TLS.
    private static let ports = (plain: 2375, secure: 2376)

    /// Reads `unix://PATH`, `tcp://HOST[:PORT]`, `http://…` or `https://…`, as `DOCKER_HOST` has them.
    ///
    /// - Throws: `EngineError.badAddress` for anything else.
    package init(_ text: String, tls: EngineTLS? = nil) throws(EngineError) {
        if text.hasPrefix("unix://") {
            let path = String(text.dropFirst("unix://".count))
            // The length is that of sockaddr_un (unix(7)), with its NUL.
            guard path.hasPrefix("/"), path.utf8.count < 108, !path.utf8.contains(0) else {
                throw .badAddress(text, hint: "write unix:///PATH, at most 107 bytes long")
            }
            self = .socket(path)
            return
        }
        if text.hasPrefix("ssh://") {
            throw .badAddress(
                text,
                hint: "engines over ssh aren't reached yet; forward the socket with: "
                    + "ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock HOST, then --engine unix:///tmp/engine.sock")
        }
        guard let url = WebAddress(text), ["tcp", "http", "https"].contains(url.scheme), url.userInformation == nil,
            url.path.isEmpty || url.path == "/"
        else {
            throw .badAddress(text, hint: "write unix://PATH or tcp://HOST:PORT, or the name of a docker context")
        }
        let files = tls ?? (url.scheme == "https" ? EngineTLS() : nil)
        let port = url.port ?? (files == nil ? Self.ports.plain : Self.ports.secure)
        self = .tcp(host: url.host.urlForm, port: port, files)
    }

    /// What requests begin with.
    var baseURL: String {
        switch self {
        case .socket(let path): "http+unix://\(path.percentEncoded)"
        case .tcp(let host, let port, let tls): "\(tls == nil ? "http" : "https")://\(host):\(port)"
        }
    }

    /// What the `Host` header says. The encoded path of a socket, which the client library would send, is refused by
    /// engines with status 400.
    var hostHeader: String {
        switch self {
        case .socket: "localhost"
        case .tcp(let host, let port, _): "\(host):\(port)"
        }
    }
}

extension EngineAddress: CustomStringConvertible {
    /// As `DOCKER_HOST` would have it.
    package var description: String {
        switch self {
        case .socket(let path): "unix://\(path)"
        case .tcp(let host, let port, _): "tcp://\(host):\(port)"
        }
    }
}

/// The files of a TLS connection to an engine, by their paths; what is nil isn't used.
package struct EngineTLS: Hashable, Sendable {
    /// The certificates that the engine's must come from, PEM; the system's own where it is nil.
    package var authority: String?
    /// The client's certificate and its private key, PEM.
    package var certificate: String?
    package var key: String?
    /// Whether the engine's certificate is checked. As in Docker, not doing so is for tests only.
    package var isVerified: Bool

    package init(
        authority: String? = nil, certificate: String? = nil, key: String? = nil, isVerified: Bool = true
    ) {
        self.authority = authority
        self.certificate = certificate
        self.key = key
        self.isVerified = isVerified
    }
}
