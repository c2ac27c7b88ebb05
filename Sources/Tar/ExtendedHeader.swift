internal import RootFS

/// What a pax header, or GNU's long names, say of the member after them.
struct ExtendedHeader {
    var name: [UInt8]?
    var link: [UInt8]?
    private(set) var size: Int?
    private(set) var owner: UInt32?
    private(set) var group: UInt32?
    private(set) var modified: Timestamp?
    private(set) var attributes: [ExtendedAttribute] = []
    private(set) var isSparse = false

    /// Reads records, each `LENGTH KEY=VALUE` and a line feed, where the length counts all of it.
    mutating func read(_ body: ArraySlice<UInt8>) throws(TarError) {
        var rest = body
        // What fills up the end isn't part of the standard, but harmless.
        while let first = rest.first, first != 0 {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard (1...10).contains(digits.count), let length = Int(String(decoding: digits, as: UTF8.self)),
                length > digits.count + 2, length <= rest.count
            else { throw .badExtendedHeader }
            let record = rest.prefix(length)
            rest = rest.dropFirst(length)
            let pair = record.dropFirst(digits.count + 1)
            guard record.last == UInt8(ascii: "\n"), let equals = pair.firstIndex(of: UInt8(ascii: "=")) else {
                throw .badExtendedHeader
            }
            try set(
                String(decoding: pair[..<equals], as: UTF8.self), to: pair[(equals + 1)...].dropLast())
        }
    }

    private mutating func set(_ key: String, to value: ArraySlice<UInt8>) throws(TarError) {
        let prefix = "SCHILY.xattr."
        switch key {
        case "path": name = Array(value)
        case "linkpath": link = Array(value)
        case "size":
            guard let number = Self.number(value), let size = Int(exactly: number) else { throw .badExtendedHeader }
            self.size = size
        case "uid": owner = Self.number(value).flatMap { UInt32(exactly: $0) }
        case "gid": group = Self.number(value).flatMap { UInt32(exactly: $0) }
        case "mtime": modified = Self.time(value)
        case _ where key.hasPrefix("GNU.sparse."): isSparse = true
        case _ where key.hasPrefix(prefix):
            attributes.append(ExtendedAttribute(name: String(key.dropFirst(prefix.count)), value: Array(value)))
        default: return
        }
    }

    private static func number(_ text: ArraySlice<UInt8>) -> UInt64? {
        guard !text.isEmpty, text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(String(decoding: text, as: UTF8.self))
    }

    /// Seconds, with a fraction; nil for what isn't that, and the header's time holds.
    private static func time(_ text: ArraySlice<UInt8>) -> Timestamp? {
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 1)
        guard let whole = parts.first, let seconds = Int64(String(decoding: whole, as: UTF8.self)) else { return nil }
        guard parts.count == 2 else { return Timestamp(seconds: seconds) }
        let digits = parts[1].prefix(9)
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let padded = digits.map { UInt32($0 & 0xF) } + Array(repeating: 0, count: 9 - digits.count)
        let nanoseconds = padded.reduce(UInt32(0)) { $0 * 10 + $1 }
        // Before 1970 the fraction counts downwards; what keeps such times isn't worth the trouble.
        return seconds < 0 ? Timestamp(seconds: seconds) : Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    }
}
