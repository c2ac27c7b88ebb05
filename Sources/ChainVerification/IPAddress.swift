/// An IPv4 or IPv6 address, as certificates carry it.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes, in network order.
    public let bytes: [UInt8]

    /// Takes 4 or 16 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads `192.0.2.1`, or `2001:db8::1` without brackets (RFC 4291 section 2.2); zone IDs aren't taken.
    public init?(_ text: some StringProtocol) {
        let text = Array(text.utf8)
        guard text.count <= 45, let bytes = Self.v4(text[...]) ?? Self.v6(text) else { return nil }
        self.bytes = bytes
    }

    /// Whether it is an IPv4 address.
    public var isV4: Bool { bytes.count == 4 }

    /// Without the brackets that a URL puts around an IPv6 address.
    public var description: String {
        if isV4 { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        let text = { (range: Range<Int>) in groups[range].map { String($0, radix: 16) }.joined(separator: ":") }
        guard let zeros = Self.longestZeroRun(in: groups) else { return text(0..<8) }
        return text(0..<zeros.lowerBound) + "::" + text(zeros.upperBound..<8)
    }

    /// Whether the first `bits` bits are those of `other`, which is of the same family.
    public func shares(prefix bits: Int, with other: IPAddress) -> Bool {
        guard bytes.count == other.bytes.count, bits >= 0, bits <= bytes.count * 8 else { return false }
        let whole = bits / 8
        guard bytes[..<whole] == other.bytes[..<whole] else { return false }
        let rest = bits % 8
        return rest == 0 || (bytes[whole] ^ other.bytes[whole]) >> (8 - UInt8(rest)) == 0
    }

    /// The first of the longest runs of two or more zero groups (RFC 5952 section 4.2).
    private static func longestZeroRun(in groups: [UInt16]) -> Range<Int>? {
        var longest: Range<Int>?
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > max(1, longest?.count ?? 0) { longest = start..<index }
            start = index + 1
        }
        return longest
    }

    private static func v4(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }),
                part.count == 1 || part.first != 0x30,
                let byte = UInt8(exactly: part.reduce(0) { $0 * 10 + Int($1 - 0x30) })
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func v6(_ text: [UInt8]) -> [UInt8]? {
        var fields = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard fields.count >= 3, let last = fields.popLast() else { return nil }
        var tail: [UInt8]
        if last.contains(UInt8(ascii: ".")) {
            guard let embedded = v4(last) else { return nil }
            tail = embedded
        } else if last.isEmpty {
            // Only `::` may stand at the end.
            guard fields.last?.isEmpty == true else { return nil }
            tail = []
        } else {
            guard let group = group(last) else { return nil }
            tail = group
        }
        var head: [UInt8] = []
        var gap: Int?
        for (index, field) in fields.enumerated() {
            if field.isEmpty {
                // Of `::` at the start, the first empty field counts for nothing.
                if index == 0, fields.count > 1, fields[1].isEmpty { continue }
                guard index > 0, gap == nil else { return nil }
                gap = head.count
            } else {
                guard let group = group(field) else { return nil }
                head += group
            }
        }
        let bytes = head + tail
        guard let gap else { return bytes.count == 16 ? bytes : nil }
        guard bytes.count <= 14 else { return nil }
        return Array(bytes[..<gap]) + [UInt8](repeating: 0, count: 16 - bytes.count) + bytes[gap...]
    }

    private static func group(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard (1...4).contains(text.count), let value = UInt16(String(decoding: text, as: UTF8.self), radix: 16),
            text.allSatisfy({ $0 != UInt8(ascii: "+") })
        else { return nil }
        return [UInt8(value >> 8), UInt8(value & 0xFF)]
    }
}
