extension [UInt8] {
    /// Feeds a hash of the bytes to `hasher`: for paths and certificates as keys, of which a run looks up tens of
    /// thousands.
    ///
    /// Eight bytes are taken at a time, by a multiplication whose high and low half are folded (as wyhash does), under
    /// keys that differ from process to process: whoever names the files can't choose which of them collide.
    package func hashAtOnce(into hasher: inout Hasher) {
        hasher.combine(withUnsafeBytes { ByteHash.hash($0) })
    }
}

private enum ByteHash {
    /// Secret, since `Hasher` is seeded at random in every process.
    private static let keys: (UInt64, UInt64) = (key(1), key(2))

    private static func key(_ number: Int) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(number)
        return UInt64(truncatingIfNeeded: hasher.finalize()) | 1
    }

    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let (first, second) = keys
        var state = first ^ UInt64(truncatingIfNeeded: bytes.count)
        var offset = 0
        while offset + 8 <= bytes.count {
            state = folded(state ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), second)
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        return folded(state ^ rest, first)
    }

    private static func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
