/// What a certificate says of itself (RFC 5280 section 4), read from its DER; nothing here is judged or made printable.
public struct CertificateFacts: Hashable, Sendable {
    /// 1, 2 or 3.
    public let version: Int
    /// Unique among what the issuer issued.
    public let serialNumber: SerialNumber
    /// The name of the CA that signed it; its own in a root.
    public let issuer: DistinguishedName
    /// The name of the CA or server that it is for.
    public let subject: DistinguishedName
    /// Seconds since 1970-01-01T00:00:00Z.
    public let notBefore: Int64
    /// Seconds since 1970-01-01T00:00:00Z; the certificate is still good in this second.
    public let notAfter: Int64
    /// The kind and size of the subject's key.
    public let publicKey: PublicKeyFacts
    /// What the issuer signed it with.
    public let signatureAlgorithm: OID
    /// What its extensions say; nothing in a certificate before version 3.
    public let extensions: ExtensionFacts

    /// Whether the subject and the issuer are the same bytes, as they are in a root.
    public var isSelfIssued: Bool { subject.encoded == issuer.encoded }
}

/// A certificate's serial number: a whole number of any size.
public struct SerialNumber: Hashable, Sendable {
    /// Two's complement, most significant byte first.
    public let bytes: [UInt8]

    /// Whether it is below zero, which RFC 5280 forbids.
    public var isNegative: Bool { bytes.first.map { $0 >= 0x80 } ?? false }

    /// Lower-case hexadecimal of the encoded bytes.
    public var hex: String { bytes.hexadecimal }
}

/// What the extensions of a certificate say (RFC 5280 section 4.2).
public struct ExtensionFacts: Hashable, Sendable {
    /// Whether it is a CA (section 4.2.1.9).
    public struct BasicConstraints: Hashable, Sendable {
        /// Whether verifiers that don't know the extension must refuse the certificate.
        public let isCritical: Bool
        /// The CA flag.
        public let isAuthority: Bool
        /// How many intermediates may follow.
        public let pathLength: Int?
    }

    /// What the key is for (section 4.2.1.3).
    public struct KeyUsage: Hashable, Sendable {
        /// Whether verifiers that don't know the extension must refuse the certificate.
        public let isCritical: Bool
        /// The bits that are set.
        public let usages: KeyUsages
    }

    /// The names that certificates below this one are held to, such as `DNS:corp.example` or `IP:10.0.0.0/8`.
    public struct NameConstraints: Hashable, Sendable {
        /// If there are any of a kind, names of that kind must match one.
        public let permitted: [String]
        /// Names that must match none.
        public let excluded: [String]
    }

    /// Nil where the extension is absent, as with the following ones.
    public internal(set) var basicConstraints: BasicConstraints?
    /// What the key may be used for.
    public internal(set) var keyUsage: KeyUsage?
    /// Nil where the extension is absent.
    public internal(set) var extendedKeyUsage: [OID]?
    /// The names that it can vouch for.
    public internal(set) var nameConstraints: NameConstraints?
    /// A digest of the key, as a rule, by which certificates point to their issuer.
    public internal(set) var subjectKeyIdentifier: [UInt8]?
    /// Nil where the extension is absent or names the key in another way.
    public internal(set) var authorityKeyIdentifier: [UInt8]?
    /// The extensions that are marked critical and that OpenSSL and Go don't all know.
    public internal(set) var unknownCritical: [OID] = []
    /// Every extension, in the certificate's order.
    public internal(set) var all: [OID] = []
}

/// The bits of the keyUsage extension (RFC 5280 section 4.2.1.3).
public struct KeyUsages: OptionSet, Hashable, Sendable {
    /// Bit 0 is digitalSignature.
    public let rawValue: UInt16

    /// Bits beyond the ninth have no name.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// `keyCertSign`: the key may sign certificates.
    public static let certificateSigning = KeyUsages(rawValue: 1 << 5)

    /// The names of the bits that are set, in their order.
    public var names: [String] {
        Self.allNames.enumerated().compactMap { contains(KeyUsages(rawValue: 1 << $0.offset)) ? $0.element : nil }
    }

    private static let allNames = [
        "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
        "cRLSign", "encipherOnly", "decipherOnly",
    ]
}
