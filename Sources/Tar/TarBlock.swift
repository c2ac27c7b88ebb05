/// The header of a member: one block of 512 bytes, its numbers octal text or, as GNU tar writes large ones, binary.
struct TarBlock {
    static let size = 512

    let name: [UInt8]
    let link: [UInt8]
    let type: UInt8
    let size: Int
    let mode: UInt16
    let owner: UInt32
    let group: UInt32
    let modified: Int64

    /// Offsets and lengths as POSIX's table of the ustar header has them.
    init(_ bytes: ArraySlice<UInt8>) throws(TarError) {
        let block = Array(bytes)
        guard block.count == Self.size else { throw .truncated }
        // The checksum is over the header with blanks in place of itself.
        let sum = block[..<148].reduce(0) { $0 + Int($1) } + 8 * 0x20 + block[156...].reduce(0) { $0 + Int($1) }
        guard try Self.number(block[148..<156]) == Int64(sum) else { throw .badHeader }
        type = block[156]
        let size = try Self.number(block[124..<136])
        guard size >= 0, let length = Int(exactly: size) else { throw .badHeader }
        self.size = length
        mode = UInt16(truncatingIfNeeded: try Self.number(block[100..<108]) & 0o7777)
        owner = UInt32(truncatingIfNeeded: try Self.number(block[108..<116]))
        group = UInt32(truncatingIfNeeded: try Self.number(block[116..<124]))
        modified = try Self.number(block[136..<148])
        link = Array(block[157..<257].prefix { $0 != 0 })
        let short = Array(block[..<100].prefix { $0 != 0 })
        let prefix = Array(block[345..<500].prefix { $0 != 0 })
        // GNU's header, told by the blank after the magic, has other things where ustar has the prefix.
        let isUstar = block[257..<263].elementsEqual("ustar\0".utf8)
        name = isUstar && !prefix.isEmpty ? prefix + [UInt8(ascii: "/")] + short : short
    }

    private static func number(_ field: ArraySlice<UInt8>) throws(TarError) -> Int64 {
        guard let first = field.first else { return 0 }
        if first & 0x80 != 0 { return try binary(field, first) }
        var value: Int64 = 0
        for byte in field.drop(while: { $0 == 0x20 }) {
            if byte == 0 || byte == 0x20 { break }
            guard (0x30...0x37).contains(byte), value < 1 << 56 else { throw .badHeader }
            value = value << 3 | Int64(byte & 7)
        }
        return value
    }

    /// Base 256, big endian, two's complement below the mark in the first bit.
    private static func binary(_ field: ArraySlice<UInt8>, _ first: UInt8) throws(TarError) -> Int64 {
        let isNegative = first & 0x40 != 0
        var value: Int64 = isNegative ? -1 : 0
        for byte in [first & 0x7F | (isNegative ? 0x80 : 0)] + field.dropFirst() {
            guard value < 1 << 55, value >= -(1 << 55) else { throw .badHeader }
            value = value << 8 | Int64(byte)
        }
        return value
    }
}
