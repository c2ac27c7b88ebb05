public import Caisson
public import TrustAnchors

/// What stands between a client and a server, and which CA a client would have to trust for it.
public struct ConnectionReport: Sendable {
    /// Whether somebody reads along.
    public enum Inspection: Hashable, Sendable {
        /// The chain ends in this public root.
        case none(Certificate)
        /// The chain doesn't end in a public root.
        case inspected
        /// It isn't known which roots are public.
        case unknown
    }

    /// How the CA was come by.
    public enum Origin: Hashable, Sendable {
        case presented
        /// By a certificate's authorityInfoAccess.
        case issuerURL(String)
        /// From the proxy's own page.
        case proxyPage(String)
        /// From this machine's public roots.
        case publicRoots
    }

    /// The topmost CA that was found; it is sure to have signed what lies below it.
    public struct Authority: Hashable, Sendable {
        /// The CA's certificate.
        public let certificate: Certificate
        /// Where it was found.
        public let origin: Origin
        /// Whether it is self-signed; else it is an intermediate, and the root is still unknown.
        public let isRoot: Bool
    }

    /// What was seen on the wire.
    public let handshake: Handshake
    /// From the server's own certificate upward, as far as it was presented or found.
    public let path: [Certificate]
    /// Whether somebody reads along.
    public let inspection: Inspection
    /// Who does, if the names in the chain tell.
    public let product: InspectionProduct?
    /// Nil where nothing above the server's own certificate was found.
    public let authority: Authority?
    /// What was tried in vain, one sentence each, safe to print.
    public let attempts: [String]
}
