internal import CLinux
internal import Glibc
package import RootFS
package import SystemPackage

/// A directory of this machine, held open, from which names are looked up without following any link.
///
/// Closed when the last reference goes. All names are single components.
package final class Directory: Sendable {
    /// An `O_PATH` handle: enough to walk from, also where the directory may not be listed.
    let descriptor: CInt
    /// Where it was opened, for messages and for tests.
    package let location: [UInt8]

    init(adopting descriptor: CInt, at location: [UInt8]) {
        self.descriptor = descriptor
        self.location = location
    }

    deinit { close(descriptor) }

    /// Opens a directory by its path on this machine; links are followed, but for the last component if told not to.
    package convenience init(_ path: FilePath, followingLast: Bool = true) throws(Errno) {
        let flags = clinux_o_path | O_DIRECTORY | O_CLOEXEC | (followingLast ? 0 : O_NOFOLLOW)
        let descriptor = try systemCall { path.withPlatformString { Glibc.open($0, flags) } }
        self.init(adopting: descriptor, at: Array(path.string.utf8))
    }

    /// A path of this machine without links, `.` and `..`.
    package static func realPath(of path: FilePath) throws(Errno) -> FilePath {
        let found = path.withPlatformString { realpath($0, nil) }
        guard let real = found else { throw Errno(rawValue: errno) }
        defer { free(real) }
        return FilePath(platformString: real)
    }

    func location(of name: ArraySlice<UInt8>) -> [UInt8] {
        location.last == UInt8(ascii: "/") ? location + name : location + [UInt8(ascii: "/")] + name
    }

    package func status() throws(Errno) -> Status {
        var status = stat()
        _ = try systemCall { fstat(descriptor, &status) }
        return Status(status)
    }

    /// When the directory was made; nil where the file system doesn't keep that.
    package func born() -> Timestamp? {
        var (seconds, nanoseconds) = (Int64(0), UInt32(0))
        guard clinux_birth_time(descriptor, &seconds, &nanoseconds) == 0 else { return nil }
        return Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// What stands at a name, without following a link; nil if nothing does.
    package func status(of name: ArraySlice<UInt8>) throws(Errno) -> Status? {
        var status = stat()
        do throws(Errno) {
            _ = try systemCall { withCString(name) { fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) } }
        } catch {
            if error == .noSuchFileOrDirectory || error == .fileNameTooLong { return nil }
            throw error
        }
        return Status(status)
    }

    /// The bytes of a link's target.
    package func linkTarget(of name: ArraySlice<UInt8>) throws(Errno) -> [UInt8] {
        var target: [UInt8] = []
        var failure: Errno?
        // The kernel keeps no target longer than PATH_MAX, 4096 with the NUL.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
            do throws(Errno) {
                let count = try systemCall {
                    withCString(name) { name in
                        buffer.baseAddress.map { readlinkat(descriptor, name, $0, buffer.count) } ?? 0
                    }
                }
                target = [UInt8](UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
            } catch { failure = error }
        }
        if let failure { throw failure }
        return target
    }

    /// The directory at a name; a link there is an error, unless it is to be followed.
    package func directory(
        _ name: ArraySlice<UInt8>, followingLink: Bool = false
    ) throws(Errno) -> Directory {
        let flags = clinux_o_path | O_DIRECTORY | O_CLOEXEC | (followingLink ? 0 : O_NOFOLLOW)
        let descriptor = try systemCall { withCString(name) { openat(self.descriptor, $0, flags) } }
        return Directory(adopting: descriptor, at: location(of: name))
    }

    /// Opens the regular file at a name for reading; never waits for a FIFO, never follows a link.
    package func open(_ name: ArraySlice<UInt8>) throws(Errno) -> OpenFile {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let descriptor = try systemCall { withCString(name) { openat(self.descriptor, $0, flags) } }
        return OpenFile(adopting: descriptor, at: location(of: name))
    }

    /// The directory itself opened for reading: to list, to lock, to make durable.
    package func opened() throws(Errno) -> OpenFile {
        let descriptor = try systemCall { openat(self.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        return OpenFile(adopting: descriptor, at: location)
    }

    /// The names in it, in the file system's order; `Errno.fileTooLarge` beyond `limit`.
    package func names(limit: Int) throws(Errno) -> [[UInt8]] {
        let file = try opened()
        var names: [[UInt8]] = []
        var failure: Errno?
        withUnsafeTemporaryAllocation(byteCount: 32 * 1024, alignment: 8) { buffer in
            do throws(Errno) {
                while true {
                    let count = try systemCall { clinux_getdents64(file.descriptor, buffer.baseAddress, buffer.count) }
                    if count == 0 { return }
                    names += Self.names(in: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                    guard names.count <= limit else { throw .fileTooLarge }
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return names
    }

    /// The names of `struct linux_dirent64` records: inode and offset (8 bytes each), length (2), type (1), name, NUL.
    private static func names(in records: UnsafeRawBufferPointer) -> [[UInt8]] {
        var names: [[UInt8]] = []
        var start = 0
        while start + 19 < records.count {
            let length = Int(records.loadUnaligned(fromByteOffset: start + 16, as: UInt16.self))
            guard length > 19, start + length <= records.count else { break }
            let name = Array(records[(start + 19)..<(start + length)].prefix { $0 != 0 })
            if name != [UInt8(ascii: ".")] && name != [UInt8(ascii: "."), UInt8(ascii: ".")] { names.append(name) }
            start += length
        }
        return names
    }
}
