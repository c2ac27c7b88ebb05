internal import Caisson
internal import LocalDisk
internal import RootFS
internal import SystemPackage

extension Transaction {
    /// Makes the prepared changes. `restoring` are times that directories get back in the end, if nothing else has
    /// changed them since.
    mutating func commit(restoring times: [StoredRecord.DirectoryTime], as name: RecordName) throws(CaissonError) {
        let record = StoredRecord(
            run: run, place: place.name, directories: try directoryTimes(),
            entries: changes.map {
                StoredRecord.Entry(
                    path: $0.change.path, before: $0.change.before, after: NodeDigest(of: $0.change.after))
            })
        try files.begin(record, name)
        do throws(CaissonError) {
            try stage()
            try recheck()
            for change in changes { try apply(change) }
            try settle(times)
            try finish(name)
        } catch {
            try rollBack(record, name, after: error)
        }
    }

    private func finish(_ name: RecordName) throws(CaissonError) {
        do throws(Errno) {
            if try files.finish(name) { return }
            report(
                Diagnostic("not-durable", "the run is done, but a power cut may take it back: its record isn't durable")
            )
        } catch {
            throw CaissonError(error, files.location(of: name), "cannot note that the run is done")
        }
    }

    /// Puts everything back and throws `error`, with a hint if that failed too.
    private func rollBack(_ record: StoredRecord, _ name: RecordName, after error: CaissonError) throws(CaissonError) {
        do throws(CaissonError) {
            var rollBack = RollBack(
                record: record, place: place, root: directories.root, disk: disk, limits: limits, report: report)
            try rollBack.run()
            do throws(Errno) { try files.remove(name.with(.pending)) } catch {
                throw CaissonError(error, files.location(of: name), "cannot remove the record")
            }
        } catch let second {
            throw CaissonError(
                error.kind, error.subject, error.reason,
                hint: "taking it back failed as well (\(second.reason)); the next change to this place completes that")
        }
        throw error
    }

    // MARK: Steps

    /// Creates every new node under its staged name, durably.
    private mutating func stage() throws(CaissonError) {
        var written: [OpenFile] = []
        for change in changes {
            do throws(Errno) {
                let parent = try directory(change.parent)
                if let file = try stage(change, in: parent) { written.append(file) }
                if written.count == Self.openFiles { try synchronize(&written) }
            } catch { throw failed(error, "cannot write", change.change.path) }
        }
        do throws(Errno) { try synchronize(&written) } catch {
            throw failed(error, "cannot write to the disk below", .root)
        }
    }

    /// How many files are held open to be made durable together.
    private static var openFiles: Int { 64 }

    private func synchronize(_ files: inout [OpenFile]) throws(Errno) {
        try disk.synchronize(files)
        files = []
    }

    private mutating func stage(_ change: PreparedChange, in parent: Directory) throws(Errno) -> OpenFile? {
        switch change.change.after {
        case .absent: return nil
        case .symlink(let target, let attributes):
            try disk.createLink(to: target, attributes, named: change.staged, in: parent)
            return nil
        case .file(let contents, let attributes):
            let file = try disk.createFile(change.staged, in: parent)
            try disk.write(contents, to: file)
            try disk.set(attributes, of: file)
            return file
        case .directory(let attributes):
            let directory = try disk.createDirectory(change.staged, in: parent)
            let opened = try directory.opened()
            // Its time is set when it is full.
            try disk.set(attributes.rewritten, of: opened)
            created[change.change.path] = directory
            return opened
        }
    }

    private mutating func recheck() throws(CaissonError) {
        for change in changes where created[change.parent] == nil {
            let status: Status?
            do throws(Errno) { status = try directory(change.parent).status(of: change.name[...]) } catch {
                throw failed(error, "cannot look at", change.change.path)
            }
            guard status == change.status else { throw changed(change.change.path) }
        }
    }

    private mutating func apply(_ change: PreparedChange) throws(CaissonError) {
        do throws(Errno) {
            let parent = try directory(change.parent)
            switch (change.change.before, change.change.after) {
            case (.directory, .absent): try removeDirectory(change, in: parent)
            case (_, .absent): try disk.removeFile(change.name, in: parent)
            case (let before, _):
                try disk.rename(change.staged, to: change.name, in: parent, replacing: before != .absent)
            }
        } catch {
            switch error {
            case .fileExists, .noSuchFileOrDirectory: throw changed(change.change.path)
            default: throw failed(error, "cannot change", change.change.path)
            }
        }
    }

    private mutating func removeDirectory(_ change: PreparedChange, in parent: Directory) throws(Errno) {
        do throws(Errno) {
            try disk.removeDirectory(change.name, in: parent)
            removed.insert(change.change.path)
        } catch {
            guard error == .directoryNotEmpty || error == .fileExists else { throw error }
            report(Diagnostic("directory-not-empty", at: change.change.path, "left, since others keep files in it"))
        }
    }

    /// Gives directories their times and makes their names durable.
    private mutating func settle(_ times: [StoredRecord.DirectoryTime]) throws(CaissonError) {
        var wanted = Dictionary(times.map { ($0.path, $0.modified) }) { first, _ in first }
        for case (let path, .directory(let attributes)) in changes.lazy.map({ ($0.change.path, $0.change.after) }) {
            wanted[path] = attributes.modified
        }
        var settled: [OpenFile] = []
        for path in Set(changes.map(\.parent)).union(created.keys).union(wanted.keys).subtracting(removed).sorted() {
            do throws(Errno) {
                let opened = try directory(path).opened()
                if let modified = wanted[path] { try disk.set(modified, of: opened) }
                settled.append(opened)
                if settled.count == Self.openFiles { try synchronize(&settled) }
            } catch { throw failed(error, "cannot write", path) }
        }
        do throws(Errno) { try synchronize(&settled) } catch {
            throw failed(error, "cannot write to the disk below", .root)
        }
    }

    private mutating func directory(_ path: RootPath) throws(Errno) -> Directory {
        if let new = created[path] { return new }
        return try directories.directory(at: path)
    }
}
