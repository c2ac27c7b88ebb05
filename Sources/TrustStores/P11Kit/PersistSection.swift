import TrustAnchors

/// One section of p11-kit's text form: the attributes of one object, by their names (common/constants.c).
struct PersistSection {
    private var values: [String: Value] = [:]
    private var certificate: [UInt8]?
    private var publicKey: [UInt8]?
    /// The bytes of the file from the section's header to its last line.
    private(set) var extent: Range<Int>

    private enum Value {
        case text([UInt8])
        case flag(Bool)
        case number(UInt)
        case constant(String)
        /// Contents octets.
        case identifier([UInt8])
    }

    init(extent: Range<Int>) { self.extent = extent }

    mutating func end(at position: Int) { extent = extent.lowerBound..<position }

    /// Takes a line; false where the name or the value is unknown.
    mutating func take(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Bool {
        var name = String(decoding: name, as: UTF8.self)
        if name.hasPrefix("CKA_") { name = Self.nickname(name) }
        guard Self.names.contains(name), let value = Self.read(value) else { return false }
        values[name == "x-public-key-info" ? "public-key-info" : name] = value
        return true
    }

    /// Takes the PEM block of the object; false where it isn't one certificate or key.
    mutating func take(_ blocks: [PEMText.Block]) -> Bool {
        guard let block = blocks.first else { return false }
        switch block.label {
        // What was there before stays.
        case "CERTIFICATE": certificate = certificate ?? block.contents
        case "PUBLIC KEY": publicKey = publicKey ?? block.contents
        default: return false
        }
        return true
    }

    /// The object; nil where something that its class needs is missing.
    var object: TrustObject? {
        let isCertificate = certificate != nil && values["class"] == nil
        if isCertificate || isClass("certificate", 1) {
            guard certificate != nil || isConstant("certificate-type", "x-509", 0) else { return nil }
            return .certificate(trustedCertificate)
        }
        if isClass("x-certificate-extension", 0xD844_4700 + 200) {
            guard let attached else { return nil }
            return .attachedExtension(attached)
        }
        return values["class"] == nil ? nil : .other
    }

    private var trustedCertificate: TrustedCertificate {
        var result = TrustedCertificate()
        result.outline = (bytes("value") ?? certificate).flatMap(CertificateOutline.init)
        result.label = bytes("label")
        result.isTrusted = flag("trusted")
        result.isDistrusted = flag("x-distrusted")
        result.issuer = bytes("issuer")
        result.serialNumber = bytes("serial-number")
        result.publicKey = bytes("public-key-info") ?? publicKey
        result.category = category
        result.extent = extent
        return result
    }

    private var attached: AttachedExtension? {
        guard let der = bytes("value"), let key = bytes("public-key-info") ?? publicKey else { return nil }
        let element = try? CertificateOutline.Extension(der)
        let named: [UInt8]? = if case .identifier(let identifier)? = values["object-id"] { identifier } else { nil }
        guard let identifier = named ?? element.map({ Array(der[$0.identifier]) }) else { return nil }
        return AttachedExtension(
            publicKey: key, identifier: identifier, value: element.map { Array(der[$0.value]) }, extent: extent)
    }

    private var category: UInt? {
        switch values["certificate-category"] {
        case .number(let number): number
        case .constant("authority"): 2
        case .constant("token-user"): 1
        case .constant("other-entry"): 3
        case .constant: 0
        default: nil
        }
    }

    private func bytes(_ name: String) -> [UInt8]? {
        if case .text(let bytes)? = values[name], !bytes.isEmpty { bytes } else { nil }
    }

    private func flag(_ name: String) -> Bool {
        if case .flag(true)? = values[name] { true } else { false }
    }

    private func isClass(_ name: String, _ number: UInt) -> Bool { isConstant("class", name, number) }

    private func isConstant(_ attribute: String, _ name: String, _ number: UInt) -> Bool {
        switch values[attribute] {
        case .constant(name), .number(number): true
        default: false
        }
    }
}

extension PersistSection {
    /// The attributes of certificates and of their extensions; of other objects nothing is used.
    private static let names: Set<String> = [
        "class", "token", "private", "label", "application", "value", "object-id", "certificate-type", "issuer",
        "serial-number", "trusted", "certificate-category", "java-midp-security-domain", "url",
        "hash-of-subject-public-key", "hash-of-issuer-public-key", "check-value", "subject", "id", "start-date",
        "end-date", "public-key-info", "x-public-key-info", "modifiable", "copyable", "destroyable",
        "nss-mozilla-ca-policy", "nss-server-distrust-after", "nss-email-distrust-after", "x-distrusted", "x-critical",
        "x-purpose", "x-peer", "x-assertion-type", "x-certificate-value",
    ]

    /// `CKA_SERIAL_NUMBER` as `serial-number`.
    private static func nickname(_ constant: String) -> String {
        String(
            decoding: constant.utf8.dropFirst(4).map { byte in
                switch byte {
                case UInt8(ascii: "_"): UInt8(ascii: "-")
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
                default: byte
                }
            }, as: UTF8.self)
    }

    /// A constant, a quoted string with `%XX`, `true` or `false`, a number, or a dotted object identifier.
    private static func read(_ value: ArraySlice<UInt8>) -> Value? {
        guard let first = value.first, let last = value.last else { return nil }
        if value.count > 1, first == UInt8(ascii: "\""), last == first {
            return unescaped(value.dropFirst().dropLast()).map(Value.text)
        }
        let text = String(decoding: value, as: UTF8.self)
        if text == "true" { return .flag(true) }
        if text == "false" { return .flag(false) }
        if let number = UInt(text) { return .number(number) }
        if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) { return identifier(value).map(Value.identifier) }
        guard value.allSatisfy(isConstantCharacter) else { return nil }
        return .constant(text)
    }

    private static func isConstantCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(hexadecimalDigit), let low = rest.next().flatMap(hexadecimalDigit)
            else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// The contents octets of `1.3.6.1`.
    private static func identifier(_ dotted: ArraySlice<UInt8>) -> [UInt8]? {
        var arcs: [UInt32] = []
        for part in dotted.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard let arc = UInt32(String(decoding: part, as: UTF8.self)) else { return nil }
            arcs.append(arc)
        }
        guard arcs.count > 2, arcs[0] < 3, arcs[1] < 40 || (arcs[0] == 2 && arcs[1] < 0x7FFF) else { return nil }
        return ([arcs[0] * 40 + arcs[1]] + arcs.dropFirst(2)).flatMap(base128)
    }

    private static func base128(_ arc: UInt32) -> [UInt8] {
        var groups = [UInt8(arc & 0x7F)]
        var rest = arc >> 7
        while rest > 0 {
            groups.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return groups.reversed()
    }
}

extension CertificateOutline.Extension {
    /// Reads one encoded `Extension`.
    init(_ der: [UInt8]) throws(CertificateError) {
        var whole = DERReader(der)
        let element = try whole.next(DERTag.sequence)
        guard whole.isAtEnd else { throw CertificateError(offset: whole.position, "more follows the extension") }
        try self.init(element, of: der)
    }
}
