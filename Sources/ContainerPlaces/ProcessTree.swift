internal import LocalDisk
internal import RootFS
internal import SystemPackage

/// The processes of a container on this machine: its first, those that were started beside it (as `docker exec` does),
/// and all that come from them.
enum ProcessTree {
    /// How many processes are looked at; a container that has more is told of in part.
    private static let limit = 4096
    private static let sizeLimit = 1 << 20

    /// The names of the programs that run (proc_pid_comm(5)); nil where the kernel doesn't tell of children
    /// (`CONFIG_PROC_CHILDREN`), or the first process is gone.
    static func programs(around first: Int) -> Set<String>? {
        guard let process = try? directory(of: first), let root = try? root(of: process),
            let parent = try? parent(of: process), let siblings = try? children(in: directory(of: parent))
        else { return nil }
        var pending = [first] + siblings
        var seen: Set<Int> = []
        var programs: Set<String> = []
        while let next = pending.popLast(), seen.count < limit {
            // One that has ended since is as if it had never been; one with another root isn't the container's.
            guard seen.insert(next).inserted, let process = try? directory(of: next),
                (try? self.root(of: process)) == root, let name = try? contents(of: "comm", in: process)
            else { continue }
            programs.insert(String(decoding: name.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
            pending += (try? children(in: process)) ?? []
        }
        return programs
    }

    private static func directory(of process: Int) throws(Errno) -> Directory {
        try Directory(FilePath("/proc/\(process)"), followingLast: false)
    }

    private static func root(of process: Directory) throws(Errno) -> [UInt64] {
        let status = try process.directory(Array("root".utf8)[...], followingLink: true).status()
        return [status.device, status.inode]
    }

    /// The fourth field of `stat`; the second, the program's name, is in parentheses and may hold anything.
    private static func parent(of process: Directory) throws(Errno) -> Int {
        let text = try contents(of: "stat", in: process)
        let end = text.lastIndex(of: UInt8(ascii: ")")) ?? 0
        let fields = text[end...].split(separator: UInt8(ascii: " "))
        guard fields.count > 2, let parent = Int(String(decoding: fields[2], as: UTF8.self)), parent > 0 else {
            throw .noSuchProcess
        }
        return parent
    }

    /// Each thread has children of its own.
    private static func children(in process: Directory) throws(Errno) -> [Int] {
        let threads = try process.directory(Array("task".utf8)[...])
        var children: [Int] = []
        for thread in try threads.names(limit: limit) {
            let list = try contents(of: "children", in: try threads.directory(thread[...]))
            children += list.split(separator: UInt8(ascii: " ")).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        }
        return children
    }

    private static func contents(of name: String, in directory: Directory) throws(Errno) -> [UInt8] {
        try directory.open(Array(name.utf8)[...]).contents(limit: sizeLimit)
    }
}
