public import RootFS
public import TrustAnchors

/// What to do in a root.
public enum Intent: Sendable {
    case trust([TrustAnchor])
    case withdraw(Set<Fingerprint>)
}

/// What is known about one kind of trust store: where it is, how it is written, what its own tool would make of it.
///
/// A store is a pure value. It names what it needs to see (`patterns`, then `reads`), and turns that into changes.
/// It never fails on foreign contents: what it can't read it keeps byte for byte and reports as a diagnostic.
public protocol TrustStore: Sendable {
    /// The name in plans, `--only` and `--without`, fixtures and docs: lower case, with hyphens.
    var name: String { get }

    /// Where to look: the first step of a capture.
    var patterns: [PathPattern] { get }

    /// Which of the files found must be read: the second step. Paths may lead over links.
    func reads(in listing: Snapshot) throws(PlanError) -> [RootPath]

    /// What is in this store now; nil where the root has no such store.
    func survey(_ root: Snapshot) throws(PlanError) -> StoreSurvey?

    /// The changes that bring this store to `intent`; none where the root has no such store or nothing is to do.
    func proposal(for intent: Intent, in root: Snapshot) throws(PlanError) -> Proposal
}

/// A store's part of a plan.
public struct Proposal: Sendable {
    public var steps: [Step]
    public var diagnostics: [Diagnostic]

    public init(steps: [Step] = [], diagnostics: [Diagnostic] = []) {
        self.steps = steps
        self.diagnostics = diagnostics
    }
}
