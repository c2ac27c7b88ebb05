public import RootFS

extension Place {
    /// The plan that takes back what `record` did here.
    ///
    /// A path that is as it was before needs nothing. One that was changed since is a conflict, unless `force`: then it
    /// is put back all the same, and the plan's diagnostics name it. A run that later runs build on isn't taken back.
    public func undoPlan(for record: Record, force: Bool) async throws(CaissonError) -> Plan {
        try await refuseIfBuiltOn(record, force: force)
        let paths = record.entries.map(\.path)
        let listing = try await discover(paths.map { PathPattern($0) })
        var readable: [RootPath] = []
        for path in paths {
            do throws(PlanError) {
                if case .file? = try listing.entry(at: path)?.kind { readable.append(path) }
            } catch {
                throw CaissonError(error, in: name)
            }
        }
        let snapshot = try await read(readable, into: listing)
        let originals = try await originals(of: record)
        var steps: [Step] = []
        var diagnostics: [Diagnostic] = []
        for entry in record.entries.reversed() {
            let current: Node
            do throws(PlanError) {
                current = try snapshot.node(at: entry.path)
            } catch {
                throw CaissonError(error, in: name)
            }
            guard let original = originals[entry.path], !current.matches(original) else { continue }
            if NodeDigest(of: current) != entry.after {
                guard force else {
                    throw CaissonError(
                        .cannotCreate, "\(entry.path) in \(name)", "it was changed since run \(record.run.id)",
                        hint: "look at it, then take the run back all the same with --force")
                }
                let message = "\(entry.path) was changed since; what was written there is lost"
                diagnostics.append(Diagnostic("changed-since", at: entry.path, message))
            }
            let change = Change(path: entry.path, before: current, after: original)
            steps.append(Step(change, store: "journal", purpose: "as before run \(record.run.id)"))
        }
        return try await accepting(Plan(root: name, steps: steps, diagnostics: diagnostics))
    }

    private func refuseIfBuiltOn(_ record: Record, force: Bool) async throws(CaissonError) {
        guard !force else { return }
        let paths = Set(record.entries.filter { $0.after.kind != .directory }.map(\.path))
        let later = try await records().filter { other in
            guard other.state == .done, other.run.id > record.run.id else { return false }
            if case .undo = other.run.command { return false }
            return other.entries.contains { paths.contains($0.path) }
        }
        guard !later.isEmpty else { return }
        let fingerprints = record.run.anchors.map { "sha256:\($0.fingerprint)" }.joined(separator: " ")
        throw CaissonError(
            .cannotCreate, record.run.id,
            "later runs build on it: \(later.map(\.run.id).joined(separator: ", "))",
            hint: "take those back first, or withdraw the anchor with: caisson distrust \(fingerprints) \(name)")
    }
}
