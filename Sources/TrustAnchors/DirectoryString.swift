/// The string types of names (X.520 `DirectoryString` and its relatives), as far as OpenSSL reads them: a name with a
/// value of any other type, even VisibleString, makes a certificate unreadable, and with it the bundle it stands in.
enum DirectoryString {
    private static let numericString: UInt8 = 0x12

    /// The types that OpenSSL turns into UTF-8 before it compares or hashes names: UTF8String, PrintableString,
    /// T61String, IA5String, UniversalString and BMPString.
    static func isText(_ tag: UInt8) -> Bool {
        switch tag {
        case DERTag.utf8String, 0x13, 0x14, 0x16, 0x1C, 0x1E: true
        default: false
        }
    }

    /// The types that `utf8` knows: these and NumericString.
    static func isString(_ tag: UInt8) -> Bool { isText(tag) || tag == numericString }

    /// Whether OpenSSL reads a value of a name that isn't text (`ASN1_PRINTABLE` of OpenSSL 3): a NumericString, a BIT
    /// STRING or a SEQUENCE.
    static func isReadable(_ content: ArraySlice<UInt8>, tag: UInt8) -> Bool {
        switch tag {
        case numericString, DERTag.sequence: true
        case DERTag.bitString: content.first.map { $0 < 8 } ?? false
        default: false
        }
    }

    /// The contents of a string as UTF-8; nil where they don't fit its type, and for other types. Bytes of the one-byte
    /// types are taken as Latin-1, T61String included, as everyone takes them.
    static func utf8(_ content: ArraySlice<UInt8>, tag: UInt8) -> [UInt8]? {
        switch tag {
        case DERTag.utf8String:
            return isValidUTF8(content) ? Array(content) : nil
        case numericString, 0x13, 0x14, 0x16:  // Numeric-, Printable-, T61- and IA5String
            if content.allSatisfy({ $0 < 0x80 }) { return Array(content) }
            return encode(content.map { UInt32($0) })
        case 0x1E:  // BMPString
            return wide(content, bytesPerCharacter: 2).flatMap(encode)
        case 0x1C:  // UniversalString
            return wide(content, bytesPerCharacter: 4).flatMap(encode)
        default: return nil
        }
    }

    private static func wide(_ content: ArraySlice<UInt8>, bytesPerCharacter width: Int) -> [UInt32]? {
        guard content.count.isMultiple(of: width) else { return nil }
        return stride(from: content.startIndex, to: content.endIndex, by: width).map { start in
            content[start..<(start + width)].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    private static func encode(_ values: [UInt32]) -> [UInt8]? {
        var text: [UInt8] = []
        text.reserveCapacity(values.count)
        for value in values {
            guard let scalar = Unicode.Scalar(value) else { return nil }
            text.append(contentsOf: scalar.utf8)
        }
        return text
    }

    private static func isValidUTF8(_ bytes: ArraySlice<UInt8>) -> Bool {
        if bytes.allSatisfy({ $0 < 0x80 }) { return true }
        return String(validating: bytes, as: UTF8.self) != nil
    }
}
