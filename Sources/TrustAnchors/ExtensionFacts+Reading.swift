import SwiftASN1

extension ExtensionFacts {
    /// Reads the extensions field of a certificate; `der` is the whole certificate, so that offsets count from its start.
    init(reading node: ASN1Node?, of der: [UInt8]) throws(CertificateError) {
        self.init()
        guard let node else { return }
        var wrapper = try ASN1Fields(of: node, .context(3))
        let list = try wrapper.next(.sequence)
        try wrapper.finish()
        var seen: Set<OID> = []
        for element in try list.children() {
            var fields = try ASN1Fields(of: element)
            let id = try fields.next().oid()
            let isCritical = try fields.nextIfPresent(.boolean)?.boolean() ?? false
            let value = try fields.next(.octetString).content()
            try fields.finish()
            guard seen.insert(id).inserted else {
                throw CertificateError(offset: element.offset, "the extension \(id.name) stands here a second time")
            }
            all.append(id)
            if isCritical, !Self.knownCritical.contains(id) { unknownCritical.append(id) }
            try read(id, isCritical: isCritical, value: value, of: der)
        }
    }

    /// The extensions that both OpenSSL 3 (`X509_supported_extension`) and Go (`crypto/x509`) accept as critical.
    private static let knownCritical: Set<OID> = [
        .keyUsage, .subjectAlternativeName, .basicConstraints, .nameConstraints, .distributionPoints,
        .certificatePolicies, .policyMappings, .policyConstraints, .extendedKeyUsage, .inhibitAnyPolicy,
    ]

    private mutating func read(
        _ id: OID, isCritical: Bool, value: ArraySlice<UInt8>, of der: [UInt8]
    ) throws(CertificateError) {
        switch id {
        case .basicConstraints:
            let node = try parseDER(der, in: value.indices)
            basicConstraints = try BasicConstraints(reading: node, isCritical: isCritical)
        case .keyUsage:
            let usages = try KeyUsages(reading: parseDER(der, in: value.indices))
            keyUsage = KeyUsage(isCritical: isCritical, usages: usages)
        case .extendedKeyUsage:
            var usages: [OID] = []
            let list = try parseDER(der, in: value.indices)
            for usage in try list.children() { usages.append(try usage.oid()) }
            extendedKeyUsage = usages
        case .nameConstraints:
            nameConstraints = try NameConstraints(reading: parseDER(der, in: value.indices))
        case .subjectKeyIdentifier:
            let node = try parseDER(der, in: value.indices)
            guard node.identifier == .octetString else {
                throw CertificateError(offset: node.offset, "a key identifier is expected here")
            }
            subjectKeyIdentifier = Array(try node.content())
        case .authorityKeyIdentifier:
            var fields = try ASN1Fields(of: parseDER(der, in: value.indices))
            authorityKeyIdentifier = try fields.nextIfPresent(.context(0)).map { node throws(CertificateError) in
                Array(try node.content())
            }
        default: break
        }
    }
}

extension ExtensionFacts.BasicConstraints {
    fileprivate init(reading node: ASN1Node, isCritical: Bool) throws(CertificateError) {
        var fields = try ASN1Fields(of: node)
        self.isCritical = isCritical
        isAuthority = try fields.nextIfPresent(.boolean)?.boolean() ?? false
        pathLength = try fields.nextIfPresent(.integer)?.smallInteger()
        try fields.finish()
    }
}

extension KeyUsages {
    fileprivate init(reading node: ASN1Node) throws(CertificateError) {
        let bytes = Array(try node.bits().bytes.prefix(2))
        self.init(
            rawValue: (0..<9).reduce(0) { usages, bit in
                guard bit / 8 < bytes.count, bytes[bit / 8] & 0x80 >> (bit % 8) != 0 else { return usages }
                return usages | 1 << UInt16(bit)
            })
    }
}

extension ExtensionFacts.NameConstraints {
    fileprivate init(reading node: ASN1Node) throws(CertificateError) {
        var fields = try ASN1Fields(of: node)
        permitted = try Self.names(fields.nextIfPresent(.context(0)))
        excluded = try Self.names(fields.nextIfPresent(.context(1)))
        try fields.finish()
    }

    private static func names(_ subtrees: ASN1Node?) throws(CertificateError) -> [String] {
        var names: [String] = []
        for subtree in try subtrees?.children() ?? [] {
            var fields = try ASN1Fields(of: subtree)
            names.append(try name(fields.next()))
        }
        return names
    }

    /// A GeneralName (RFC 5280 section 4.2.1.6) as text.
    private static func name(_ node: ASN1Node) throws(CertificateError) -> String {
        guard node.identifier.tagClass == .contextSpecific else {
            throw CertificateError(offset: node.offset, "a general name is expected here")
        }
        switch node.identifier.tagNumber {
        case 1: return "email:" + String(decoding: try node.content(), as: UTF8.self)
        case 2: return "DNS:" + String(decoding: try node.content(), as: UTF8.self)
        case 4:
            var fields = try ASN1Fields(of: node, .context(4))
            return "directory:" + (try DistinguishedName(reading: fields.next(.sequence)).description)
        case 6: return "URI:" + String(decoding: try node.content(), as: UTF8.self)
        case 7: return "IP:" + subnet(Array(try node.content()))
        default: return "other:#" + node.encodedBytes.hexadecimal
        }
    }

    /// An address and a mask, one after the other, as `10.0.0.0/8`.
    private static func subnet(_ bytes: [UInt8]) -> String {
        let (address, mask) = (bytes.prefix(bytes.count / 2), bytes.suffix(bytes.count / 2))
        let ones = mask.reduce(0) { $0 + $1.nonzeroBitCount }
        let isPrefix = mask.enumerated().allSatisfy { index, byte in
            byte == UInt8(truncatingIfNeeded: 0xFF00 >> max(0, min(8, ones - 8 * index)))
        }
        let maskText = isPrefix ? String(ones) : addressText(Array(mask))
        switch bytes.count {
        case 8, 32: return "\(addressText(Array(address)))/\(maskText)"
        default: return "#" + bytes.hexadecimal
        }
    }

    private static func addressText(_ bytes: [UInt8]) -> String {
        if bytes.count == 4 { return bytes.map { String($0) }.joined(separator: ".") }
        return stride(from: 0, to: bytes.count - 1, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }
}
