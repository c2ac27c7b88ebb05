import SwiftASN1

extension CertificateFacts {
    /// Reads a certificate (RFC 5280 section 4.1) that is the whole of `der`.
    init(reading der: [UInt8]) throws(CertificateError) {
        var outer = try ASN1Fields(of: parseDER(der, in: der.indices))
        var fields = try ASN1Fields(of: outer.next(.sequence))
        let outerAlgorithm = try outer.next(.sequence)
        _ = try outer.next(.bitString).bits()
        try outer.finish()

        version = try Self.version(fields.nextIfPresent(.context(0)))
        serialNumber = SerialNumber(bytes: Array(try fields.next(.integer).integer()))
        let algorithm = try fields.next(.sequence)
        guard algorithm.encodedBytes == outerAlgorithm.encodedBytes else {
            throw CertificateError(
                offset: outerAlgorithm.offset, "the signature algorithm isn't the one that the signed part names")
        }
        var algorithmFields = try ASN1Fields(of: algorithm)
        signatureAlgorithm = try algorithmFields.next().oid()
        issuer = try DistinguishedName(reading: fields.next(.sequence))
        var validity = try ASN1Fields(of: fields.next(.sequence))
        notBefore = try Self.time(validity.next())
        notAfter = try Self.time(validity.next())
        try validity.finish()
        subject = try DistinguishedName(reading: fields.next(.sequence))
        publicKey = try PublicKeyFacts(reading: fields.next(.sequence), of: der)
        _ = try fields.nextIfPresent(.context(1))  // issuer's and subject's unique IDs, long out of use
        _ = try fields.nextIfPresent(.context(2))
        extensions = try ExtensionFacts(reading: fields.nextIfPresent(.context(3)), of: der)
        try fields.finish()
    }

    private static func version(_ node: ASN1Node?) throws(CertificateError) -> Int {
        guard let node else { return 1 }
        var fields = try ASN1Fields(of: node, .context(0))
        let version = try fields.next(.integer).smallInteger()
        try fields.finish()
        guard version <= 2 else { throw CertificateError(offset: node.offset, "there is no version \(version + 1)") }
        return version + 1
    }

    private static func time(_ node: ASN1Node) throws(CertificateError) -> Int64 {
        let yearDigits: Int? =
            switch node.identifier {
            case .utcTime: 2
            case .generalizedTime: 4
            default: nil
            }
        guard let yearDigits, let time = try CalendarTime(node.content(), yearDigits: yearDigits) else {
            throw CertificateError(offset: node.offset, "a time in UTC with seconds is expected here")
        }
        return time.secondsSince1970
    }
}

extension DistinguishedName {
    init(reading node: ASN1Node) throws(CertificateError) {
        var names: [[Attribute]] = []
        for relative in try node.children() {
            guard relative.identifier == .set else {
                throw CertificateError(offset: relative.offset, "a relative name is expected here")
            }
            var attributes: [Attribute] = []
            for attribute in try relative.children() { attributes.append(try Attribute(reading: attribute)) }
            names.append(attributes)
        }
        relativeNames = names
        encoded = Array(node.encodedBytes)
    }
}

extension DistinguishedName.Attribute {
    init(reading node: ASN1Node) throws(CertificateError) {
        var fields = try ASN1Fields(of: node)
        type = try fields.next().oid()
        let value = try fields.next()
        try fields.finish()
        encodedValue = Array(value.encodedBytes)
        guard let tag = encodedValue.first, DirectoryString.isString(tag) else {
            guard value.identifier == .sequence || value.identifier == .bitString else {
                throw CertificateError(offset: value.offset, "a name has a value of a type that OpenSSL can't read")
            }
            text = nil
            return
        }
        guard let utf8 = DirectoryString.utf8(try value.content(), tag: tag) else {
            throw CertificateError(offset: value.offset, "a text doesn't fit its string type")
        }
        text = String(decoding: utf8, as: UTF8.self)
    }
}

extension PublicKeyFacts {
    /// Reads a SubjectPublicKeyInfo. Only what is needed for the size is looked into; keys of a kind that isn't known
    /// are named by their OID.
    init(reading node: ASN1Node, of der: [UInt8]) throws(CertificateError) {
        var fields = try ASN1Fields(of: node)
        var algorithmFields = try ASN1Fields(of: fields.next(.sequence))
        let key = try fields.next(.bitString).bits().bytes
        try fields.finish()
        algorithm = try algorithmFields.next().oid()
        let parameters = algorithmFields.isAtEnd ? nil : try algorithmFields.next()
        switch algorithm {
        case .rsa, .rsaPSS:
            var numbers = try ASN1Fields(of: parseDER(der, in: key.indices))
            bits = try numbers.next().integer().bitWidthOfNumber
            (curve, hasExplicitCurve) = (nil, false)
        case .dsa:
            var numbers = try parameters.map { node throws(CertificateError) in try ASN1Fields(of: node) }
            bits = try numbers?.next().integer().bitWidthOfNumber
            (curve, hasExplicitCurve) = (nil, false)
        case .ellipticCurve:
            hasExplicitCurve = parameters?.identifier != .objectIdentifier
            let named = hasExplicitCurve ? nil : try parameters?.oid()
            let known = named.flatMap { Self.curves[$0]?.bits }
            bits = known ?? Self.primeBits(ofExplicit: parameters) ?? Self.fieldBits(ofPoint: key)
            curve = named.map { Self.curves[$0]?.name ?? $0.description } ?? "with explicit parameters"
        default:
            bits = nil
            (curve, hasExplicitCurve) = (nil, false)
        }
    }
}

extension PublicKeyFacts {
    /// The size of the prime field that explicit parameters name (RFC 3279 section 2.3.5); nil for anything else.
    private static func primeBits(ofExplicit parameters: ASN1Node?) -> Int? {
        guard let parameters, parameters.identifier == .sequence, var fields = try? ASN1Fields(of: parameters),
            (try? fields.next(.integer)) != nil, let field = try? fields.next(),
            var fieldParts = try? ASN1Fields(of: field), (try? fieldParts.next().oid()) == .primeField
        else { return nil }
        return try? fieldParts.next().integer().bitWidthOfNumber
    }

    /// The size of the field, to the byte, that a point is over: 04, x and y; or 02 or 03 and x (SEC 1 section 2.3.3).
    private static func fieldBits(ofPoint point: ArraySlice<UInt8>) -> Int {
        let bytes = point.first == 4 ? (point.count - 1) / 2 : point.count - 1
        return max(0, 8 * bytes)
    }
}

extension ArraySlice<UInt8> {
    /// How many bits a positive INTEGER with these contents has.
    fileprivate var bitWidthOfNumber: Int {
        let digits = drop { $0 == 0 }
        guard let first = digits.first else { return 0 }
        return digits.count * 8 - first.leadingZeroBitCount
    }
}
