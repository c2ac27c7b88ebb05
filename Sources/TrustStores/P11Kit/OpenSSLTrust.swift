import TrustAnchors

/// OpenSSL's trusted certificate: a certificate and, right behind it, what it is trusted for (`X509_CERT_AUX`,
/// crypto/x509/x_x509a.c).
enum OpenSSLTrust {
    /// `CertAux ::= SEQUENCE { trust SEQUENCE OF OID OPTIONAL, reject [0] SEQUENCE OF OID OPTIONAL, alias UTF8String
    /// OPTIONAL, keyid OCTET STRING OPTIONAL, other [1] … OPTIONAL }`, implicitly tagged.
    private struct Auxiliary {
        var trusted: [[UInt8]] = []
        var rejected: [[UInt8]]?
        var alias: [UInt8]?
        /// The whole encoded OCTET STRING.
        var keyIdentifier: [UInt8]?

        init(_ bytes: [UInt8], in range: Range<Int>) throws(CertificateError) {
            var whole = DERReader(bytes, in: range)
            var fields = DERReader(try whole.next(DERTag.sequence), of: bytes)
            guard whole.isAtEnd else { throw CertificateError(offset: whole.position, "more follows") }
            if fields.nextTag == DERTag.sequence { trusted = try Self.identifiers(in: try fields.next(), of: bytes) }
            if fields.nextTag == DERTag.context(0) { rejected = try Self.identifiers(in: try fields.next(), of: bytes) }
            if fields.nextTag == DERTag.utf8String { alias = Array(bytes[try fields.next().content]) }
            if fields.nextTag == DERTag.octetString { keyIdentifier = Array(bytes[try fields.next().range]) }
            if fields.nextTag == DERTag.context(1) { _ = try fields.next() }
            guard fields.isAtEnd else { throw CertificateError(offset: fields.position, "an unknown field") }
        }

        private static func identifiers(in list: DERElement, of bytes: [UInt8]) throws(CertificateError) -> [[UInt8]] {
            var reader = DERReader(list, of: bytes)
            var found: [[UInt8]] = []
            while !reader.isAtEnd { found.append(Array(bytes[try reader.next(DERTag.objectIdentifier).content])) }
            return found
        }
    }

    /// What p11-kit makes of such a certificate: its purposes become attached extensions, and one without any is
    /// distrusted. Empty where it can't be read.
    static func objects(of bytes: [UInt8]) -> [TrustObject] {
        var reader = DERReader(bytes)
        guard let element = try? reader.next(DERTag.sequence),
            let outline = CertificateOutline(Array(bytes[element.range]))
        else { return [] }
        var certificate = TrustedCertificate(outline: outline)
        guard element.end < bytes.count else { return [.certificate(certificate)] }
        guard let auxiliary = try? Auxiliary(bytes, in: element.end..<bytes.count) else { return [] }

        let key = Array(outline.der[outline.publicKey])
        let rejected = HashOrder.sorted(auxiliary.rejected ?? [])
        let trusted = HashOrder.sorted(auxiliary.trusted, removing: rejected)
        var objects: [TrustObject] = [
            .attachedExtension(usage(trusted, key: key, identifier: ExtensionValue.extendedKeyUsage))
        ]
        if !rejected.isEmpty {
            let usage = usage(rejected, key: key, identifier: ExtensionValue.rejectedPurposes)
            objects.append(.attachedExtension(usage))
        }
        if let identifier = auxiliary.keyIdentifier {
            objects.append(
                .attachedExtension(
                    AttachedExtension(
                        publicKey: key, identifier: ExtensionValue.subjectKeyIdentifier, value: identifier)))
        }
        certificate.label = auxiliary.alias.map { Array($0.prefix { $0 != 0 }) }
        certificate.isTrusted = !trusted.isEmpty
        certificate.isDistrusted = trusted.isEmpty
        objects.append(.certificate(certificate))
        return objects
    }

    private static func usage(_ purposes: [[UInt8]], key: [UInt8], identifier: [UInt8]) -> AttachedExtension {
        let listed = purposes.isEmpty ? [ExtensionValue.reservedPurpose] : purposes
        return AttachedExtension(publicKey: key, identifier: identifier, value: sequence(of: listed))
    }

    private static func sequence(of identifiers: [[UInt8]], tag: UInt8 = DERTag.sequence) -> [UInt8] {
        DEREncoding.element(tag, identifiers.flatMap { DEREncoding.element(DERTag.objectIdentifier, $0) })
    }

    /// The encoded `CertAux` of what p11-kit holds.
    static func auxiliary(
        trusted: [[UInt8]]?, rejected: [[UInt8]]?, alias: [UInt8]?, keyIdentifier: [UInt8]?
    ) -> [UInt8] {
        var fields: [UInt8] = []
        if let trusted { fields += sequence(of: trusted) }
        if let rejected { fields += sequence(of: rejected, tag: DERTag.context(0)) }
        if let alias { fields += DEREncoding.element(DERTag.utf8String, alias) }
        if let keyIdentifier { fields += DEREncoding.element(DERTag.octetString, keyIdentifier) }
        return DEREncoding.element(DERTag.sequence, fields)
    }
}

/// Writes DER (ITU-T X.690 section 8.1).
enum DEREncoding {
    /// An element with a one-octet tag.
    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var bytes = [tag]
        if content.count < 0x80 {
            bytes.append(UInt8(content.count))
        } else {
            let octets = (0..<8).reversed().map { UInt8(truncatingIfNeeded: content.count >> (8 * $0)) }.drop {
                $0 == 0
            }
            bytes.append(0x80 | UInt8(octets.count))
            bytes += octets
        }
        return bytes + content
    }
}
