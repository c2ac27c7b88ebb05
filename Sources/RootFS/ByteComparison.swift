extension [UInt8] {
    /// Equality, eight bytes at a time.
    package func isIdentical(to other: [UInt8]) -> Bool {
        count == other.count && withUnsafeBytes { bytes in other.withUnsafeBytes { bytes.isIdentical(to: $0) } }
    }
}

extension ArraySlice<UInt8> {
    /// Whether it begins with `prefix`, compared eight bytes at a time.
    package func begins(with prefix: [UInt8]) -> Bool {
        guard count >= prefix.count else { return false }
        return withUnsafeBytes { bytes in
            prefix.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: bytes[..<$0.count]).isIdentical(to: $0) }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Both have the same count.
    fileprivate func isIdentical(to other: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset + 8 <= count {
            guard
                loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    == other.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            else { return false }
            offset += 8
        }
        while offset < count {
            guard self[offset] == other[offset] else { return false }
            offset += 1
        }
        return true
    }
}
