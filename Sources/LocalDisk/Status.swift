internal import Glibc
package import RootFS
package import SystemPackage

/// What lstat(2) tells of an entry. Two that are equal show that nothing has touched the entry in between.
package struct Status: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file, directory, symlink
        case special(Entry.Special)
    }

    package let kind: Kind
    package let mode: UInt16
    package let owner: UInt32
    package let group: UInt32
    package let size: Int
    package let links: Int
    package let modified: Timestamp
    package let changed: Timestamp
    package let inode: UInt64
    package let device: UInt64

    /// What stands at a path of this machine, links on the way followed, the last not; nil where nothing does or that
    /// can't be told.
    package init?(at path: FilePath) {
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0 else { return nil }
        self.init(status)
    }

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .symlink
            case S_IFIFO: .special(.fifo)
            case S_IFSOCK: .special(.socket)
            default: .special(.device)
            }
        mode = UInt16(truncatingIfNeeded: status.st_mode & 0o7777)
        owner = status.st_uid
        group = status.st_gid
        size = Int(clamping: status.st_size)
        links = Int(clamping: status.st_nlink)
        modified = Timestamp(status.st_mtim)
        changed = Timestamp(status.st_ctim)
        inode = UInt64(status.st_ino)
        device = UInt64(status.st_dev)
    }

    /// Owner, mode and time; extended attributes need the entry opened.
    package var attributes: Attributes {
        Attributes(mode: mode, owner: owner, group: group, modified: modified)
    }
}

extension Timestamp {
    init(_ time: timespec) {
        self.init(seconds: Int64(time.tv_sec), nanoseconds: UInt32(clamping: time.tv_nsec))
    }
}
