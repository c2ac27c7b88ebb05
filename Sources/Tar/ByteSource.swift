/// Where bytes come from, piece by piece, such as a layer that is unpacked as it is read.
public protocol ByteSource {
    /// Fills a part of `buffer` from its start; the count of bytes, 0 at the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int
}

/// Why bytes can't be had.
public enum ByteSourceError: Error, Hashable, Sendable {
    /// They aren't what they must be; the reason is part of a sentence.
    case corrupt(String)
    /// They can't be read; the reason is part of a sentence.
    case unreadable(String)
}
