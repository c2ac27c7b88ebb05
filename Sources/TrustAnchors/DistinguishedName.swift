import RootFS

/// A subject or an issuer (X.501 `Name`), its attributes in the order of the certificate.
public struct DistinguishedName: Hashable, Sendable, CustomStringConvertible {
    /// One attribute, such as the common name.
    public struct Attribute: Hashable, Sendable {
        /// Such as that of `CN`.
        public let type: OID
        /// The decoded text, raw: it may hold control characters. Nil where the value isn't a string.
        public let text: String?
        /// The DER of the value.
        public let encodedValue: [UInt8]
    }

    /// The relative names; nearly always of one attribute each. Both levels may be empty.
    public let relativeNames: [[Attribute]]
    /// The DER of the whole name.
    public let encoded: [UInt8]

    /// Whether it has no attribute at all.
    public var isEmpty: Bool { relativeNames.allSatisfy(\.isEmpty) }

    /// One line in the certificate's order, such as `C=US, O=Acme, CN=Acme Root`: attributes of one relative name are
    /// joined with `+`, characters that separate are escaped as in RFC 4514, all else is raw. An empty name gives an
    /// empty text.
    public var description: String {
        relativeNames.filter { !$0.isEmpty }
            .map { $0.map(\.description).joined(separator: "+") }
            .joined(separator: ", ")
    }

    /// The description, safe to print and at most 400 characters of it: X.520 has no attribute beyond 64 in use.
    public var displayName: String { printable(description, limit: 400) }

    /// The common name that comes last, which is the most specific.
    public var commonName: String? { last(.commonName) }
    /// The organization that comes last.
    public var organization: String? { last(.organization) }
    /// The organizational unit that comes last.
    public var organizationalUnit: String? { last(.organizationalUnit) }

    private func last(_ type: OID) -> String? {
        relativeNames.joined().last { $0.type == type && $0.text?.isEmpty == false }?.text
    }

    /// Whether an attribute holds what breaks bundles that carry names as labels: a control character or a line
    /// separator, or five hyphens.
    var isUnsafe: Bool {
        relativeNames.joined().contains { attribute in
            guard let text = attribute.text else { return false }
            return text.utf8.containsFiveHyphens || text.unicodeScalars.contains(where: \.endsLines)
        }
    }
}

extension DistinguishedName.Attribute: CustomStringConvertible {
    /// `CN=Acme Root`; a value that isn't a string as its DER in hexadecimal after `#`.
    public var description: String {
        guard let text else { return "\(type.name)=#\(encodedValue.hexadecimal)" }
        let special = Array(",+\"\\<>;#".utf8)
        guard text.utf8.contains(where: special.contains) else { return "\(type.name)=\(text)" }
        var escaped = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            switch scalar {
            case ",", "+", "\"", "\\", "<", ">", ";": escaped += "\\"
            case "#" where index == 0: escaped += "\\"
            default: break
            }
            escaped.unicodeScalars.append(scalar)
        }
        return "\(type.name)=\(escaped)"
    }
}

extension Unicode.Scalar {
    fileprivate var endsLines: Bool {
        if value < 0x80 { return value < 0x20 || value == 0x7F }
        return switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

extension String.UTF8View {
    fileprivate var containsFiveHyphens: Bool {
        var run = 0
        for byte in self {
            run = byte == UInt8(ascii: "-") ? run + 1 : 0
            if run == 5 { return true }
        }
        return false
    }
}
