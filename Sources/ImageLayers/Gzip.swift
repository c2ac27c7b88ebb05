/// A gzip stream (RFC 1952) of stored blocks (RFC 1951, 3.2.4): an encoding that depends on no library and no processor,
/// so that the same bytes always give the same stream.
public enum Gzip {
    /// The stream of these bytes; its header has no name and no time.
    public static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let blockSize = 65535
        var stream: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        stream.reserveCapacity(bytes.count + bytes.count / blockSize * 5 + 32)
        var offset = 0
        repeat {
            let count = min(blockSize, bytes.count - offset)
            let length = UInt16(count)
            stream.append(offset + count == bytes.count ? 1 : 0)
            append(length, to: &stream)
            append(~length, to: &stream)
            stream += bytes[offset..<(offset + count)]
            offset += count
        } while offset < bytes.count
        append(checksum(of: bytes), to: &stream)
        append(UInt32(truncatingIfNeeded: bytes.count), to: &stream)
        return stream
    }

    private static func append(_ number: some FixedWidthInteger, to stream: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { stream += $0 }
    }

    /// CRC-32 as RFC 1952 has it, a byte at a time.
    static func checksum(of bytes: [UInt8]) -> UInt32 {
        var remainder: UInt32 = ~0
        for byte in bytes {
            remainder = table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] ^ remainder >> 8
        }
        return ~remainder
    }

    private static let table: [UInt32] = (0..<256).map { number in
        (0..<8).reduce(UInt32(number)) { remainder, _ in
            remainder & 1 == 1 ? 0xEDB8_8320 ^ remainder >> 1 : remainder >> 1
        }
    }
}
