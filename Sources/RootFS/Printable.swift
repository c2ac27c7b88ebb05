/// Untrusted bytes as text that is safe on a terminal and in a log: one line, with control characters, line separators,
/// bidirectional overrides and bytes that aren't UTF-8 as `\xNN` or `\u{N}`.
public func printable(_ bytes: some Collection<UInt8>) -> String {
    var text = ""
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
        var decoder = UTF8()
        var iterator = rest.makeIterator()
        let before = rest.count
        switch decoder.decode(&iterator) {
        case .scalarValue(let scalar):
            text += escaped(scalar)
            rest = rest.dropFirst(UTF8.width(scalar))
        case .emptyInput:
            rest = []
        case .error:
            if let byte = rest.first { text += "\\x" + hexadecimal(byte) }
            rest = rest.dropFirst()
        }
        assert(rest.count < before)
    }
    return text
}

/// Untrusted text, made safe in the same way.
public func printable(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    return text.unicodeScalars.reduce(into: "") { $0 += escaped($1) }
}

/// Untrusted text, made safe in the same way, with `…` for what goes beyond `limit` characters of it.
public func printable(_ text: String, limit: Int) -> String {
    guard text.utf8.count > limit else { return printable(text) }
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
        end < scalars.endIndex
    else { return printable(text) }
    return printable(String(scalars[..<end])) + "…"
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar.properties.generalCategory {
    case .control where scalar.value < 0x100: "\\x" + hexadecimal(UInt8(truncatingIfNeeded: scalar.value))
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
        "\\u{" + String(scalar.value, radix: 16) + "}"
    default: String(scalar)
    }
}

/// A byte as two lower-case hexadecimal digits.
public func hexadecimal(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16)
    return byte < 16 ? "0" + text : text
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case ..<0x80: 1
        case ..<0x800: 2
        case ..<0x10000: 3
        default: 4
        }
    }
}
