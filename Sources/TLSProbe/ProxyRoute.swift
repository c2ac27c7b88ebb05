public import Caisson
import ChainVerification
import RootFS

/// The way to a server.
public enum ProxyRoute: Hashable, Sendable, CustomStringConvertible {
    case direct
    case proxy(Proxy)

    /// Never with credentials.
    public var description: String {
        switch self {
        case .direct: "directly"
        case .proxy(let proxy): "through \(proxy)"
        }
    }
}

extension ProxyRoute {
    /// What to try where nothing comes back by this way.
    var advice: String {
        switch self {
        case .direct: "if connections need a proxy here, name it with --proxy or HTTPS_PROXY"
        case .proxy: "the proxy may not let this server through; ask your IT department, or try another server"
        }
    }
}

extension Proxy {
    /// What to look at where the proxy can't be reached.
    var advice: String {
        port == 1080 && kind == .http
            ? "is 1080 its port? a URL without a port means that, as with curl"
            : "is this the proxy's address? your IT department knows it"
    }

    /// What to look at where the other side doesn't speak as a proxy of this kind does.
    var notSpoken: String {
        let others = ["http://", "https://", "socks5h://"].filter { $0 != "\(kind.rawValue)://" }
        return "is the scheme right? it may be \(others.joined(separator: " or "))"
    }
}

extension ProxyRoute {
    /// Chooses the way to `url` as curl would: `override` if there is one, else the environment's proxy for the URL's
    /// scheme, else its proxy for all, and none where `NO_PROXY` names the host.
    ///
    /// Names of variables are looked up in lower case, then in upper case; `HTTP_PROXY` is never looked at, since a web
    /// server's request could have set it. An empty variable counts as none. Unlike with curl, `override` holds for
    /// hosts of `NO_PROXY` too.
    public static func choose(
        for url: WebAddress, override: Proxy? = nil, environment: (String) -> String?
    ) throws(CaissonError) -> ProxyRoute {
        if let override { return .proxy(override) }
        func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
        let names =
            [url.scheme + "_proxy"] + (url.scheme == "http" ? [] : [url.scheme.uppercased() + "_PROXY"])
            + ["all_proxy", "ALL_PROXY"]
        guard let name = names.first(where: { value($0) != nil }), let text = value(name) else { return .direct }
        if let list = value("no_proxy") ?? value("NO_PROXY"), NoProxyList(list).covers(url.host) { return .direct }
        do throws(ProxyURLError) {
            return .proxy(try Proxy(url: text))
        } catch {
            throw CaissonError(.usage, name, error.reason, hint: error.hint)
        }
    }
}

extension ProxyURLError {
    /// What to write.
    public var hint: String {
        switch self {
        case .malformed:
            "write http://PROXY:PORT or http://USER:PASSWORD@PROXY:PORT, with %40 for an @ in the password and the like"
        case .unknownScheme: "write http://PROXY:PORT"
        }
    }

    /// One cause, without the text that was refused.
    public var reason: String {
        switch self {
        case .malformed: "this isn't the URL of a proxy"
        case .unknownScheme(let scheme):
            "a proxy is reached by http, https, socks5 or socks5h, not by \"\(printable(scheme))\""
        }
    }
}
