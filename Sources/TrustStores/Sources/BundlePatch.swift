import RootFS
import TrustAnchors

/// A bundle that no tool keeps, or that holds more than its tool would write: every byte in it stays.
struct BundlePatch {
    /// The physical path of the bundle.
    let path: RootPath
    let store: String

    func proposal(for intent: Intent, in root: Snapshot) throws(PlanError) -> Proposal {
        guard let contents = try root.contents(of: path) else { return Proposal() }
        let bundle = PEMBundle(contents)
        var proposal = Proposal()
        proposal.diagnostics = Drift.brokenBlocks(of: bundle, at: path)
        let edited: [UInt8]
        let purpose: String
        switch intent {
        case .trust(let anchors):
            edited = bundle.appending(anchors.map(\.der))
            purpose = "bundle with the anchor at its end"
        case .withdraw(let fingerprints):
            edited = bundle.removing(fingerprints)
            purpose = "bundle without the withdrawn anchor"
        }
        if let change = try root.change(path, to: edited) {
            proposal.steps.append(Step(change, store: store, purpose: purpose))
            proposal.diagnostics += Self.modeNotes(of: change)
        }
        return proposal
    }

    /// Says so where a bundle that is rewritten keeps another mode than distributions give theirs.
    static func modeNotes(of change: Change, usual: UInt16 = 0o644) -> [Diagnostic] {
        guard case .file(_, let attributes) = change.before else { return [] }
        if [0o644, 0o444].contains(attributes.mode) { return [] }
        let (mode, other) = (String(attributes.mode, radix: 8), String(usual, radix: 8))
        let message =
            "\(change.path) has the unusual mode \(mode), which is kept; a distribution's tool would set \(other)"
        return [Diagnostic("unusual-mode", at: change.path, message)]
    }
}
