package import Caisson
package import LocalDisk
package import RootFS
internal import SystemPackage

extension Journal {
    /// Makes every change of a plan below `root`, or none, and keeps a record of it.
    ///
    /// The caller holds the lock of the place. A plan without changes leaves nothing behind, unless it is an undo: that
    /// notes that its target is taken back.
    package func commit(
        _ plan: Plan, as run: Run, in place: PlaceIdentity, root: Root, limits: Limits
    ) throws(CaissonError) {
        let files = RecordFiles(directory: try state.create(user: user.id, on: disk), disk: disk)
        var target: RecordName?
        if case .undo(let id) = run.command { target = try finished(id, in: place, files) }
        let name = RecordName(run: run.id, place: place.key, undoes: target?.run, state: .pending)
        guard RecordName(name.bytes) == name else {
            throw CaissonError(.usage, printable(run.id), "this cannot be the ID of a run")
        }
        var transaction = Transaction(
            place: place, run: run, disk: disk, files: files, limits: limits, report: report,
            directories: OpenDirectories(root))
        try transaction.prepare(plan, for: user)
        guard target != nil || !transaction.changes.isEmpty else { return }
        let times = try target.map { target throws(CaissonError) in try timesToRestore(target, files, root) }
        try transaction.commit(restoring: times ?? [], as: name)
        for other in OtherNames(of: transaction.changes).search(below: root, limits: limits) {
            let message = "\(other.name) was another name of \(other.replaced) (a hard link) and keeps the old contents"
            report(Diagnostic("other-name", at: other.name, message))
        }
    }

    func finished(
        _ id: String, in place: PlaceIdentity, _ files: RecordFiles
    ) throws(CaissonError) -> RecordName {
        let names = try files.names()
        guard let name = names.first(where: { $0.run == id && $0.place == place.key && $0.state == .done }),
            !names.undone().contains(name)
        else {
            throw CaissonError(
                .noInput, printable(id), "there is no such run of \(place.shown) to take back",
                hint: "caisson history lists the runs")
        }
        return name
    }

    /// The times that directories had before a run, for those that nothing has changed since it was done.
    private func timesToRestore(
        _ target: RecordName, _ files: RecordFiles, _ root: Root
    ) throws(CaissonError) -> [StoredRecord.DirectoryTime] {
        guard let finished = try files.finished(target) else { return [] }
        return try files.table(target).directories.filter { directory in
            guard let status = try? root.directory(at: directory.path).status() else { return false }
            return (status.modified.seconds, status.modified.nanoseconds) <= (finished.seconds, finished.nanoseconds)
        }
    }

    /// Rolls back what was cut off in a place. The caller holds its lock.
    package func recover(_ place: PlaceIdentity, root: Root, limits: Limits) throws(CaissonError) {
        guard let files = try files() else { return }
        for name in try files.names() where name.place == place.key && name.state != .done {
            // One that wasn't even complete has changed nothing.
            if name.state == .pending {
                switch try files.contents(of: name) {
                case .success(let record): try rollBack(record, place, root, limits)
                case .failure(let error):
                    try setAside(name, error, files)
                    continue
                }
            }
            do throws(Errno) { try files.remove(name) } catch {
                throw CaissonError(error, files.location(of: name), "cannot remove the record")
            }
        }
    }

    /// Keeps, out of the way, a record that a power cut left incomplete. It is durable before the first change, so that
    /// run has changed nothing.
    private func setAside(_ name: RecordName, _ fault: CorruptRecord, _ files: RecordFiles) throws(CaissonError) {
        do throws(Errno) {
            let kept = try files.setAside(name)
            let message =
                "run \(name.run) was cut off before it changed anything: \(fault.reason); its record is kept as"
            report(Diagnostic("unreadable-record", "\(message) \(kept)"))
        } catch {
            throw CaissonError(error, files.location(of: name), "cannot set the record aside")
        }
    }

    private func rollBack(
        _ record: StoredRecord, _ place: PlaceIdentity, _ root: Root, _ limits: Limits
    ) throws(CaissonError) {
        var rollBack = RollBack(
            record: record, place: place, root: root, disk: disk, limits: limits, report: report)
        try rollBack.run()
        report(Diagnostic("rolled-back", "run \(record.run.id) was cut off; what it had changed is put back"))
    }
}
