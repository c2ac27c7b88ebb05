internal import Caisson
internal import LocalDisk
internal import RootFS
internal import SystemPackage

/// Puts a root back to what a record says was before, from whatever point its run had reached.
///
/// It goes by what stands on the disk alone, so it can itself be cut off and begun again. A path that is neither as the
/// run found it nor as the run would leave it was changed by something else, and is left.
struct RollBack {
    let record: StoredRecord
    let place: PlaceIdentity
    let disk: Disk
    let limits: Limits
    let report: Journal.Report
    private var directories: OpenDirectories
    /// The paths that the run was to change.
    private let paths: Set<RootPath>
    /// The same by their staged names.
    private let staged: [[UInt8]: RootPath]

    init(
        record: StoredRecord, place: PlaceIdentity, root: Root, disk: Disk, limits: Limits,
        report: @escaping Journal.Report
    ) {
        self.record = record
        self.place = place
        self.disk = disk
        self.limits = limits
        self.report = report
        directories = OpenDirectories(root)
        let names = record.entries.indices.map { StagedName.make(run: record.run.id, index: $0) }
        paths = Set(record.entries.map(\.path))
        staged = Dictionary(zip(names, record.entries.map(\.path))) { first, _ in first }
    }

    mutating func run() throws(CaissonError) {
        // Backwards, so that what is in a directory goes before it, and a directory is back before what was in it.
        for (index, entry) in record.entries.enumerated().reversed() {
            do throws(Errno) { try putBack(entry, staged: StagedName.make(run: record.run.id, index: index)) } catch {
                throw CaissonError(error, place.shown, "cannot put back \(entry.path)")
            }
        }
        try restoreTimes()
    }

    private mutating func putBack(_ entry: StoredRecord.Entry, staged: [UInt8]) throws(Errno) {
        guard let parentPath = entry.path.parent, let parent = try directory(parentPath) else { return }
        try removeLeftover(staged, for: entry.path, in: parent)
        let name = Array(entry.path.name)
        let current: Node
        do throws(Errno) { current = try parent.node(name[...], limit: limits.fileSize).node } catch {
            guard error == .notSupported || error == .fileTooLarge else { throw error }
            return left(entry.path)
        }
        if current == entry.before { return }
        guard NodeDigest(of: current) == entry.after else {
            // The same but for its time: the run hadn't come to it, and something has rewritten it.
            if !current.matches(entry.before) { left(entry.path) }
            return
        }
        switch (entry.before, current) {
        case (.absent, .directory):
            do throws(Errno) { try disk.removeDirectory(name, in: parent) } catch {
                guard error == .directoryNotEmpty || error == .fileExists else { throw error }
                left(entry.path)
            }
        case (.absent, _): try disk.removeFile(name, in: parent)
        default:
            try stage(entry.before, as: staged, in: parent)
            try disk.rename(staged, to: name, in: parent, replacing: current != .absent)
        }
    }

    private func stage(_ node: Node, as name: [UInt8], in parent: Directory) throws(Errno) {
        switch node {
        case .absent: return
        case .symlink(let target, let attributes):
            try disk.createLink(to: target, attributes, named: name, in: parent)
        case .file(let contents, let attributes):
            let file = try disk.createFile(name, in: parent)
            try disk.write(contents, to: file)
            try disk.set(attributes, of: file)
            try disk.synchronize(file)
        case .directory(let attributes):
            let directory = try disk.createDirectory(name, in: parent).opened()
            try disk.set(attributes, of: directory)
            try disk.synchronize(directory)
        }
    }

    /// Removes what this run staged under a name for a path.
    ///
    /// A staged directory may have what has its final name already: a power cut can take back the directory's own renaming
    /// and leave a later one inside of it. Nothing in it is anyone else's, who never saw it under this name.
    private func removeLeftover(
        _ name: [UInt8], for path: RootPath, in parent: Directory, depth: Int = 0
    ) throws(Errno) {
        guard let status = try parent.status(of: name[...]) else { return }
        guard status.kind == .directory else { return try disk.removeFile(name, in: parent) }
        guard depth < PathPattern.depthLimit else { throw .tooManySymbolicLinkLevels }
        let directory = try parent.directory(name[...])
        for inner in try directory.names(limit: limits.entriesPerDirectory) {
            let final = staged[inner] ?? path.appending(inner)
            guard paths.contains(final) else { continue }
            try removeLeftover(inner, for: final, in: directory, depth: depth + 1)
        }
        try disk.removeDirectory(name, in: parent)
    }

    /// Gives the directories their times again, and makes their names durable.
    private mutating func restoreTimes() throws(CaissonError) {
        var times = Dictionary(record.directories.map { ($0.path, $0.modified) }) { first, _ in first }
        for case (let path, .directory(let attributes)) in record.entries.lazy.map({ ($0.path, $0.before) }) {
            if times[path] == nil { times[path] = attributes.modified }
        }
        for (path, modified) in times.sorted(by: { $0.key < $1.key }) {
            do throws(Errno) {
                guard let directory = try directory(path) else { continue }
                let opened = try directory.opened()
                // Where nothing was changed nothing is written: the place may have been read-only all along.
                if try opened.status().modified != modified { try disk.set(modified, of: opened) }
                try disk.synchronize(opened)
            } catch { throw CaissonError(error, place.shown, "cannot put back \(path)") }
        }
    }

    /// The directory at a path; nil where none is any more, or not yet.
    private mutating func directory(_ path: RootPath) throws(Errno) -> Directory? {
        do throws(Errno) { return try directories.directory(at: path) } catch {
            switch error {
            case .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels: return nil
            default: throw error
            }
        }
    }

    private func left(_ path: RootPath) {
        report(
            Diagnostic(
                "changed-since", at: path,
                "left as it is: run \(record.run.id) was cut off, and something else has changed this since"))
    }
}
