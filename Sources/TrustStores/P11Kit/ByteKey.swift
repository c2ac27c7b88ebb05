import RootFS

/// Bytes as a key: they are hashed and compared at once, where an array's are taken one by one.
struct ByteKey: Hashable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    static func == (left: ByteKey, right: ByteKey) -> Bool { left.bytes.isIdentical(to: right.bytes) }

    func hash(into hasher: inout Hasher) { bytes.hashAtOnce(into: &hasher) }
}

extension [UInt8] {
    /// Whether `part` stands at `position`; compared in words, as bundles are long.
    func holds(_ part: [UInt8], at position: Int) -> Bool {
        guard position >= 0, part.count <= count - position else { return false }
        return withUnsafeBytes { bytes in
            part.withUnsafeBytes { part in
                let words = part.count & ~7
                for offset in stride(from: 0, to: words, by: 8) {
                    let here = bytes.loadUnaligned(fromByteOffset: position + offset, as: UInt64.self)
                    guard here == part.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else { return false }
                }
                return (words..<part.count).allSatisfy { bytes[position + $0] == part[$0] }
            }
        }
    }
}
