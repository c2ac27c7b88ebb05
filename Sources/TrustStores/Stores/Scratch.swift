import Crypto
public import RootFS
import TrustAnchors

/// A root without any bundle, such as an image made from nothing or a minimal Debian without `ca-certificates`.
///
/// The bundle is made at the place where most clients look first, with a link where OpenSSL's own default is.
public struct Scratch: TrustStore {
    public let name = "scratch"

    static let bundle: RootPath = "/etc/ssl/certs/ca-certificates.crt"
    static let link: RootPath = "/etc/ssl/cert.pem"
    private static let linkTarget = Array("certs/ca-certificates.crt".utf8)

    /// Certificates, DER, that a new bundle gets beside the anchor.
    private let publicRoots: [[UInt8]]

    public init(publicRoots: [[UInt8]] = []) { self.publicRoots = publicRoots }

    public var patterns: [PathPattern] {
        [PathPattern(Self.bundle), PathPattern(Self.link)] + KnownBundles().patterns
    }

    public func reads(in listing: Snapshot) throws(PlanError) -> [RootPath] { try KnownBundles().reads(in: listing) }

    /// The other stores survey what this one made.
    public func survey(_ root: Snapshot) throws(PlanError) -> StoreSurvey? { nil }

    public func proposal(for intent: Intent, in root: Snapshot) throws(PlanError) -> Proposal {
        switch intent {
        case .trust(let anchors): try creation(of: anchors, in: root)
        case .withdraw: try removal(in: root)
        }
    }

    /// The text of the public roots as they stand in a bundle made here.
    private static func text(of publicRoots: [[UInt8]]) -> [UInt8] { publicRoots.flatMap { PEM.encode($0) } }

    /// The lower-case hexadecimal SHA-256 of that text: what a record keeps of the public roots.
    public static func digest(of publicRoots: [[UInt8]]) -> String { digest(ofText: text(of: publicRoots)) }

    private static func digest(ofText text: [UInt8]) -> String {
        SHA256.hash(data: text).map { hexadecimal($0) }.joined()
    }

    private func creation(of anchors: [TrustAnchor], in root: Snapshot) throws(PlanError) -> Proposal {
        // A family's tool that hasn't run yet will make its own.
        guard !anchors.isEmpty, try KnownBundles.present(in: root).isEmpty, try !AnchorSources.areKept(in: root) else {
            return Proposal()
        }
        var proposal = Proposal()
        proposal.steps = try NewNodes.directories(to: "/etc/ssl/certs", in: root, store: name)
        var view = root.applying(proposal.steps.map(\.change))
        let text = PEMBundle(Self.text(of: publicRoots)).appending(anchors.map(\.der))
        if let change = try view.change(view.place(ofBundle: Self.bundle, store: name), to: text) {
            proposal.steps.append(Step(change, store: name, purpose: "new bundle where clients look first"))
        }
        if try view.entry(at: view.locate(Self.link)) == nil,
            let change = try view.change(view.locate(Self.link), toLink: Self.linkTarget)
        {
            proposal.steps.append(Step(change, store: name, purpose: "OpenSSL's default file"))
        }
        view = root.applying(proposal.steps.map(\.change))
        proposal.steps += try AnchorSources.steps(for: .trust(anchors), in: view, store: name)
        if publicRoots.isEmpty {
            proposal.diagnostics.append(
                Diagnostic(
                    "no-public-roots", at: Self.bundle,
                    "the new bundle holds no public roots: hosts that bypass the proxy will not be trusted; "
                        + "add them with --with-public-roots"))
        }
        return proposal
    }

    /// Takes away the bundle and link that were made here, once no anchor is left in them.
    private func removal(in root: Snapshot) throws(PlanError) -> Proposal {
        let path = try root.resolve(Self.bundle)
        guard root.createdHere.contains(path), let contents = try root.contents(of: path) else { return Proposal() }
        guard contents.isEmpty || root.publicRootsHere.contains(Self.digest(ofText: contents)) else {
            return Proposal()
        }
        var proposal = Proposal()
        proposal.steps.append(
            Step(try root.removal(of: path), store: name, purpose: "bundle that was made for the anchor"))
        let link = try root.locate(Self.link)
        if root.createdHere.contains(link), case .symlink(to: Self.linkTarget)? = try root.entry(at: link)?.kind {
            proposal.steps.append(
                Step(try root.removal(of: link), store: name, purpose: "link that was made for the anchor"))
        }
        return proposal
    }
}
