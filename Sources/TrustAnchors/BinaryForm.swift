/// What DER is the encoding of, told from its first elements.
enum BinaryForm: Hashable {
    /// A certificate, or nothing that is known.
    case certificate
    case pkcs7
    case privateKey
    /// A container that isn't read, with its name.
    case foreign(String)
    /// Something without certificates or keys, with its name.
    case other(String)

    init(of der: [UInt8]) {
        if KeyMaterial.isPrivateKey(der) {
            self = .privateKey
            return
        }
        let tags = Self.tags(of: der)
        let inner = Self.tags(of: der, inFirst: true)
        switch (tags.first, tags.dropFirst().first) {
        case (DERTag.objectIdentifier, _): self = .pkcs7
        case (DERTag.integer, DERTag.sequence): self = .foreign("a PKCS#12 file")
        case (DERTag.sequence, DERTag.bitString): self = .other("a public key")
        case (DERTag.integer, DERTag.integer): self = .other("a public key")
        case (DERTag.sequence, DERTag.sequence):
            let fields = inner.first == DERTag.integer ? Array(inner.dropFirst()) : inner
            if fields.count > 2, fields[2] == DERTag.utcTime || fields[2] == DERTag.generalizedTime {
                self = .other("a revocation list")
            } else if inner.prefix(4) == [DERTag.integer, DERTag.sequence, DERTag.sequence, DERTag.context(0)] {
                self = .other("a certificate request")
            } else {
                self = .certificate
            }
        default: self = .certificate
        }
    }

    /// Whether a file is DER (or BER) rather than text: a SEQUENCE whose length isn't that of a short word.
    static func looksLikeDER(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 1, bytes[0] == DERTag.sequence else { return false }
        return bytes[1] >= 0x80 || Int(bytes[1]) == bytes.count - 2
    }

    /// The name of a container that announces itself by its first bytes; nil for any other input.
    static func foreignName(of bytes: [UInt8]) -> String? {
        let start = bytes.prefix(8)
        if start.starts(with: [0xFE, 0xED, 0xFE, 0xED]) { return "a Java keystore (JKS)" }
        if start.starts(with: [0xCE, 0xCE, 0xCE, 0xCE]) { return "a Java keystore (JCEKS)" }
        if start.elementsEqual([0, 0, 0, 0] + Array("CERT".utf8)) { return "a serialized Windows store (SST)" }
        return nil
    }

    /// The tags of the first eight elements in the outermost one, or in the first of them, also of an indefinite length.
    private static func tags(of der: [UInt8], inFirst: Bool = false) -> [UInt8] {
        guard var reader = DERReader(contentsOf: der) else { return [] }
        if inFirst {
            guard let first = try? reader.next(), first.isConstructed else { return [] }
            reader = DERReader(first, of: der)
        }
        var tags: [UInt8] = []
        while tags.count < 8, !reader.isAtEnd {
            guard let tag = reader.nextTag else { break }
            tags.append(tag)
            guard (try? reader.next()) != nil else { break }
        }
        return tags
    }
}

extension DERReader {
    /// Reads what is in an outermost SEQUENCE, to the end of the bytes where its length is indefinite (BER).
    init?(contentsOf der: [UInt8]) {
        if der.count > 2, der[0] == DERTag.sequence, der[1] == 0x80 {
            self.init(der, in: 2..<der.count)
            return
        }
        var outer = DERReader(der)
        guard let whole = try? outer.next(), whole.tag == DERTag.sequence else { return nil }
        self.init(whole, of: der)
    }
}
