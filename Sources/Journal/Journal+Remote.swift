package import Caisson
package import LocalDisk
package import RootFS
internal import SystemPackage

extension Journal {
    /// Makes every change of a plan in a root that somebody else changes, or none as far as that can be had, and keeps a
    /// record of it.
    ///
    /// The record is durable before the first change. What fails in the middle is put back; where that fails too the
    /// record stays, and the next change to the place completes it. The caller holds the lock of the place.
    package func commit(
        _ plan: Plan, as run: Run, in place: PlaceIdentity, of root: some RemoteRoot
    ) async throws(CaissonError) {
        let changes = plan.steps.map(\.change)
        let files = RecordFiles(directory: try state.create(user: user.id, on: disk), disk: disk)
        var target: RecordName?
        if case .undo(let id) = run.command { target = try finished(id, in: place, files) }
        guard target != nil || !changes.isEmpty else { return }
        let name = RecordName(run: run.id, place: place.key, undoes: target?.run, state: .pending)
        guard RecordName(name.bytes) == name else {
            throw CaissonError(.usage, printable(run.id), "this cannot be the ID of a run")
        }
        try await refuse(changes, unlessUnchangedIn: root, of: place)
        let record = StoredRecord(
            run: run, place: place.name, directories: [],
            entries: changes.map {
                StoredRecord.Entry(path: $0.path, before: $0.before, after: NodeDigest(of: $0.after))
            })
        try files.begin(record, name)
        do throws(CaissonError) {
            try await root.make(changes)
            try note(name, isDoneIn: files)
        } catch {
            try await putBack(record, name, files, place, root, after: error)
        }
    }

    /// Puts back what was cut off in a place. The caller holds its lock.
    package func recover(_ place: PlaceIdentity, of root: some RemoteRoot) async throws(CaissonError) {
        guard let files = try files() else { return }
        for name in try files.names() where name.place == place.key && name.state == .pending {
            try await putBack(try files.read(name), in: root)
            try remove(name, files)
            report(Diagnostic("rolled-back", "run \(name.run) was cut off; what it had changed is put back"))
        }
    }

    /// Forgets what was done in a place that is gone for good.
    package func forget(_ place: PlaceKey) throws(CaissonError) {
        guard let files = try files() else { return }
        for name in try files.names() where name.place == place { try remove(name, files) }
    }

    /// The state directory itself, created where there is none: something to lock that is on this machine.
    package func stateRoot() throws(CaissonError) -> Directory { try state.create(user: user.id, on: disk) }

    // MARK: Parts

    private func refuse(
        _ changes: [Change], unlessUnchangedIn root: some RemoteRoot, of place: PlaceIdentity
    ) async throws(CaissonError) {
        let nodes = try await root.nodes(at: changes.map(\.path))
        for change in changes where nodes[change.path]?.matches(change.before) != true {
            throw CaissonError(
                .locked, place.shown,
                "\(change.path) was changed by something else in the meantime, so nothing was done",
                hint: "try again")
        }
    }

    private func putBack(
        _ record: StoredRecord, _ name: RecordName, _ files: RecordFiles, _ place: PlaceIdentity,
        _ root: some RemoteRoot, after error: CaissonError
    ) async throws(CaissonError) {
        do throws(CaissonError) {
            try await putBack(record, in: root)
            try remove(name, files)
        } catch let second {
            throw CaissonError(
                error.kind, error.subject, error.reason,
                hint: "taking it back failed as well (\(second.reason)); the next change to this place completes that")
        }
        throw error
    }

    /// Puts every path back that is as the run left it; others are named, and left.
    private func putBack(_ record: StoredRecord, in root: some RemoteRoot) async throws(CaissonError) {
        let nodes = try await root.nodes(at: record.entries.map(\.path))
        var changes: [Change] = []
        for entry in record.entries.reversed() {
            guard let current = nodes[entry.path], !current.matches(entry.before) else { continue }
            if NodeDigest(of: current) == entry.after {
                changes.append(Change(path: entry.path, before: current, after: entry.before))
            } else {
                report(
                    Diagnostic(
                        "changed-since", at: entry.path,
                        "left as it is: run \(record.run.id) was cut off, and something else has changed this since"))
            }
        }
        if !changes.isEmpty { try await root.make(changes) }
    }

    private func note(_ name: RecordName, isDoneIn files: RecordFiles) throws(CaissonError) {
        do throws(Errno) { _ = try files.finish(name) } catch {
            throw CaissonError(error, files.location(of: name), "cannot note that the run is done")
        }
    }

    private func remove(_ name: RecordName, _ files: RecordFiles) throws(CaissonError) {
        do throws(Errno) { try files.remove(name) } catch {
            throw CaissonError(error, files.location(of: name), "cannot remove the record")
        }
    }
}
