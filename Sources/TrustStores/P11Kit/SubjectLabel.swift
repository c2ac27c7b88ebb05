import TrustAnchors

/// The name that p11-kit gives a certificate that has none: from its subject.
enum SubjectLabel {
    /// Which of several common names is taken.
    enum Rule {
        /// The first: p11-kit before 0.26.0.
        case first
        /// That of the last relative name, which RFC 4514 writes first: since 0.26.0.
        case last
    }

    /// commonName, organizationalUnitName, organizationName
    private static let attributes: [[UInt8]] = [[0x55, 0x04, 0x03], [0x55, 0x04, 0x0B], [0x55, 0x04, 0x0A]]

    /// The text of the first attribute of these that the subject has in a form that p11-kit reads; it may be empty.
    static func label(of outline: CertificateOutline, _ rule: Rule) -> [UInt8]? {
        guard let names = try? relativeNames(of: outline) else { return nil }
        let ordered = rule == .first ? names : names.reversed()
        for attribute in attributes {
            // p11-kit stops at a relative name without attributes.
            let match = ordered.prefix { !$0.isEmpty }.lazy.joined().first {
                outline.der[$0.type].elementsEqual(attribute)
            }
            guard let match, case .text(let text) = read(outline.der[match.value.content], match.value.tag) else {
                continue
            }
            return Array(text.prefix { $0 != 0 })
        }
        return nil
    }

    private struct Attribute {
        let type: Range<Int>
        let value: DERElement
    }

    private static func relativeNames(of outline: CertificateOutline) throws(CertificateError) -> [[Attribute]] {
        let der = outline.der
        var whole = DERReader(der, in: outline.subject)
        var name = DERReader(try whole.next(), of: der)
        var names: [[Attribute]] = []
        while !name.isAtEnd {
            var set = DERReader(try name.next(DERTag.set), of: der)
            var attributes: [Attribute] = []
            while !set.isAtEnd {
                var fields = DERReader(try set.next(DERTag.sequence), of: der)
                let type = try fields.next(DERTag.objectIdentifier).content
                attributes.append(Attribute(type: type, value: try fields.next()))
            }
            names.append(attributes)
        }
        return names
    }

    /// Reads a value as p11-kit does (trust/x509.c): one-byte strings must be UTF-8, whatever their type says, and
    /// VisibleString is none.
    static func read(_ content: ArraySlice<UInt8>, _ tag: UInt8) -> SubjectHash.NameValue {
        switch tag {
        case 0x0C, 0x12, 0x13, 0x14, 0x16:  // UTF8-, Numeric-, Printable-, Teletex- and IA5String
            isUTF8(content) ? .text(Array(content)) : .unreadable
        case 0x1E: wide(content, bytesPerCharacter: 2).map(SubjectHash.NameValue.text) ?? .unreadable
        case 0x1C: wide(content, bytesPerCharacter: 4).map(SubjectHash.NameValue.text) ?? .unreadable
        default: .opaque
        }
    }

    private static func isUTF8(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
    }

    /// BMPString and UniversalString; surrogates are encoded one by one.
    private static func wide(_ content: ArraySlice<UInt8>, bytesPerCharacter width: Int) -> [UInt8]? {
        guard content.count.isMultiple(of: width) else { return nil }
        var text: [UInt8] = []
        for start in stride(from: content.startIndex, to: content.endIndex, by: width) {
            let value = content[start..<(start + width)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            switch value {
            case ..<0x80: text.append(UInt8(value))
            case ..<0x800: text += [0xC0 | UInt8(value >> 6), continuation(value)]
            case ..<0x10000:
                text += [0xE0 | UInt8(value >> 12), continuation(value >> 6), continuation(value)]
            case ..<0x20_0000:
                text += [
                    0xF0 | UInt8(value >> 18), continuation(value >> 12), continuation(value >> 6), continuation(value),
                ]
            default: return nil
            }
        }
        return text
    }

    private static func continuation(_ value: UInt32) -> UInt8 { 0x80 | UInt8(value & 0x3F) }
}
