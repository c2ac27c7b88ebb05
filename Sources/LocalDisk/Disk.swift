internal import CLinux
internal import Glibc
package import RootFS
package import SystemPackage

/// Every call that changes this machine's disk, in one place.
///
/// An observer sees each operation before it is made. It can note it, or throw to make it fail: a call that throws
/// changes nothing.
package struct Disk: Sendable {
    package typealias Observer = @Sendable (DiskOperation) throws(Errno) -> Void

    private let observer: Observer?

    package init(observer: Observer? = nil) { self.observer = observer }

    private func announce(_ operation: @autoclosure () -> DiskOperation) throws(Errno) {
        if let observer { try observer(operation()) }
    }

    // MARK: Files

    /// Creates a file that wasn't there, for its owner alone.
    package func createFile(_ name: [UInt8], in directory: Directory) throws(Errno) -> OpenFile {
        let location = directory.location(of: name[...])
        try announce(.createFile(location))
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = try systemCall { withCString(name) { openat(directory.descriptor, $0, flags, 0o600) } }
        return OpenFile(adopting: descriptor, at: location)
    }

    package func write(_ bytes: [UInt8], to file: OpenFile) throws(Errno) {
        try announce(.write(file.location))
        var failure: Errno?
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            do throws(Errno) {
                while !rest.isEmpty {
                    let part = UnsafeRawBufferPointer(rebasing: rest)
                    let count = try systemCall { Glibc.write(file.descriptor, part.baseAddress, part.count) }
                    rest = rest.dropFirst(count)
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Gives an open file or directory its owner, mode, extended attributes and, if one is given, its time.
    package func set(_ attributes: Attributes, of file: OpenFile) throws(Errno) {
        let status = try file.status()
        if status.owner != attributes.owner || status.group != attributes.group {
            try announce(.setOwner(file.location))
            _ = try systemCall { fchown(file.descriptor, attributes.owner, attributes.group) }
        }
        // After the owner, since a change of owner clears the set-ID bits.
        if status.mode != attributes.mode || attributes.mode & 0o6000 != 0 {
            try announce(.setMode(file.location))
            _ = try systemCall { fchmod(file.descriptor, mode_t(attributes.mode)) }
        }
        for attribute in attributes.extended where file.extendedAttribute(attribute.name) != attribute.value {
            try announce(.setAttribute(file.location))
            _ = try systemCall {
                clinux_fsetxattr(file.descriptor, attribute.name, attribute.value, attribute.value.count)
            }
        }
        if let modified = attributes.modified { try set(modified, of: file) }
    }

    /// Sets when an open file or directory was last changed.
    package func set(_ modified: Timestamp, of file: OpenFile) throws(Errno) {
        try announce(.setTime(file.location))
        let times = Self.times(modified)
        _ = try systemCall { futimens(file.descriptor, times) }
    }

    /// Sets when the entry of a name was last changed to this moment.
    package func touch(_ name: [UInt8], in directory: Directory) throws(Errno) {
        try announce(.setTime(directory.location(of: name[...])))
        let fd = directory.descriptor
        _ = try systemCall { withCString(name) { utimensat(fd, $0, nil, AT_SYMLINK_NOFOLLOW) } }
    }

    /// Makes the bytes of a file, or the names in a directory, survive a power cut.
    package func synchronize(_ file: OpenFile) throws(Errno) { try synchronize([file]) }

    /// Makes the bytes of files, and the names in directories, survive a power cut.
    ///
    /// All at the same time: each alone would wait for the file system's journal to be written.
    package func synchronize(_ files: [OpenFile]) throws(Errno) {
        for file in files { try announce(.synchronize(file.location)) }
        var errors = [CInt](repeating: 0, count: files.count)
        clinux_fsync_all(files.map(\.descriptor), &errors, files.count)
        if let error = errors.first(where: { $0 != 0 }) { throw Errno(rawValue: error) }
    }

    // MARK: Links and directories

    /// Creates a symbolic link with its owner and, if one is given, its time.
    package func createLink(
        to target: [UInt8], _ attributes: Attributes, named name: [UInt8], in directory: Directory
    ) throws(Errno) {
        let location = directory.location(of: name[...])
        let fd = directory.descriptor
        try announce(.createLink(location))
        _ = try systemCall { withCString(target) { target in withCString(name) { symlinkat(target, fd, $0) } } }
        let status = try directory.status(of: name[...])
        if status?.owner != attributes.owner || status?.group != attributes.group {
            try announce(.setOwner(location))
            _ = try systemCall {
                withCString(name) { fchownat(fd, $0, attributes.owner, attributes.group, AT_SYMLINK_NOFOLLOW) }
            }
        }
        if let modified = attributes.modified {
            try announce(.setTime(location))
            let times = Self.times(modified)
            _ = try systemCall { withCString(name) { utimensat(fd, $0, times, AT_SYMLINK_NOFOLLOW) } }
        }
    }

    /// Creates a directory that wasn't there, for its owner alone.
    package func createDirectory(_ name: [UInt8], in directory: Directory) throws(Errno) -> Directory {
        try announce(.createDirectory(directory.location(of: name[...])))
        _ = try systemCall { withCString(name) { mkdirat(directory.descriptor, $0, 0o700) } }
        return try directory.directory(name[...])
    }

    // MARK: Names

    /// Gives an entry another name in the same directory, at once for everybody who looks.
    ///
    /// - Parameter replacing: Whether an entry of the new name is replaced; if not, one is `Errno.fileExists`.
    package func rename(
        _ name: [UInt8], to newName: [UInt8], in directory: Directory, replacing: Bool
    ) throws(Errno) {
        try announce(.rename(directory.location(of: name[...]), to: directory.location(of: newName[...])))
        let fd = directory.descriptor
        if !replacing {
            do throws(Errno) {
                _ = try systemCall {
                    withCString(name) { from in
                        withCString(newName) { clinux_renameat2(fd, from, fd, $0, clinux_rename_noreplace) }
                    }
                }
                return
            } catch {
                // Some file systems don't know the flag; the caller holds the lock, so looking first is next best.
                guard error == .invalidArgument || error == .noFunction else { throw error }
                guard try directory.status(of: newName[...]) == nil else { throw .fileExists }
            }
        }
        _ = try systemCall { withCString(name) { from in withCString(newName) { renameat(fd, from, fd, $0) } } }
    }

    package func removeFile(_ name: [UInt8], in directory: Directory) throws(Errno) {
        try announce(.removeFile(directory.location(of: name[...])))
        _ = try systemCall { withCString(name) { unlinkat(directory.descriptor, $0, 0) } }
    }

    package func removeDirectory(_ name: [UInt8], in directory: Directory) throws(Errno) {
        try announce(.removeDirectory(directory.location(of: name[...])))
        _ = try systemCall { withCString(name) { unlinkat(directory.descriptor, $0, AT_REMOVEDIR) } }
    }

    /// The access time left alone, the modification time set.
    private static func times(_ modified: Timestamp) -> [timespec] {
        [
            timespec(tv_sec: 0, tv_nsec: Int(clinux_utime_omit)),
            timespec(tv_sec: Int(modified.seconds), tv_nsec: Int(modified.nanoseconds)),
        ]
    }
}
