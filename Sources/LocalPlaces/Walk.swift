internal import Caisson
internal import Journal
internal import LocalDisk
internal import RootFS
internal import SystemPackage

/// Looks around in a root and notes everything it sees in a snapshot, under physical paths.
///
/// It follows links itself, name by name, and notes each; the kernel never follows one for it (see `Root`).
struct Walk {
    /// The place for people.
    let place: String
    let limits: Limits
    let report: Journal.Report
    private(set) var snapshot: Snapshot
    private var directories: OpenDirectories
    private var listings: [RootPath: [[UInt8]]] = [:]
    /// Where the links at physical paths end.
    private var ends: [RootPath: RootPath] = [:]
    /// Where paths lead that are spelt out in links.
    private var ways: [RootPath: RootPath] = [:]
    private var listed = 0
    private var bytesRead = 0

    init(
        _ root: Root, in snapshot: Snapshot, limits: Limits, report: @escaping Journal.Report
    ) throws(CaissonError) {
        place = snapshot.root
        self.limits = limits
        self.report = report
        self.snapshot = snapshot
        directories = OpenDirectories(root)
        do throws(Errno) {
            self.snapshot.record(Entry(kind: .directory, attributes: try root.top.status().attributes), at: .root)
        } catch { throw failed(error, "cannot look at", .root) }
    }

    /// What stands at a physical path, from the snapshot or from the disk.
    mutating func entry(at path: RootPath) throws(CaissonError) -> Entry? {
        do throws(PlanError) { return try snapshot.entry(at: path) } catch {
            // Nobody has looked yet.
        }
        guard let parent = path.parent else { return nil }
        do throws(Errno) {
            let entry = try Self.entry(path.name, in: try directories.directory(at: parent))
            snapshot.record(entry, at: path)
            return entry
        } catch { throw failed(error, "cannot look at", path) }
    }

    private static func entry(_ name: ArraySlice<UInt8>, in parent: Directory) throws(Errno) -> Entry? {
        guard let status = try parent.status(of: name) else { return nil }
        let kind: Entry.Kind =
            switch status.kind {
            case .file: .file(size: status.size, links: status.links)
            case .directory: .directory
            case .symlink: .symlink(to: try parent.linkTarget(of: name))
            case .special(let special): .special(special)
            }
        return Entry(kind: kind, attributes: status.attributes)
    }

    /// The physical path that names lead to from a physical directory, every link on the way noted, the last one too.
    ///
    /// Nil beyond `Snapshot.linkLimit` links: whoever asks the snapshot for the path learns of it there.
    mutating func resolve(
        _ names: [ArraySlice<UInt8>], from directory: RootPath = .root
    ) throws(CaissonError) -> RootPath? {
        var followed = 0
        return try resolve(names, from: directory, &followed)
    }

    private mutating func resolve(
        _ names: some Sequence<ArraySlice<UInt8>>, from directory: RootPath, _ followed: inout Int
    ) throws(CaissonError) -> RootPath? {
        var here = directory
        for name in names {
            guard let next = try step(to: name, from: here, &followed) else { return nil }
            here = next
        }
        return here
    }

    /// Where one name leads from a physical directory: to itself or, if it is a link, to where that ends.
    private mutating func step(
        to name: ArraySlice<UInt8>, from directory: RootPath, _ followed: inout Int
    ) throws(CaissonError) -> RootPath? {
        // `..` and `.` only come out of links: they lead to where the walk has been, or above it.
        if name.first == UInt8(ascii: ".") {
            if name.count == 1 { return directory }
            if name.elementsEqual("..".utf8) { return directory.parent ?? directory }
        }
        let path = directory.appending(name)
        guard case .symlink(let target)? = try entry(at: path)?.kind else { return path }
        if let end = ends[path] { return end }
        followed += 1
        guard followed <= Snapshot.linkLimit, let end = try follow(target, from: directory, &followed) else {
            return nil
        }
        ends[path] = end
        return end
    }

    private mutating func follow(
        _ target: [UInt8], from directory: RootPath, _ followed: inout Int
    ) throws(CaissonError) -> RootPath? {
        let slash = UInt8(ascii: "/")
        guard target.first == slash else {
            return try resolve(target.split(separator: slash), from: directory, &followed)
        }
        // Links to one directory lead over the same way: it is gone once. A `..` would have to be taken where it stands.
        guard let path = RootPath(bytes: target), path.bytes == target, let above = path.parent else {
            return try resolve(target.split(separator: slash), from: .root, &followed)
        }
        if ways[above] == nil { ways[above] = try resolve(above.components, from: .root, &followed) }
        guard let parent = ways[above] else { return nil }
        return try step(to: path.name, from: parent, &followed)
    }

    /// The names in the directory at a physical path, all of them noted with what they are.
    mutating func list(_ path: RootPath) throws(CaissonError) -> [[UInt8]] {
        if let known = listings[path] { return known }
        var names: [[UInt8]] = []
        do throws(Errno) {
            let directory = try directories.directory(at: path)
            for name in try directory.names(limit: limits.entriesPerDirectory) {
                // What has vanished since is as if it had never been.
                guard let entry = try Self.entry(name[...], in: directory) else { continue }
                snapshot.record(entry, at: path.appending(name))
                names.append(name)
                if let run = StagedName.run(in: name) { reportLeftover(of: run, at: path.appending(name)) }
            }
        } catch Errno.fileTooLarge {
            throw tooMuch("\(path) has more than \(limits.entriesPerDirectory) entries")
        } catch {
            throw failed(error, "cannot list", path)
        }
        listed += names.count
        guard listed <= limits.entries else {
            throw tooMuch("there are more than \(limits.entries) entries to look at")
        }
        snapshot.record(listing: names, of: path)
        listings[path] = names
        return names
    }

    private func reportLeftover(of run: String, at path: RootPath) {
        report(
            Diagnostic(
                "staged-leftover", at: path,
                "\(path) was staged by run \(run), which is still at work, or was cut off and has its record elsewhere")
        )
    }

    /// Reads regular files, over links; what is missing or is something else is noted as that.
    mutating func read(_ paths: [RootPath]) throws(CaissonError) {
        for path in paths {
            guard let physical = try physicalPath(of: path), case .file? = try entry(at: physical)?.kind,
                !snapshot.isRead(physical)
            else { continue }
            try readFile(physical)
        }
    }

    /// Where a path leads. What was noted already has a parent without links: only its last component may be one.
    private mutating func physicalPath(of path: RootPath) throws(CaissonError) -> RootPath? {
        guard let parent = path.parent, snapshot.isCaptured(path) else { return try resolve(path.components) }
        return try resolve([path.name], from: parent)
    }

    private mutating func readFile(_ path: RootPath) throws(CaissonError) {
        guard let parent = path.parent else { return }
        do throws(Errno) {
            let file = try directories.directory(at: parent).open(path.name)
            let status = try file.status()
            guard status.kind == .file else { throw .tooManySymbolicLinkLevels }
            let bytes = try file.contents(size: status.size, limit: limits.fileSize)
            var attributes = status.attributes
            attributes.extended = try file.extendedAttributes()
            bytesRead += bytes.count
            snapshot.record(
                Entry(kind: .file(size: bytes.count, links: status.links), attributes: attributes), at: path)
            snapshot.record(contents: bytes, at: path)
        } catch Errno.fileTooLarge {
            throw tooMuch("\(path) is larger than \(limits.fileSize / 1024 / 1024) MiB")
        } catch {
            throw failed(error, "cannot read", path)
        }
        guard bytesRead <= limits.totalSize else {
            throw tooMuch("its files have more than \(limits.totalSize / 1024 / 1024) MiB together")
        }
    }

    private func failed(_ error: Errno, _ what: String, _ path: RootPath) -> CaissonError {
        CaissonError(error, place, "\(what) \(path)")
    }

    private func tooMuch(_ reason: String) -> CaissonError { CaissonError(.inputOutput, place, reason) }
}
