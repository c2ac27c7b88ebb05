// Texts of certificates are long: bytes are looked for eight at a time.
extension [UInt8] {
    /// Where a byte stands first in a part of these bytes.
    package func index(of byte: UInt8, in part: Range<Int>) -> Int? {
        withUnsafeBytes { bytes in
            let (ones, highs) = (UInt64(0x0101_0101_0101_0101), UInt64(0x8080_8080_8080_8080))
            var offset = part.lowerBound
            while offset + 8 <= part.upperBound {
                // A byte of `word` is zero where the byte is that; the usual test for a zero byte follows.
                let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ (ones &* UInt64(byte))
                if (word &- ones) & ~word & highs != 0 { break }
                offset += 8
            }
            while offset < part.upperBound {
                if bytes[offset] == byte { return offset }
                offset += 1
            }
            return nil
        }
    }

    /// Where `pattern` stands first in a part of these bytes.
    package func firstRange(of pattern: [UInt8], in part: Range<Int>) -> Range<Int>? {
        guard let first = pattern.first, part.count >= pattern.count else { return nil }
        let end = part.upperBound - pattern.count + 1
        var index = part.lowerBound
        while let candidate = self.index(of: first, in: index..<end) {
            if holds(pattern, at: candidate) { return candidate..<(candidate + pattern.count) }
            index = candidate + 1
        }
        return nil
    }

    /// Whether `part` stands at `position`.
    package func holds(_ part: [UInt8], at position: Int) -> Bool {
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
