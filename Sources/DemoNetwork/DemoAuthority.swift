import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// A throw-away certification authority: its key lives in memory and is gone with the process.
public struct DemoAuthority: Sendable {
    /// A certificate with its key, as a TLS server needs them.
    public struct Identity: Sendable {
        /// DER, the server's own first.
        public let chain: [[UInt8]]
        /// PKCS#8, PEM.
        let privateKey: String
    }

    /// The self-signed certificate, DER.
    public let root: [UInt8]
    private let certificate: X509.Certificate
    private let key: X509.Certificate.PrivateKey

    /// Makes a root of this common name that is valid from yesterday for a year.
    public init(commonName: String, organization: String) throws {
        key = X509.Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName {
            OrganizationName(organization)
            CommonName(commonName)
        }
        let identifier = SubjectKeyIdentifier(hash: key.publicKey)
        certificate = try Self.certificate(
            subject: name, issuer: name, publicKey: key.publicKey, days: 365,
            extensions: X509.Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                identifier
            }, signedBy: key)
        root = try Self.encoded(certificate)
    }

    /// A new identity for a server of this name, with the root at the end of its chain.
    public func identity(for host: String) throws -> Identity {
        let serverKey = P256.Signing.PrivateKey()
        let publicKey = X509.Certificate.PublicKey(serverKey.publicKey)
        let leaf = try Self.certificate(
            subject: DistinguishedName { CommonName(host) }, issuer: certificate.subject, publicKey: publicKey, days: 7,
            extensions: X509.Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames([.dnsName(host)])
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: key.publicKey).keyIdentifier)
            }, signedBy: key)
        return Identity(chain: [try Self.encoded(leaf), root], privateKey: serverKey.pemRepresentation)
    }

    private static func certificate(
        subject: DistinguishedName, issuer: DistinguishedName, publicKey: X509.Certificate.PublicKey, days: Int,
        extensions: X509.Certificate.Extensions, signedBy key: X509.Certificate.PrivateKey
    ) throws -> X509.Certificate {
        let yesterday = Date(timeIntervalSinceNow: -86_400)
        return try X509.Certificate(
            version: .v3, serialNumber: X509.Certificate.SerialNumber(UInt64.random(in: 1...UInt64.max)),
            publicKey: publicKey, notValidBefore: yesterday,
            notValidAfter: yesterday.addingTimeInterval(86_400 * Double(days + 1)), issuer: issuer, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions, issuerPrivateKey: key)
    }

    private static func encoded(_ certificate: X509.Certificate) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }
}
