import Crypto
import CryptoExtras
import FoundationEssentials
import SwiftASN1
public import TrustAnchors

/// What a look at a signature said.
public enum SignatureCheck: Hashable, Sendable {
    case valid
    case invalid
    /// The algorithm or the key is of a kind that can't be checked here.
    case unsupported

    /// Whether the key of `issuer` made the signature of `certificate`; names and dates don't matter.
    public init(of certificate: Certificate, by issuer: Certificate) {
        guard let signature = certificate.signature else {
            self = .invalid
            return
        }
        guard let algorithm = SignatureAlgorithm(signature.algorithm) else {
            self = .unsupported
            return
        }
        let key = issuer.publicKeyInfo
        self =
            switch algorithm {
            case .rsa(let digest): Self.rsa(signature, digest: digest, padding: .insecurePKCS1v1_5, key: key)
            case .rsaPSS: Self.rsaPSS(signature, key: key)
            case .ecdsa(let digest):
                Self.ecdsa(signature, digest: digest, key: key, curve: issuer.facts.publicKey.curve)
            case .ed25519: Self.ed25519(signature, key: key)
            }
    }

    private static func rsa(
        _ signature: CertificateSignature, digest: SignatureAlgorithm.Digest, padding: _RSA.Signing.Padding,
        key: [UInt8]
    ) -> SignatureCheck {
        // Keys of less than 1024 bits are refused here; no client takes them either.
        guard let key = try? _RSA.Signing.PublicKey(unsafeDERRepresentation: key) else { return .unsupported }
        let value = _RSA.Signing.RSASignature(rawRepresentation: signature.value)
        let isValid: Bool
        switch digest {
        case .sha1:
            isValid = key.isValidSignature(
                value, for: Insecure.SHA1.hash(data: signature.signedBytes), padding: padding)
        case .sha256:
            isValid = key.isValidSignature(value, for: SHA256.hash(data: signature.signedBytes), padding: padding)
        case .sha384:
            isValid = key.isValidSignature(value, for: SHA384.hash(data: signature.signedBytes), padding: padding)
        case .sha512:
            isValid = key.isValidSignature(value, for: SHA512.hash(data: signature.signedBytes), padding: padding)
        case .md5, .sha224: return .unsupported
        }
        return isValid ? .valid : .invalid
    }

    private static func rsaPSS(_ signature: CertificateSignature, key: [UInt8]) -> SignatureCheck {
        guard let parameters = signature.parameters, let digest = PSSParameters.digest(parameters) else {
            return .unsupported
        }
        return rsa(signature, digest: digest, padding: .PSS, key: key)
    }

    private static func ecdsa(
        _ signature: CertificateSignature, digest: SignatureAlgorithm.Digest, key: [UInt8], curve: String?
    ) -> SignatureCheck {
        switch digest {
        case .sha1: ecdsa(signature, Insecure.SHA1.hash(data: signature.signedBytes), key, curve)
        case .sha256: ecdsa(signature, SHA256.hash(data: signature.signedBytes), key, curve)
        case .sha384: ecdsa(signature, SHA384.hash(data: signature.signedBytes), key, curve)
        case .sha512: ecdsa(signature, SHA512.hash(data: signature.signedBytes), key, curve)
        case .md5, .sha224: .unsupported
        }
    }

    private static func ecdsa(
        _ signature: CertificateSignature, _ digest: some Digest, _ key: [UInt8], _ curve: String?
    ) -> SignatureCheck {
        switch curve {
        case "secp256r1":
            guard let key = try? P256.Signing.PublicKey(derRepresentation: key) else { return .unsupported }
            guard let value = try? P256.Signing.ECDSASignature(derRepresentation: signature.value) else {
                return .invalid
            }
            return key.isValidSignature(value, for: digest) ? .valid : .invalid
        case "secp384r1":
            guard let key = try? P384.Signing.PublicKey(derRepresentation: key) else { return .unsupported }
            guard let value = try? P384.Signing.ECDSASignature(derRepresentation: signature.value) else {
                return .invalid
            }
            return key.isValidSignature(value, for: digest) ? .valid : .invalid
        case "secp521r1":
            guard let key = try? P521.Signing.PublicKey(derRepresentation: key) else { return .unsupported }
            guard let value = try? P521.Signing.ECDSASignature(derRepresentation: signature.value) else {
                return .invalid
            }
            return key.isValidSignature(value, for: digest) ? .valid : .invalid
        default: return .unsupported
        }
    }

    private static func ed25519(_ signature: CertificateSignature, key: [UInt8]) -> SignatureCheck {
        // The key itself is the end of its SubjectPublicKeyInfo (RFC 8410 section 4).
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key.suffix(32)) else {
            return .unsupported
        }
        return key.isValidSignature(signature.value, for: signature.signedBytes) ? .valid : .invalid
    }
}

/// The parameters of RSASSA-PSS (RFC 4055 section 3.1).
enum PSSParameters {
    /// The digest, where it is the same for the mask and as long as the salt: the only combination in use.
    static func digest(_ parameters: [UInt8]) -> SignatureAlgorithm.Digest? {
        guard let node = try? DER.parse(parameters), case .constructed(let fields) = node.content else { return nil }
        var (digest, maskDigest, saltLength) = (SignatureAlgorithm.Digest.sha1, SignatureAlgorithm.Digest.sha1, 20)
        for field in fields {
            guard case .constructed(let inner) = field.content, let value = inner.first(where: { _ in true }) else {
                return nil
            }
            switch field.identifier.tagNumber {
            case 0:
                guard let found = Self.digest(algorithm: value) else { return nil }
                digest = found
            case 1:
                guard case .constructed(let mask) = value.content, let hash = Array(mask).dropFirst().first,
                    let found = Self.digest(algorithm: hash)
                else { return nil }
                maskDigest = found
            case 2:
                guard let found = try? Int(derEncoded: value) else { return nil }
                saltLength = found
            default: break
            }
        }
        return digest == maskDigest && saltLength == digest.byteCount ? digest : nil
    }

    private static func digest(algorithm node: ASN1Node) -> SignatureAlgorithm.Digest? {
        guard case .constructed(let fields) = node.content, let first = fields.first(where: { _ in true }),
            let id = try? ASN1ObjectIdentifier(derEncoded: first)
        else { return nil }
        return switch id {
        case [1, 3, 14, 3, 2, 26]: .sha1
        case [2, 16, 840, 1, 101, 3, 4, 2, 1]: .sha256
        case [2, 16, 840, 1, 101, 3, 4, 2, 2]: .sha384
        case [2, 16, 840, 1, 101, 3, 4, 2, 3]: .sha512
        default: nil
        }
    }
}

extension SignatureAlgorithm.Digest {
    var byteCount: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha224: 28
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }
}
