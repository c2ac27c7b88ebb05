import RootFS

/// Tells private keys, which have no business in a trust store.
enum KeyMaterial {
    /// Whether the label of a private key stands anywhere in a text, in a block or not.
    static func isLabelled(in text: [UInt8]) -> Bool {
        let label = Array("PRIVATE KEY".utf8)
        var position = 0
        while let found = text.firstRange(of: label, in: position..<text.count) {
            position = found.upperBound
            let rest = text[position...]
            if rest.starts(with: "-----".utf8) || rest.starts(with: " BLOCK-----".utf8) { return true }
        }
        return text.starts(with: "PuTTY-User-Key-File".utf8)
    }

    /// Whether DER is a private key: PKCS#8 (RFC 5958), also encrypted, PKCS#1 (RFC 8017), SEC 1 (RFC 5915) or the
    /// form that OpenSSL gives DSA keys.
    static func isPrivateKey(_ der: [UInt8]) -> Bool {
        guard var fields = DERReader(contentsOf: der), let first = try? fields.next() else { return false }
        let second = try? fields.next()
        switch (first.tag, second?.tag) {
        case (DERTag.sequence, DERTag.octetString):  // EncryptedPrivateKeyInfo, or a DigestInfo that nobody keeps
            return true
        case (DERTag.integer, DERTag.octetString):  // ECPrivateKey
            return true
        case (DERTag.integer, DERTag.sequence):  // PrivateKeyInfo
            return (try? fields.next())?.tag == DERTag.octetString
        case (DERTag.integer, DERTag.integer):  // RSAPrivateKey and DSA; public keys and parameters have fewer numbers
            let others = (0..<4).map { _ in try? fields.next() }
            return first.content.count == 1 && others.allSatisfy { $0?.tag == DERTag.integer }
        default: return false
        }
    }
}
