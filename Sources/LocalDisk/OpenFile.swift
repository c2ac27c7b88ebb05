internal import CLinux
internal import Glibc
package import RootFS
package import SystemPackage

/// A regular file or a directory opened on this machine; closed when the last reference goes.
package final class OpenFile: Sendable {
    let descriptor: CInt
    /// Where it was opened, for messages and for tests.
    package let location: [UInt8]

    init(adopting descriptor: CInt, at location: [UInt8]) {
        self.descriptor = descriptor
        self.location = location
    }

    deinit { close(descriptor) }

    package func status() throws(Errno) -> Status {
        var status = stat()
        _ = try systemCall { fstat(descriptor, &status) }
        return Status(status)
    }

    /// All its bytes; `Errno.fileTooLarge` beyond `limit`, judged by its size before anything is read.
    package func contents(limit: Int) throws(Errno) -> [UInt8] {
        try contents(size: try status().size, limit: limit)
    }

    /// All its bytes, where its status has given their number.
    package func contents(size: Int, limit: Int) throws(Errno) -> [UInt8] {
        guard size <= limit else { throw .fileTooLarge }
        // One byte more than the size, so that one read also finds the end.
        var bytes = try read(upTo: size + 1, expecting: size)
        // It grows, or the kernel gives no size for it.
        while bytes.count > size {
            let chunk = try read(upTo: 64 * 1024, expecting: 0)
            guard bytes.count + chunk.count <= limit else { throw .fileTooLarge }
            if chunk.isEmpty { break }
            bytes += chunk
        }
        return bytes
    }

    /// The next bytes; fewer than `count` only at the end.
    package func next(_ count: Int) throws(Errno) -> [UInt8] { try read(upTo: count, expecting: 0) }

    /// The next bytes; fewer than `count` only at the end.
    ///
    /// A read that gives fewer than it could, but all that were expected, has met the end.
    private func read(upTo count: Int, expecting size: Int) throws(Errno) -> [UInt8] {
        var failure: Errno?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(Errno) {
                while filled < count {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                    let got = try systemCall { Glibc.read(descriptor, rest.baseAddress, rest.count) }
                    filled += got
                    if got == 0 || (size > 0 && filled == size) { return }
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// The extended attributes that the caller may read, sorted by name; none where the file system keeps none.
    ///
    /// Left out are `security.ima` and `security.evm`, signatures over the contents that only the kernel writes.
    package func extendedAttributes() throws(Errno) -> [ExtendedAttribute] {
        // Nearly every file has none, which takes no memory to learn.
        if clinux_flistxattr(descriptor, nil, 0) == 0 { return [] }
        return try extendedAttributeNames().compactMap { name in
            if name == "security.ima" || name == "security.evm" { return nil }
            return extendedAttribute(name).map { ExtendedAttribute(name: name, value: $0) }
        }
    }

    func extendedAttribute(_ name: String) -> [UInt8]? {
        // 64 KiB is the kernel's own limit (XATTR_SIZE_MAX).
        try? filling([256, 65536]) { buffer in clinux_fgetxattr(descriptor, name, buffer.baseAddress, buffer.count) }
    }

    private func extendedAttributeNames() throws(Errno) -> [String] {
        let list: [UInt8]
        do throws(Errno) {
            list = try filling([1024, 65536]) { buffer in
                buffer.withMemoryRebound(to: CChar.self) { clinux_flistxattr(descriptor, $0.baseAddress, $0.count) }
            }
        } catch Errno.notSupported { return [] }
        return list.split(separator: 0).compactMap { String(validating: $0, as: UTF8.self) }.sorted()
    }

    /// What a system call puts into the first of these buffer sizes that is large enough.
    private func filling(
        _ sizes: [Int], _ call: (UnsafeMutableBufferPointer<UInt8>) -> Int
    ) throws(Errno) -> [UInt8] {
        var failure = Errno.outOfRange
        for size in sizes {
            let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
                do throws(Errno) {
                    filled = try systemCall { call(buffer) }
                    failure = Errno(rawValue: 0)
                } catch { failure = error }
            }
            if failure.rawValue == 0 { return bytes }
            if failure != .outOfRange { break }
        }
        throw failure
    }

    /// Takes the exclusive lock on it (flock(2)); false while another holds it.
    package func lock() throws(Errno) -> Bool {
        do throws(Errno) {
            _ = try systemCall { flock(descriptor, LOCK_EX | LOCK_NB) }
            return true
        } catch Errno.wouldBlock { return false }
    }
}
