/// DER, written by hand for certificates that no tool would make.
package enum DER {
    package static func element(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        let content = Array(parts.joined())
        return [tag] + length(content.count) + content
    }

    package static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, Array(parts.joined())) }
    package static func set(_ parts: [UInt8]...) -> [UInt8] { element(0x31, Array(parts.joined())) }
    package static func explicit(_ number: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        element(0xA0 | number, Array(parts.joined()))
    }
    package static func integer(_ content: [UInt8]) -> [UInt8] { element(0x02, content) }
    package static func octets(_ content: [UInt8]) -> [UInt8] { element(0x04, content) }
    package static func bits(_ content: [UInt8], unused: UInt8 = 0) -> [UInt8] { element(0x03, [unused] + content) }
    package static let yes: [UInt8] = [0x01, 0x01, 0xFF]
    package static let no: [UInt8] = [0x01, 0x01, 0x00]

    package static func oid(_ text: String) -> [UInt8] {
        let arcs = text.split(separator: ".").map { UInt64($0) ?? 0 }
        var content: [UInt8] = []
        for arc in [arcs[0] * 40 + arcs[1]] + arcs[2...] {
            var groups = [UInt8(arc & 0x7F)]
            var rest = arc >> 7
            while rest > 0 {
                groups.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            content += groups.reversed()
        }
        return element(0x06, content)
    }

    /// A UTCTime or GeneralizedTime from its text.
    package static func time(_ text: String) -> [UInt8] {
        element(text.utf8.count == 13 ? 0x17 : 0x18, Array(text.utf8))
    }

    private static func length(_ count: Int) -> [UInt8] {
        if count < 0x80 { return [UInt8(count)] }
        let octets = (0..<4).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }.drop { $0 == 0 }
        return [0x80 | UInt8(octets.count)] + octets
    }
}
