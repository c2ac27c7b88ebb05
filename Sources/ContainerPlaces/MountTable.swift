internal import RootFS

/// What is mounted where in a container: nothing below a mount belongs to the container itself.
struct MountTable: Hashable, Sendable {
    struct Mount: Hashable, Sendable {
        let path: RootPath
        let isReadOnly: Bool
    }

    /// In the order in which they were mounted; a later one covers an earlier one of the same path.
    private(set) var mounts: [Mount] = []

    init(_ mounts: [Mount]) { self.mounts = mounts }

    /// Reads what the kernel says of a process, `/proc/PID/mountinfo` (proc_pid_mountinfo(5)); lines that can't be read
    /// are left out.
    init(mountinfo text: [UInt8]) {
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 6)
            guard fields.count > 5, let path = RootPath(bytes: Self.unescaped(fields[4])) else { continue }
            let options = fields[5].split(separator: UInt8(ascii: ","))
            mounts.append(Mount(path: path, isReadOnly: options.contains { $0.elementsEqual("ro".utf8) }))
        }
    }

    /// The mount that a path lies on, but for the root itself.
    func mount(holding path: RootPath) -> Mount? {
        var found: Mount?
        for mount in mounts where mount.path != .root && path.isInside(mount.path) {
            if mount.path.bytes.count >= found?.path.bytes.count ?? 0 { found = mount }
        }
        return found
    }

    /// Whether the root itself takes no changes.
    var isRootReadOnly: Bool { mounts.last { $0.path == .root }?.isReadOnly ?? false }

    /// The kernel writes blanks, line feeds and backslashes as three octal digits behind a backslash.
    private static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            guard byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) })
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(UInt8(truncatingIfNeeded: digits.reduce(0) { $0 << 3 | Int($1 & 7) }))
            rest = rest.dropFirst(3)
        }
        return bytes
    }
}
