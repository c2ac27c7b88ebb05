import TrustAnchors

/// The parts of a certificate that decide what p11-kit makes of it, by their offsets in the DER.
///
/// It is read in one short walk; nothing is copied, and what the walk doesn't need isn't checked. It is a class so that
/// what is computed from it is computed once, for all the outputs that show it.
final class CertificateOutline {
    /// An extension's identifier (contents octets) and its value, without the OCTET STRING around it.
    struct Extension {
        let identifier: Range<Int>
        let value: Range<Int>
    }

    let der: [UInt8]
    /// The certificate as a PEM block.
    private(set) lazy var pem = PEM.encode(der)
    /// The numbers by which OpenSSL looks for it, today's and the one before 1.0.0, as far as p11-kit has them.
    private(set) lazy var subjectHashes = [
        SubjectHash.current(of: der, keepingEmptySets: true, reading: SubjectLabel.read), SubjectHash.legacy(of: der),
    ].compactMap { $0 }
    private var trusted: (auxiliary: [UInt8], block: [UInt8])?
    private(set) lazy var labelOfFirst = SubjectLabel.label(of: self, .first)
    private(set) lazy var labelOfLast = SubjectLabel.label(of: self, .last)
    let isVersion1: Bool
    /// The whole encoded element, as are the others.
    let serialNumber: Range<Int>
    let issuer: Range<Int>
    let subject: Range<Int>
    let publicKey: Range<Int>
    let extensions: [Extension]

    /// Nil unless all of `der` is one certificate.
    init?(_ der: [UInt8]) {
        do {
            var whole = DERReader(der)
            var parts = DERReader(try whole.next(DERTag.sequence), of: der)
            guard whole.isAtEnd else { return nil }
            var fields = DERReader(try parts.next(DERTag.sequence), of: der)
            _ = try parts.next(DERTag.sequence)  // signature algorithm
            _ = try parts.next(DERTag.bitString)  // signature
            guard parts.isAtEnd else { return nil }

            var isVersion1 = true
            if fields.nextTag == DERTag.context(0) {
                var version = DERReader(try fields.next(), of: der)
                let number = try version.next(DERTag.integer)
                isVersion1 = der[number.content].elementsEqual([0])
            }
            self.isVersion1 = isVersion1
            serialNumber = try fields.next(DERTag.integer).range
            _ = try fields.next(DERTag.sequence)  // signature algorithm
            issuer = try fields.next(DERTag.sequence).range
            _ = try fields.next(DERTag.sequence)  // validity
            subject = try fields.next(DERTag.sequence).range
            publicKey = try fields.next(DERTag.sequence).range
            extensions = try Self.extensions(in: &fields, of: der)
            self.der = der
        } catch {
            return nil
        }
    }

    private static func extensions(
        in fields: inout DERReader, of der: [UInt8]
    ) throws(CertificateError) -> [Extension] {
        while let tag = fields.nextTag, tag != DERTag.context(3) { _ = try fields.next() }  // unique identifiers
        guard !fields.isAtEnd else { return [] }
        var wrapper = DERReader(try fields.next(), of: der)
        var list = DERReader(try wrapper.next(DERTag.sequence), of: der)
        var found: [Extension] = []
        while !list.isAtEnd {
            found.append(try Extension(try list.next(DERTag.sequence), of: der))
        }
        return found
    }

    /// The value of the first extension of a kind.
    func value(of identifier: [UInt8]) -> ArraySlice<UInt8>? {
        extensions.first { der[$0.identifier].elementsEqual(identifier) }.map { der[$0.value] }
    }

    /// The certificate with OpenSSL's trust settings, an encoded `CertAux`, as a PEM block.
    func trustedBlock(_ auxiliary: [UInt8]) -> [UInt8] {
        if let trusted, trusted.auxiliary == auxiliary { return trusted.block }
        let block = PEM.encode(der + auxiliary, label: "TRUSTED CERTIFICATE")
        trusted = (auxiliary, block)
        return block
    }

    /// Whether this is a root of X.509 version 1, which had no way to say so.
    var isVersion1Root: Bool { isVersion1 && der[issuer].elementsEqual(der[subject]) }
}

extension CertificateOutline.Extension {
    /// Reads `Extension` (RFC 5280 section 4.1).
    init(_ element: DERElement, of bytes: [UInt8]) throws(CertificateError) {
        var fields = DERReader(element, of: bytes)
        identifier = try fields.next(DERTag.objectIdentifier).content
        if fields.nextTag == DERTag.boolean { _ = try fields.next() }
        value = try fields.next(DERTag.octetString).content
    }
}

extension DERElement {
    /// From its identifier octet to its end.
    var range: Range<Int> { start..<end }
}
