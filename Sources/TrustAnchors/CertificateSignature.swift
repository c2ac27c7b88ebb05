import SwiftASN1

/// What is needed to check who signed a certificate (RFC 5280 section 4.1.1).
public struct CertificateSignature: Hashable, Sendable {
    /// The DER of the TBSCertificate.
    public let signedBytes: [UInt8]
    /// The signature's algorithm.
    public let algorithm: OID
    /// The DER of the algorithm's parameters; nil where there are none.
    public let parameters: [UInt8]?
    /// The contents of the BIT STRING.
    public let value: [UInt8]
}

extension Certificate {
    /// The signature; nil where it isn't of whole bytes.
    public var signature: CertificateSignature? {
        guard var outer = try? ASN1Fields(of: parseDER(der, in: der.indices)),
            let signed = try? outer.next(.sequence),
            var algorithm = try? ASN1Fields(of: outer.next(.sequence)),
            let id = try? algorithm.next().oid(),
            let bits = try? outer.next(.bitString).bits(), bits.unused == 0
        else { return nil }
        let parameters = algorithm.isAtEnd ? nil : try? algorithm.next()
        return CertificateSignature(
            signedBytes: Array(signed.encodedBytes), algorithm: id,
            parameters: parameters.map { Array($0.encodedBytes) },
            value: Array(bits.bytes))
    }

    /// The DER of the SubjectPublicKeyInfo.
    public var publicKeyInfo: [UInt8] {
        guard let info = try? publicKeyInfoNode() else { return [] }
        return Array(info.encodedBytes)
    }

    private func publicKeyInfoNode() throws(CertificateError) -> ASN1Node {
        var fields = try signedFields()
        _ = try fields.nextIfPresent(.context(0))
        // Serial number, algorithm, issuer, validity, subject.
        for _ in 0..<5 { _ = try fields.next() }
        return try fields.next(.sequence)
    }

    /// The contents of an extension's OCTET STRING; nil where the certificate lacks it.
    func extensionValue(_ id: OID) -> ArraySlice<UInt8>? {
        guard facts.extensions.all.contains(id), var fields = try? signedFields() else { return nil }
        while let field = try? fields.next() {
            guard field.identifier == .context(3), var wrapper = try? ASN1Fields(of: field, .context(3)),
                let list = try? wrapper.next(.sequence).children()
            else { continue }
            for element in list {
                guard var parts = try? ASN1Fields(of: element), (try? parts.next().oid()) == id else { continue }
                _ = try? parts.nextIfPresent(.boolean)
                return try? parts.next(.octetString).content()
            }
        }
        return nil
    }

    /// The fields of the TBSCertificate.
    private func signedFields() throws(CertificateError) -> ASN1Fields {
        var outer = try ASN1Fields(of: parseDER(der, in: der.indices))
        return try ASN1Fields(of: outer.next(.sequence))
    }
}
