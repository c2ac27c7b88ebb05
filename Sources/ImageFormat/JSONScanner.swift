/// Reads JSON from bytes, by descent to a bounded depth.
struct JSONScanner {
    private let bytes: [UInt8]
    private var offset = 0
    private var values = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The one value of a document.
    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value(depth: 0)
        skipBlanks()
        guard offset == bytes.count else { throw .syntax(at: offset) }
        return value
    }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    /// Whether the next byte is this one, which is then taken.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < JSONDocument.depthLimit else { throw .tooDeep }
        values += 1
        guard values <= JSONDocument.valueLimit else { throw .tooManyValues }
        skipBlanks()
        let start = offset
        let kind: JSONValue.Kind
        switch next {
        case UInt8(ascii: "{"): kind = .object(try members(depth: depth))
        case UInt8(ascii: "["): kind = .array(try elements(depth: depth))
        case UInt8(ascii: "\""): kind = .string(try string())
        case UInt8(ascii: "t"): kind = try literal("true", .bool(true))
        case UInt8(ascii: "f"): kind = try literal("false", .bool(false))
        case UInt8(ascii: "n"): kind = try literal("null", .null)
        default: kind = .number(try number())
        }
        return JSONValue(kind: kind, range: start..<offset)
    }

    private mutating func members(depth: Int) throws(JSONError) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        offset += 1
        skipBlanks()
        if take("}") { return [] }
        while true {
            skipBlanks()
            let start = offset
            guard next == UInt8(ascii: "\"") else { throw .syntax(at: offset) }
            let name = try string()
            guard names.insert(name).inserted else { throw .repeatedName(at: start) }
            skipBlanks()
            guard take(":") else { throw .syntax(at: offset) }
            members.append(.init(name: name, start: start, value: try value(depth: depth + 1)))
            skipBlanks()
            if take("}") { return members }
            guard take(",") else { throw .syntax(at: offset) }
        }
    }

    private mutating func elements(depth: Int) throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        offset += 1
        skipBlanks()
        if take("]") { return [] }
        while true {
            elements.append(try value(depth: depth + 1))
            skipBlanks()
            if take("]") { return elements }
            guard take(",") else { throw .syntax(at: offset) }
        }
    }

    private mutating func literal(_ text: String, _ kind: JSONValue.Kind) throws(JSONError) -> JSONValue.Kind {
        guard bytes[offset...].starts(with: text.utf8) else { throw .syntax(at: offset) }
        offset += text.utf8.count
        return kind
    }

    /// A number by RFC 8259's grammar; nil where it isn't whole or doesn't fit.
    private mutating func number() throws(JSONError) -> Int? {
        let start = offset
        _ = take("-")
        let first = offset
        digits()
        guard offset > first, bytes[first] != 0x30 || offset == first + 1 else { throw .syntax(at: start) }
        var isWhole = true
        if take(".") {
            isWhole = false
            let fraction = offset
            digits()
            guard offset > fraction else { throw .syntax(at: start) }
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            let exponent = offset
            digits()
            guard offset > exponent else { throw .syntax(at: start) }
        }
        return isWhole ? Int(String(decoding: bytes[start..<offset], as: UTF8.self)) : nil
    }

    private mutating func digits() {
        while let byte = next, (0x30...0x39).contains(byte) { offset += 1 }
    }

    /// A string, unescaped; it begins here.
    private mutating func string() throws(JSONError) -> String {
        let start = offset
        offset += 1
        var text: [UInt8] = []
        while let byte = next {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw .syntax(at: start) }
                return string
            case UInt8(ascii: "\\"): text += try escape()
            case ..<0x20: throw .syntax(at: offset - 1)
            default: text.append(byte)
            }
        }
        throw .syntax(at: start)
    }

    /// What an escape stands for; its backslash was taken.
    private mutating func escape() throws(JSONError) -> [UInt8] {
        guard let byte = next else { throw .syntax(at: offset) }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code), take("\\"), take("u") {
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw .syntax(at: offset) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            // Half of a pair, which some writers leave, is shown as what it isn't.
            return Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
        default: throw .syntax(at: offset - 1)
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        let digits = bytes[offset...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
            let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw .syntax(at: offset) }
        offset += 4
        return code
    }
}
