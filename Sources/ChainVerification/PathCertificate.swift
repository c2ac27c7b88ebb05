import TrustAnchors

/// A certificate with what building and checking a path needs to know of it, worked out once.
struct PathCertificate: Sendable {
    let certificate: Certificate
    /// The subject and the issuer as OpenSSL compares them; nil where they can't be compared.
    let subject: [UInt8]?
    let issuer: [UInt8]?
    let authorityKey: AuthorityKeyFacts?
    /// The subject is the issuer.
    let isSelfIssued: Bool
    /// Moreover nothing in it says that another key has signed it. The signature isn't looked at.
    let isSelfSigned: Bool

    var facts: CertificateFacts { certificate.facts }
    var extensions: ExtensionFacts { certificate.facts.extensions }

    init(_ certificate: Certificate) {
        self.certificate = certificate
        subject = certificate.facts.subject.canonicalForm
        issuer = certificate.facts.issuer.canonicalForm
        authorityKey = certificate.authorityKey
        isSelfIssued = subject != nil && subject == issuer
        isSelfSigned = isSelfIssued && Self.names(authorityKey, certificate) && Self.couldSign(certificate, certificate)
    }

    /// Whether `candidate` can be the issuer: by names, key identifiers and the kind of key, without its signature.
    func isIssued(by candidate: PathCertificate) -> Bool {
        guard let issuer, issuer == candidate.subject else { return false }
        return Self.names(authorityKey, candidate.certificate) && Self.couldSign(candidate.certificate, certificate)
    }

    func isValid(at now: Int64) -> Bool { facts.notBefore <= now && now <= facts.notAfter }

    /// Whether an authority key identifier, where there is one, leads to `issuer`.
    private static func names(_ key: AuthorityKeyFacts?, _ issuer: Certificate) -> Bool {
        guard let key else { return true }
        if let identifier = key.keyIdentifier, let other = issuer.facts.extensions.subjectKeyIdentifier,
            identifier != other
        {
            return false
        }
        if let serial = key.serialNumber, serial != issuer.facts.serialNumber.bytes { return false }
        if let name = key.issuer, name.canonicalForm != issuer.facts.issuer.canonicalForm { return false }
        return true
    }

    /// Whether the key of `issuer` is of the kind that `certificate`'s signature is made with.
    private static func couldSign(_ issuer: Certificate, _ certificate: Certificate) -> Bool {
        let key = issuer.facts.publicKey.algorithm
        guard let algorithm = SignatureAlgorithm(certificate.facts.signatureAlgorithm) else { return true }
        return switch algorithm {
        case .rsa: key == .rsaKey
        case .rsaPSS: key == .rsaKey || key == .rsaPSSKey
        case .ecdsa: key == .ellipticCurveKey
        case .ed25519: key == .ed25519Key
        }
    }
}

/// The signature algorithms that are known here.
enum SignatureAlgorithm: Hashable {
    enum Digest: Hashable { case md5, sha1, sha224, sha256, sha384, sha512 }

    case rsa(Digest)
    /// The digest stands in the parameters.
    case rsaPSS
    case ecdsa(Digest)
    case ed25519

    init?(_ id: OID) {
        guard let found = Self.known[id] else { return nil }
        self = found
    }

    private static let known: [OID: SignatureAlgorithm] = [
        OID(1, 2, 840, 113549, 1, 1, 4): .rsa(.md5), OID(1, 2, 840, 113549, 1, 1, 5): .rsa(.sha1),
        OID(1, 3, 14, 3, 2, 29): .rsa(.sha1), OID(1, 2, 840, 113549, 1, 1, 14): .rsa(.sha224),
        OID(1, 2, 840, 113549, 1, 1, 11): .rsa(.sha256), OID(1, 2, 840, 113549, 1, 1, 12): .rsa(.sha384),
        OID(1, 2, 840, 113549, 1, 1, 13): .rsa(.sha512), OID(1, 2, 840, 113549, 1, 1, 10): .rsaPSS,
        OID(1, 2, 840, 10045, 4, 1): .ecdsa(.sha1), OID(1, 2, 840, 10045, 4, 3, 1): .ecdsa(.sha224),
        OID(1, 2, 840, 10045, 4, 3, 2): .ecdsa(.sha256), OID(1, 2, 840, 10045, 4, 3, 3): .ecdsa(.sha384),
        OID(1, 2, 840, 10045, 4, 3, 4): .ecdsa(.sha512), OID(1, 3, 101, 112): .ed25519,
    ]

    /// How many bits of security the digest gives by OpenSSL's reckoning; nil where it depends on parameters.
    var securityBits: Int? {
        switch self {
        case .rsa(let digest), .ecdsa(let digest): digest.securityBits
        case .rsaPSS: nil
        case .ed25519: 128
        }
    }
}

extension SignatureAlgorithm.Digest {
    var securityBits: Int {
        switch self {
        case .md5: 39
        case .sha1: 63
        case .sha224: 112
        case .sha256: 128
        case .sha384: 192
        case .sha512: 256
        }
    }
}

extension OID {
    static let rsaKey = OID(1, 2, 840, 113549, 1, 1, 1)
    static let rsaPSSKey = OID(1, 2, 840, 113549, 1, 1, 10)
    static let ellipticCurveKey = OID(1, 2, 840, 10045, 2, 1)
    static let ed25519Key = OID(1, 3, 101, 112)
    static let ed448Key = OID(1, 3, 101, 113)
}
