import Crypto

/// The hashes of a subject that OpenSSL finds certificates by in a directory (`HHHHHHHH.N`, eight hexadecimal digits).
///
/// They are computed from the DER in a short walk, without reading the rest of the certificate.
public enum SubjectHash {
    /// The hash since OpenSSL 1.0.0 (`openssl x509 -subject_hash`): SHA-1 of the name in a canonical form.
    /// Nil where OpenSSL couldn't read the name.
    public static func current(of certificate: [UInt8]) -> UInt32? {
        current(of: certificate, reading: openSSL)
    }

    /// How a program reads one value of a name.
    package enum NameValue {
        /// UTF-8, compared without regard to case and white space.
        case text([UInt8])
        /// Not text: compared as it is encoded.
        case opaque
        /// The program can't read it, and has no hash for the name.
        case unreadable
    }

    /// The same hash as a program makes it that reads the contents of values, by their tags, in its own way, and that
    /// may keep relative names without attributes.
    package static func current(
        of certificate: [UInt8], keepingEmptySets keepsEmpty: Bool = false,
        reading read: (_ content: ArraySlice<UInt8>, _ tag: UInt8) -> NameValue
    ) -> UInt32? {
        guard let name = subject(of: certificate),
            let canonical = try? canonicalForm(
                of: name, in: certificate, keepingEmptySets: keepsEmpty, reading: read)
        else { return nil }
        return littleEndian(Insecure.SHA1.hash(data: canonical))
    }

    static func openSSL(_ content: ArraySlice<UInt8>, _ tag: UInt8) -> NameValue {
        if DirectoryString.isText(tag) {
            return DirectoryString.utf8(content, tag: tag).map(NameValue.text) ?? .unreadable
        }
        return DirectoryString.isReadable(content, tag: tag) ? .opaque : .unreadable
    }

    /// The hash before OpenSSL 1.0.0 (`-subject_hash_old`): MD5 of the name's DER. Nil where the walk finds no name.
    public static func legacy(of certificate: [UInt8]) -> UInt32? {
        guard let name = subject(of: certificate) else { return nil }
        return littleEndian(Insecure.MD5.hash(data: certificate[name.start..<name.end]))
    }

    static func littleEndian(_ digest: some Sequence<UInt8>) -> UInt32 {
        digest.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The subject of a certificate, as `TBSCertificate` has it (RFC 5280 section 4.1).
    static func subject(of certificate: [UInt8]) -> DERElement? {
        do {
            var outer = DERReader(certificate)
            var body = DERReader(try outer.next(DERTag.sequence), of: certificate)
            var fields = DERReader(try body.next(DERTag.sequence), of: certificate)
            if fields.nextTag == DERTag.context(0) { _ = try fields.next() }  // version
            _ = try fields.next(DERTag.integer)  // serial number
            _ = try fields.next(DERTag.sequence)  // signature algorithm
            _ = try fields.next(DERTag.sequence)  // issuer
            _ = try fields.next(DERTag.sequence)  // validity
            return try fields.next(DERTag.sequence)
        } catch {
            return nil
        }
    }
}

extension SubjectHash {
    /// The name as `X509_NAME` keeps it for comparing: its relative names one after the other, without the SEQUENCE
    /// around them, every text as UTF-8 in lower case with single spaces, and each SET sorted anew. A relative name
    /// without attributes leaves nothing.
    static func canonicalForm(
        of name: DERElement, in bytes: [UInt8], keepingEmptySets keepsEmpty: Bool = false,
        reading read: (_ content: ArraySlice<UInt8>, _ tag: UInt8) -> NameValue = openSSL
    ) throws(CertificateError) -> [UInt8] {
        var canonical: [UInt8] = []
        canonical.reserveCapacity(name.content.count)
        var relatives = DERReader(name, of: bytes)
        while !relatives.isAtEnd {
            var attributes = DERReader(try relatives.next(DERTag.set), of: bytes)
            var encoded: [[UInt8]] = []
            while !attributes.isAtEnd { encoded.append(try canonicalAttribute(from: &attributes, reading: read)) }
            if encoded.count > 1 { encoded.sort { $0.lexicographicallyPrecedes($1) } }
            if keepsEmpty || !encoded.isEmpty { appendElement(DERTag.set, Array(encoded.joined()), to: &canonical) }
        }
        return canonical
    }

    private static func canonicalAttribute(
        from attributes: inout DERReader, reading read: (ArraySlice<UInt8>, UInt8) -> NameValue
    ) throws(CertificateError) -> [UInt8] {
        let bytes = attributes.bytes
        var fields = DERReader(try attributes.next(DERTag.sequence), of: bytes)
        let type = try fields.next(DERTag.objectIdentifier)
        let value = try fields.next()
        guard fields.isAtEnd, OID.isValid(bytes[type.content]) else {
            throw CertificateError(offset: type.start, "it is no attribute")
        }
        var content = Array(bytes[type.start..<type.end])
        switch read(bytes[value.content], value.tag) {
        case .text(let text): appendElement(DERTag.utf8String, folded(text), to: &content)
        case .opaque: content += bytes[value.start..<value.end]
        case .unreadable: throw CertificateError(offset: value.start, "a value that doesn't fit its type")
        }
        var attribute: [UInt8] = []
        appendElement(DERTag.sequence, content, to: &attribute)
        return attribute
    }

    /// Without white space at the ends, with one space for each run of it, and A to Z in lower case.
    private static func folded(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var isAfterSpace = false
        for byte in text {
            if byte == 0x20 || (0x09...0x0D).contains(byte) {
                isAfterSpace = !result.isEmpty
                continue
            }
            if isAfterSpace { result.append(0x20) }
            isAfterSpace = false
            result.append(byte.asciiLowercased)
        }
        return result
    }

    private static func appendElement(_ tag: UInt8, _ content: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(tag)
        let count = content.count
        if count < 0x80 {
            bytes.append(UInt8(count))
        } else {
            let octets = (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }.drop { $0 == 0 }
            bytes.append(0x80 | UInt8(octets.count))
            bytes += octets
        }
        bytes += content
    }
}
