import RootFS
import TrustAnchors

/// What the tool of a family makes of its sources, output by output.
///
/// An output that the sources before the change account for is made anew from those after it. Which release of p11-kit
/// wrote it, and in which order, is taken from what is there. Any other output is patched, and every byte of it stays.
struct Extraction {
    private let layout: ExtractedLayout
    private let store: String
    /// The root with the sources as they will be.
    private let root: Snapshot
    private let after: TrustModule
    private let outputs: [ExtractedOutput]
    private let dialect: ExtractionDialect
    /// For each output, whether the sources account for it.
    private let isAccounted: [Bool]

    init(
        layout: ExtractedLayout, store: String, root: Snapshot, before: TrustModule, after: TrustModule
    ) throws(PlanError) {
        self.layout = layout
        self.store = store
        self.root = root
        self.after = after
        var outputs: [ExtractedOutput] = []
        for output in layout.outputs {
            if let output = try ExtractedOutput(output, in: root) { outputs.append(output) }
        }
        self.outputs = outputs

        var best = ExtractionDialect.newest
        var accounted = outputs.map { $0.isAccounted(by: before, in: best) }
        if accounted.contains(false) {
            for dialect in Self.olderDialects(shownBy: outputs, of: before) {
                let other = outputs.map { $0.isAccounted(by: before, in: dialect) }
                guard other.count(where: { $0 }) > accounted.count(where: { $0 }) else { continue }
                (best, accounted) = (dialect, other)
            }
        }
        dialect = best
        isAccounted = accounted
    }

    /// The older releases that the outputs may come from.
    private static func olderDialects(
        shownBy outputs: [ExtractedOutput], of module: TrustModule
    ) -> [ExtractionDialect] {
        let sorted = ExtractionDialect(order: .byPath, label: .first, boundsNames: true)
        let order = FileOrder(shownBy: outputs.compactMap(\.evidence), of: module)
        guard case .asShown = order else { return [sorted] }
        return [sorted, ExtractionDialect(order: order, label: .first, boundsNames: false)]
    }

    func proposal(for intent: Intent) throws(PlanError) -> Proposal {
        var proposal = Proposal()
        for (output, isAccounted) in zip(outputs, isAccounted) {
            if isAccounted {
                proposal.steps += try output.steps(to: after, in: dialect, store: store)
            } else {
                let patched = try patched(output, for: intent)
                proposal.steps += patched.steps
                proposal.diagnostics += patched.diagnostics
            }
        }
        proposal.diagnostics += proposal.steps.flatMap { BundlePatch.modeNotes(of: $0.change, usual: 0o444) }
        let view = root.applying(proposal.steps.map(\.change))
        for mirror in layout.mirrors { proposal.steps += try mirror.steps(in: view, store: store) }
        return proposal
    }

    /// An output with what is asked for. Where the sources account for what is left then, as they do when nothing else
    /// was foreign in it, it is made anew at once: the next run would do so.
    private func patched(_ output: ExtractedOutput, for intent: Intent) throws(PlanError) -> Proposal {
        let patched = try output.patch(for: intent, with: after, in: dialect, store: store)
        let view = root.applying(patched.steps.map(\.change))
        guard let rest = try ExtractedOutput(output.layout, in: view), rest.isAccounted(by: after, in: dialect) else {
            return patched
        }
        return Proposal(steps: patched.steps + (try rest.steps(to: after, in: dialect, store: store)))
    }
}
