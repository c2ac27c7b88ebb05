/// An object identifier (ITU-T X.690 section 8.19), in its encoded form.
public struct OID: Hashable, Sendable, CustomStringConvertible {
    /// The contents octets.
    public let bytes: [UInt8]

    package init(encoded bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// Whether these contents octets are an encoding: the last arc is complete, and none begins with needless zeros.
    static func isValid(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
        guard let last = bytes.last, last < 0x80 else { return false }
        var isAtStart = true
        for byte in bytes {
            if isAtStart, byte == 0x80 { return false }
            isAtStart = byte < 0x80
        }
        return true
    }

    /// From its arcs; the first two are below 3 and 40.
    package init(_ arcs: UInt32...) {
        var bytes = [UInt8((arcs[0] * 40 + arcs[1]) & 0x7F)]
        for arc in arcs.dropFirst(2) {
            var groups = [UInt8(arc & 0x7F)]
            var rest = arc >> 7
            while rest > 0 {
                groups.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            bytes += groups.reversed()
        }
        self.bytes = bytes
    }

    /// The dotted form; in hexadecimal where an arc has more than 128 bits or the encoding is none.
    public var description: String {
        var arcs: [UInt128] = []
        var arc: UInt128 = 0
        for byte in bytes {
            guard arc >> 121 == 0 else { return hexadecimalForm }
            arc = arc << 7 | UInt128(byte & 0x7F)
            if byte & 0x80 == 0 {
                arcs.append(arc)
                arc = 0
            }
        }
        guard let first = arcs.first, Self.isValid(bytes) else { return hexadecimalForm }
        let root = min(first / 40, 2)
        return ([root, first - 40 * root] + arcs.dropFirst()).map { String($0) }.joined(separator: ".")
    }

    private var hexadecimalForm: String { "#" + bytes.hexadecimal }

    /// The usual name, or else the dotted form.
    public var name: String { Self.names[self] ?? description }
}
