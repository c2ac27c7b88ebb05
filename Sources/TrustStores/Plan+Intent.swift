public import RootFS

extension Plan {
    /// What brings `root` to `intent`: each store in turn, each seeing the root as the ones before it leave it.
    ///
    /// Made twice from the same snapshot the plan is the same; made from the root that it leads to it is empty.
    public init(_ intent: Intent, for root: Snapshot, using stores: [any TrustStore]) throws(PlanError) {
        var view = root.unchanged
        var steps: [Step] = []
        var diagnostics: [Diagnostic] = []
        for store in stores {
            let proposal = try store.proposal(for: intent, in: view)
            steps += proposal.steps
            diagnostics += proposal.diagnostics.filter { !diagnostics.contains($0) }
            view = view.applying(proposal.steps.map(\.change))
        }
        if case .withdraw = intent {
            steps += try Self.emptied(in: view, of: root)
        }
        let merged = Self.merging(steps)
        diagnostics += try Self.otherNames(of: merged, in: root)
        self.init(root: root.root, steps: merged, diagnostics: diagnostics)
    }

    /// A file with several names is replaced under the one that clients read; the others keep what it was.
    private static func otherNames(of steps: [Step], in root: Snapshot) throws(PlanError) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for path in steps.map(\.change.path) {
            guard case .file(_, let links)? = try root.entry(at: path)?.kind, links > 1 else { continue }
            let message = "\(path) has \(links) names (hard links); the others keep the old contents"
            found.append(Diagnostic("hard-linked", at: path, message))
        }
        return found
    }

    /// Steps that take away the directories that Caisson made and that are empty now, the deepest first.
    private static func emptied(in view: Snapshot, of root: Snapshot) throws(PlanError) -> [Step] {
        var view = view
        var steps: [Step] = []
        // What wasn't looked at belongs to stores that were left out.
        for path in root.createdHere.sorted(by: >) where view.isCaptured(path) {
            guard case .directory? = try view.entry(at: path)?.kind, try view.names(in: path).isEmpty else { continue }
            let change = try view.removal(of: path)
            steps.append(Step(change, store: "root", purpose: "directory that was made for anchors"))
            view = view.applying([change])
        }
        return steps
    }

    /// One step a path: what several stores do to it in a row is one change, and none where it ends as it began.
    private static func merging(_ steps: [Step]) -> [Step] {
        var merged: [Step] = []
        var index: [RootPath: Int] = [:]
        for step in steps {
            if let at = index[step.change.path] {
                let before = merged[at].change.before
                let change = Change(path: step.change.path, before: before, after: step.change.after)
                merged[at] = Step(change, store: step.store, purpose: step.purpose)
            } else {
                index[step.change.path] = merged.count
                merged.append(step)
            }
        }
        return merged.filter { $0.change.before != $0.change.after }
    }
}
