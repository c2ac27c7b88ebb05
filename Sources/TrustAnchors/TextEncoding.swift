import RootFS

/// Brings a text into the form that PEM is read from.
enum TextEncoding {
    /// UTF-16 with or without a byte order mark, as Windows exports it, becomes ASCII, with `?` for what isn't; lines that
    /// end with a lone carriage return get line feeds; indented blocks, as pasted from YAML, lose their indentation. All
    /// else stays.
    static func normalized(_ bytes: [UInt8]) -> [UInt8] {
        var text = isUTF16(bytes).map { ascii(bytes, isBigEndian: $0) } ?? bytes
        if text.contains(UInt8(ascii: "\r")), !text.contains(UInt8(ascii: "\n")) {
            text = text.map { $0 == UInt8(ascii: "\r") ? UInt8(ascii: "\n") : $0 }
        }
        return isIndented(text) ? withoutIndentation(text) : text
    }

    private static func isIndented(_ text: [UInt8]) -> Bool {
        text.firstRange(of: [UInt8(ascii: " ")] + PEMScanner.begin, in: text.indices) != nil
            || text.firstRange(of: [UInt8(ascii: "\t")] + PEMScanner.begin, in: text.indices) != nil
    }

    private static func withoutIndentation(_ text: [UInt8]) -> [UInt8] {
        var isAtStart = true
        return text.filter { byte in
            if isAtStart, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { return false }
            isAtStart = byte == UInt8(ascii: "\n")
            return true
        }
    }

    /// Whether a text is UTF-16, and then whether the higher byte comes first; nil for anything else.
    private static func isUTF16(_ bytes: [UInt8]) -> Bool? {
        guard bytes.count >= 4 else { return nil }
        if bytes.starts(with: [0xFF, 0xFE]) { return false }
        if bytes.starts(with: [0xFE, 0xFF]) { return true }
        let start = bytes.prefix(64)
        let zeros = start.indices.filter { start[$0] == 0 }
        guard zeros.count == start.count / 2 else { return nil }
        if zeros.allSatisfy({ $0 & 1 == 1 }) { return false }
        if zeros.allSatisfy({ $0 & 1 == 0 }) { return true }
        return nil
    }

    private static func ascii(_ bytes: [UInt8], isBigEndian: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 2)
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            let (high, low) = isBigEndian ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
            if index == 0, high == 0xFE, low == 0xFF { continue }
            text.append(high == 0 && low < 0x80 ? low : UInt8(ascii: "?"))
        }
        return text
    }
}
