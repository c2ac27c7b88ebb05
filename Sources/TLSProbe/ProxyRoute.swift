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
            throw CaissonError(.usage, name, error.reason, hint: "write it as http://PROXY:PORT")
        }
    }
}

extension ProxyURLError {
    /// One cause, without the text that was refused.
    public var reason: String {
        switch self {
        case .malformed: "this isn't the URL of a proxy"
        case .unknownScheme(let scheme):
            "a proxy is reached by http, https, socks5 or socks5h, not by \"\(printable(scheme))\""
        }
    }
}
