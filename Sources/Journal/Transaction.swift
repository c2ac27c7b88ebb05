internal import Caisson
internal import LocalDisk
internal import RootFS
internal import SystemPackage

/// A plan on its way to the disk: all of it, or none.
///
/// Record the before (durably) → stage each new file beside its target (durably) → look again whether everything is as
/// it was → rename each into place → make the directories durable → note that it is done (durably). Whatever fails, or
/// is cut off by a crash, is rolled back from the record by `RollBack`.
struct Transaction {
    let place: PlaceIdentity
    let run: Run
    let disk: Disk
    let files: RecordFiles
    let limits: Limits
    let report: Journal.Report
    var directories: OpenDirectories
    var changes: [PreparedChange] = []
    /// Directories that this run makes, by the path they will have.
    var created: [RootPath: Directory] = [:]
    /// Directories that this run has removed.
    var removed: Set<RootPath> = []

    /// Looks at the disk and makes no change yet.
    ///
    /// - Throws: `CaissonError` of kind `locked` if a path isn't as the plan's `before` says.
    mutating func prepare(_ plan: Plan, for user: User) throws(CaissonError) {
        var made: Set<RootPath> = []
        for (index, change) in Self.coalesced(plan).enumerated() {
            let prepared = try prepare(change, index, in: made, for: user)
            if case .directory = prepared.change.after { made.insert(change.path) }
            changes.append(prepared)
        }
    }

    /// One change for each path, where several stores have asked for one, one after the other.
    private static func coalesced(_ plan: Plan) -> [Change] {
        var positions: [RootPath: Int] = [:]
        var changes: [Change] = []
        for change in plan.steps.lazy.map(\.change) {
            if let position = positions[change.path] {
                let first = changes[position]
                changes[position] = Change(path: first.path, before: first.before, after: change.after)
            } else {
                positions[change.path] = changes.count
                changes.append(change)
            }
        }
        return changes.filter { $0.before != $0.after }
    }

    private mutating func prepare(
        _ change: Change, _ index: Int, in made: Set<RootPath>, for user: User
    ) throws(CaissonError) -> PreparedChange {
        guard let parent = change.path.parent else { throw refused(change.path, "the root itself cannot be changed") }
        let staged = StagedName.make(run: run.id, index: index)
        let name = Array(change.path.name)
        if made.contains(parent) {
            let after = change.after.owned(by: user, replacing: .absent)
            let change = Change(path: change.path, before: .absent, after: after)
            return PreparedChange(change: change, status: nil, parent: parent, name: name, staged: staged)
        }
        let found: (node: Node, status: Status?)
        do throws(Errno) {
            found = try directories.directory(at: parent).node(name[...], limit: limits.fileSize)
        } catch {
            switch error {
            case .notSupported: throw changed(change.path)
            case .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels: throw changed(parent)
            default: throw failed(error, "cannot look at", change.path)
            }
        }
        guard found.node.matches(change.before) else { throw changed(change.path) }
        if found.node.isDirectory != change.after.isDirectory, found.node != .absent, change.after != .absent {
            throw refused(
                change.path, found.node.isDirectory ? "it is a directory" : "it isn't a directory",
                hint: "look at it, move it away, and try again")
        }
        if found.node.isDirectory && change.after.isDirectory {
            throw refused(change.path, "a directory's owner and mode cannot be changed")
        }
        let after = change.after.owned(by: user, replacing: found.node)
        let exact = Change(path: change.path, before: found.node, after: after)
        return PreparedChange(change: exact, status: found.status, parent: parent, name: name, staged: staged)
    }

    /// The directories that lose or gain an entry, but for those that this run makes, with their times before.
    mutating func directoryTimes() throws(CaissonError) -> [StoredRecord.DirectoryTime] {
        var seen: Set<RootPath> = []
        var times: [StoredRecord.DirectoryTime] = []
        let made = Set(changes.filter { $0.change.after.isDirectory }.map(\.change.path))
        for parent in changes.map(\.parent) where !made.contains(parent) && seen.insert(parent).inserted {
            do throws(Errno) {
                let modified = try directories.directory(at: parent).status().modified
                times.append(StoredRecord.DirectoryTime(path: parent, modified: modified))
            } catch { throw failed(error, "cannot look at", parent) }
        }
        return times
    }

    func failed(_ error: Errno, _ what: String, _ path: RootPath) -> CaissonError {
        CaissonError(error, place.shown, "\(what) \(path)")
    }

    func changed(_ path: RootPath) -> CaissonError {
        CaissonError(
            .locked, place.shown, "\(path) was changed by something else in the meantime, so nothing was done",
            hint: "try again")
    }

    private func refused(_ path: RootPath, _ reason: String, hint: String? = nil) -> CaissonError {
        CaissonError(.inputOutput, place.shown, "cannot change \(path): \(reason)", hint: hint)
    }
}

/// A change with what was found on the disk just before it: `before` is exact, with times and extended attributes.
struct PreparedChange {
    let change: Change
    /// Nil where nothing was.
    let status: Status?
    let parent: RootPath
    let name: [UInt8]
    let staged: [UInt8]
}

extension Node {
    var isDirectory: Bool {
        if case .directory = self { true } else { false }
    }

    /// What a user can really make: only root gives files away, so what anyone else creates is their own.
    fileprivate func owned(by user: User, replacing before: Node) -> Node {
        guard !user.isRoot, before == .absent else { return self }
        func own(_ attributes: Attributes) -> Attributes {
            var copy = attributes
            copy.owner = user.id
            copy.group = user.group
            return copy
        }
        switch self {
        case .absent: return self
        case .file(let contents, let attributes): return .file(contents: contents, own(attributes))
        case .symlink(let target, let attributes): return .symlink(to: target, own(attributes))
        case .directory(let attributes): return .directory(own(attributes))
        }
    }
}
