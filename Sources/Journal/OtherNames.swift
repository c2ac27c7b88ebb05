internal import LocalDisk
internal import RootFS

/// The other names (hard links) of files that a commit has replaced or removed: they keep what was in them.
struct OtherNames {
    /// A file, whatever its names.
    private struct File: Hashable {
        let device: UInt64
        let inode: UInt64

        init(_ status: Status) {
            device = status.device
            inode = status.inode
        }
    }

    /// How many entries of a root are looked at; a name that isn't among them isn't found.
    private static let entryLimit = 200_000

    private var replaced: [File: RootPath] = [:]
    private var missing = 0

    init(of changes: [PreparedChange]) {
        for change in changes {
            guard let status = change.status, status.kind == .file, status.links > 1 else { continue }
            // A second change to the same file takes away one of its other names.
            missing += replaced.updateValue(change.change.path, forKey: File(status)) == nil ? status.links - 1 : -1
        }
    }

    /// Each other name that is found below a root, with the path that was changed; links and mounts aren't followed.
    func search(below root: Root, limits: Limits) -> [(name: RootPath, replaced: RootPath)] {
        var found: [(name: RootPath, replaced: RootPath)] = []
        var pending: [RootPath] = [.root]
        var seen = 0
        guard missing > 0, let device = try? root.top.status().device else { return [] }
        while found.count < missing, seen < Self.entryLimit, let path = pending.popLast() {
            guard let directory = try? root.directory(at: path),
                let names = try? directory.names(limit: limits.entriesPerDirectory)
            else { continue }
            seen += names.count
            for name in names {
                guard let status = try? directory.status(of: name[...]), status.device == device else { continue }
                switch status.kind {
                case .directory: pending.append(path.appending(name))
                case .file:
                    if let changed = replaced[File(status)] { found.append((path.appending(name), changed)) }
                default: continue
                }
            }
        }
        return found.sorted { $0.name < $1.name }
    }
}
