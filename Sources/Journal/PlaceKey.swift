internal import Crypto
package import RootFS

/// What tells the records of one place from those of others: the first 16 hexadecimal digits of a SHA-256.
///
/// It is over the real path and, but for the host itself, the directory's inode and when it was made: what was done to a
/// directory that is gone says nothing of another that has its name now.
package struct PlaceKey: Hashable, Sendable {
    package let text: String

    package init(realPath: some Sequence<UInt8>, inode: UInt64 = 0, born: Timestamp? = nil) {
        var hash = SHA256()
        hash.update(data: Array(realPath))
        hash.update(data: Array("\0\(inode)\0\(born?.seconds ?? 0)\0\(born?.nanoseconds ?? 0)".utf8))
        text = hash.finalize().prefix(8).map(hexadecimal).joined()
    }

    /// The key of a place that has a name which never means another, such as a container's ID at its engine.
    package init(uniqueName name: String) { self.init(realPath: name.utf8) }

    init?(text: some Collection<UInt8>) {
        let digits = Set("0123456789abcdef".utf8)
        guard text.count == 16, text.allSatisfy(digits.contains) else { return nil }
        self.text = String(decoding: text, as: UTF8.self)
    }
}
