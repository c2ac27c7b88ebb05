public import Caisson
package import LocalDisk
public import RootFS
internal import SystemPackage

/// What runs did, kept so that it can be taken back, and rolled back where it was cut off.
public struct Journal: Sendable {
    /// Takes what a person should know, and that stops nothing.
    public typealias Report = @Sendable (Diagnostic) -> Void

    /// Where the records are.
    public let state: StateDirectory
    let user: User
    let disk: Disk
    /// Told of what doesn't stop anything, such as one unreadable record among others.
    package let report: Report

    /// The journal in a state directory, which need not be there yet.
    public init(in state: StateDirectory, report: @escaping Report) {
        self.init(in: state, user: .current, on: Disk(), report: report)
    }

    package init(in state: StateDirectory, user: User, on disk: Disk, report: @escaping Report) {
        self.state = state
        self.user = user
        self.disk = disk
        self.report = report
    }

    /// Every record in the state directory, oldest first; a run has one in each place that it changed.
    public func runs() throws(CaissonError) -> [Record] {
        try records(where: { _, _ in true })
    }

    /// The records of one run, one for each place.
    public func records(ofRun id: String) throws(CaissonError) -> [Record] {
        try records(where: { name, _ in name.run == id })
    }

    /// What earlier runs did in one place that still stands or was cut off, oldest first.
    package func standing(in place: PlaceKey) throws(CaissonError) -> [Record] {
        try records(where: { name, state in name.place == place && state != .undone })
    }

    /// What stood before at each path of one record.
    package func originals(of record: Record, in place: PlaceKey) throws(CaissonError) -> [RootPath: Node] {
        guard let files = try files(),
            let name = try files.names().first(where: {
                $0.run == record.run.id && $0.place == place && $0.state != .new
            })
        else {
            throw CaissonError(.noInput, printable(record.run.id), "there is no record of this run any more")
        }
        let entries = try files.read(name).entries
        return Dictionary(entries.map { ($0.path, $0.before) }) { first, _ in first }
    }

    /// The files as they are; nil where nothing has been recorded yet.
    func files() throws(CaissonError) -> RecordFiles? {
        guard let directory = try state.open(user: user.id) else { return nil }
        return RecordFiles(directory: directory, disk: disk)
    }

    /// The files to look at only. Root's are nobody else's to read, but that is no reason not to look at the place.
    private func readableFiles() throws(CaissonError) -> RecordFiles? {
        if !user.isRoot, state.isRoots {
            report(
                Diagnostic("records-unseen", "the records in \(printable(state.path.string)) can be read by root only"))
            return nil
        }
        return try files()
    }

    private func records(
        where isWanted: (RecordName, Record.State) -> Bool
    ) throws(CaissonError) -> [Record] {
        guard let files = try readableFiles() else { return [] }
        let names = try files.names().filter { $0.state != .new }
        let undone = names.undone()
        var records: [Record] = []
        for name in names {
            let state: Record.State = name.state == .pending ? .pending : undone.contains(name) ? .undone : .done
            guard isWanted(name, state) else { continue }
            do throws(CaissonError) {
                records.append(Record(try files.table(name), state: state))
            } catch {
                report(Diagnostic("unreadable-record", "\(error.subject): \(error.reason)"))
            }
        }
        return records
    }
}
