import TrustAnchors

/// One object that p11-kit's trust module reads from a file.
enum TrustObject {
    case certificate(TrustedCertificate)
    case attachedExtension(AttachedExtension)
    /// An object of a kind that no output shows.
    case other
}

/// A certificate with the trust that its file and its place give it.
///
/// One that is only distrusted may be known by its issuer and serial number, or by its key, alone.
struct TrustedCertificate {
    /// The certificate itself, where it is known.
    var outline: CertificateOutline?
    /// A name given in the file; empty like none.
    var label: [UInt8]?
    var isTrusted = false
    var isDistrusted = false
    /// The category that the file gives (PKCS#11 `CKA_CERTIFICATE_CATEGORY`); 2 is an authority.
    var category: UInt?
    /// Encoded elements, where the file gives them beside or instead of the certificate.
    var issuer: [UInt8]?
    var serialNumber: [UInt8]?
    var publicKey: [UInt8]?
    /// The bytes of the file that are this object.
    var extent: Range<Int> = 0..<0

    /// The encoded `SubjectPublicKeyInfo`.
    var keyInfo: [UInt8]? { publicKey ?? outline.map { Array($0.der[$0.publicKey]) } }

    var issuerAndSerialNumber: [UInt8]? {
        guard let issuer = issuer ?? outline.map({ Array($0.der[$0.issuer]) }), !issuer.isEmpty,
            let serial = serialNumber ?? outline.map({ Array($0.der[$0.serialNumber]) }), !serial.isEmpty
        else { return nil }
        return issuer + serial
    }
}

/// A certificate extension that isn't in the certificate, but attached to every certificate with a key.
struct AttachedExtension {
    /// The encoded `SubjectPublicKeyInfo`.
    let publicKey: [UInt8]
    /// Contents octets of the object identifier.
    let identifier: [UInt8]
    /// Nil where it can't be read: then the certificates with this key are in no output.
    let value: [UInt8]?
    var extent: Range<Int> = 0..<0
}

/// Where in a token a file lies, which decides what the certificates in it are.
enum TokenPlace {
    /// The token's own directory: certificates are what their file says, and neither trusted nor distrusted if it doesn't.
    case top
    /// `anchors`: trusted, unless the file says that they are distrusted.
    case anchors
    /// `blocklist`: distrusted, whatever the file says.
    case blocklist

    /// Gives a certificate the trust of this place (trust/parser.c).
    func settle(_ certificate: inout TrustedCertificate) {
        switch self {
        case .top: break
        case .anchors: if !certificate.isDistrusted { certificate.isTrusted = true }
        case .blocklist: (certificate.isTrusted, certificate.isDistrusted) = (false, true)
        }
    }
}
