package import ChainVerification

/// A proxy as a container reaches it.
package struct InsideProxy: Sendable {
    package enum Kind: Hashable, Sendable { case http, https, socks }

    package let kind: Kind
    package let host: ServerName
    package let port: Int
    /// With the credentials, percent-encoded: for the environment of a command, and nothing else.
    let url: String
    /// What must not be shown of what a client prints.
    let secrets: [String]

    var hasCredentials: Bool { !secrets.isEmpty }

    package init(kind: Kind, host: ServerName, port: Int, url: String, secrets: [String]) {
        self.kind = kind
        self.host = host
        self.port = port
        self.url = url
        self.secrets = secrets
    }

    /// What clients look at, in both cases. No host is left out, as with `--proxy` elsewhere.
    var environment: [String] { ["https_proxy=\(url)", "HTTPS_PROXY=\(url)", "no_proxy=", "NO_PROXY="] }
}
