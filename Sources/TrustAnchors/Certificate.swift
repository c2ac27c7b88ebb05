import Crypto

/// An X.509 certificate that was read in full, and that nobody vouches for.
public struct Certificate: Hashable, Sendable {
    /// The largest certificate that is read, in bytes.
    public static let sizeLimit = 1 << 20

    /// The whole encoding.
    public let der: [UInt8]
    /// The SHA-256 digest of the DER.
    public let fingerprint: Fingerprint
    /// What it says of itself.
    public let facts: CertificateFacts

    /// Reads a certificate that is the whole of `der`; throws where it isn't one in DER.
    public init(der: [UInt8]) throws(CertificateError) {
        guard der.count <= Self.sizeLimit else {
            throw CertificateError(offset: Self.sizeLimit, "it is larger than 1 MiB")
        }
        facts = try CertificateFacts(reading: der)
        fingerprint = Fingerprint(of: der)
        self.der = der
    }

    /// Whether both are the same bytes.
    public static func == (left: Certificate, right: Certificate) -> Bool { left.der == right.der }

    /// Hashes the fingerprint.
    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

extension Certificate {
    /// SHA-1 of the DER, 20 bytes: what Windows and macOS know a certificate by. It identifies nothing that is hostile.
    public var thumbprint: [UInt8] { Array(Insecure.SHA1.hash(data: der)) }
}
