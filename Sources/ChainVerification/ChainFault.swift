/// Something that speaks against a chain.
public struct ChainFault: Hashable, Sendable {
    /// What is wrong; the raw values are stable.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The server speaks no version of TLS that the client speaks.
        case protocolVersion = "protocol-version"
        case unreadable = "unreadable"
        case weakServerKey = "weak-server-key"
        case selfSigned = "self-signed"
        case untrustedRoot = "untrusted-root"
        case unknownIssuer = "unknown-issuer"
        case anchorNotRoot = "anchor-not-a-root"
        /// Trust settings in the store keep the anchor from being one.
        case rejectedAnchor = "rejected-anchor"
        case tooLong = "too-long"
        case unknownCriticalExtension = "unknown-critical-extension"
        case notAuthority = "not-a-ca"
        case explicitCurve = "explicit-curve"
        case wrongPurpose = "wrong-purpose"
        case pathLength = "path-length"
        case weakAuthorityKey = "weak-ca-key"
        case weakSignature = "weak-signature"
        case wrongName = "wrong-name"
        case noCertificateSigning = "no-cert-sign"
        case unknownKey = "unknown-key"
        case badSignature = "bad-signature"
        /// The signature's algorithm isn't one that can be checked here.
        case uncheckedSignature = "unchecked-signature"
        case notYetValid = "not-yet-valid"
        case expired
        case nameNotPermitted = "name-not-permitted"
        case nameExcluded = "name-excluded"
        /// A name of a form that is constrained can't be read.
        case nameSyntax = "name-syntax"
        /// A constraint of a form that can't be compared, or that can't be read.
        case unusableConstraint = "unusable-constraint"
        /// A constraint doesn't hold for all below its base.
        case constraintBounds = "constraint-bounds"

        // What only strict clients mind.
        case pathLengthOfLeaf = "path-length-of-leaf"
        case pathLengthWithoutSigning = "path-length-without-cert-sign"
        case basicConstraintsNotCritical = "basic-constraints-not-critical"
        case noKeyUsage = "no-key-usage"
        case signingLeaf = "cert-sign-without-ca"
        case emptyIssuer = "empty-issuer"
        case emptySubject = "empty-subject"
        case noAlternativeNames = "no-alternative-names"
        case noAuthorityKeyIdentifier = "no-authority-key-id"
        case noSubjectKeyIdentifier = "no-subject-key-id"
        case extensionsNeedVersion3 = "extensions-need-version-3"

        /// What clients outside of OpenSSL mind: Go and browsers don't look at common names.
        case nameOnlyInSubject = "name-only-in-subject"
    }

    /// What is wrong.
    public let kind: Kind
    /// The certificate it is about, counted from the server's own; nil where it is about none.
    public let depth: Int?

    init(_ kind: Kind, at depth: Int? = nil) {
        self.kind = kind
        self.depth = depth
    }
}

extension ChainFault.Kind {
    /// OpenSSL 3's number for it (`X509_V_ERR_*`, openssl-verification-options(1)); nil where it has none.
    public var openSSLCode: Int? {
        switch self {
        case .protocolVersion, .unreadable, .uncheckedSignature, .nameOnlyInSubject: nil
        case .anchorNotRoot: 2
        case .unknownKey: 6
        case .badSignature: 7
        case .notYetValid: 9
        case .expired: 10
        case .selfSigned: 18
        case .untrustedRoot: 19
        case .unknownIssuer: 20
        case .tooLong: 22
        case .pathLength: 25
        case .wrongPurpose: 26
        case .rejectedAnchor: 28
        case .noCertificateSigning: 32
        case .unknownCriticalExtension: 34
        case .nameNotPermitted: 47
        case .nameExcluded: 48
        case .constraintBounds: 49
        case .unusableConstraint: 51
        case .nameSyntax: 53
        case .wrongName: 62
        case .weakServerKey: 66
        case .weakAuthorityKey: 67
        case .weakSignature: 68
        case .notAuthority: 79
        case .pathLengthOfLeaf: 80
        case .pathLengthWithoutSigning: 81
        case .signingLeaf: 82
        case .emptyIssuer: 83
        case .emptySubject: 84
        case .noAuthorityKeyIdentifier: 85
        case .noSubjectKeyIdentifier: 86
        case .noAlternativeNames: 87
        case .basicConstraintsNotCritical: 89
        case .noKeyUsage: 92
        case .extensionsNeedVersion3: 93
        case .explicitCurve: 94
        }
    }
}
