/// Something that speaks against trusting a certificate, or that its owner should know.
public struct Finding: Hashable, Sendable {
    /// How much a finding weighs.
    public enum Severity: String, Hashable, Sendable {
        /// The certificate is refused.
        case error
        /// The certificate is taken, and the finding is told.
        case warning
    }

    /// What was found.
    public let id: ID
    /// That of the identifier, or a warning where the policy allows it.
    public let severity: Severity
    /// One sentence, lower case, without a full stop, safe to print.
    public let message: String

    init(_ id: ID, _ message: String, allowed: Set<ID> = []) {
        self.id = id
        severity = allowed.contains(id) && id.isOverridable ? .warning : id.severity
        self.message = message
    }
}

extension Finding {
    /// What was found; the raw values are stable, `docs/findings.md` explains them.
    public enum ID: String, Hashable, Sendable, CaseIterable {
        // Of a whole input.
        case noCertificate = "no-certificate"
        case privateKey = "private-key"
        case malformed
        case unexpectedCertificate = "unexpected-certificate"
        case rejectedPurpose = "rejected-purpose"

        // Errors.
        case unsafeName = "unsafe-name"
        case notAuthority = "not-a-ca"
        case noCertificateSigning = "no-cert-sign"
        case noServerAuthentication = "no-server-auth"
        case unknownCriticalExtension = "unknown-critical-extension"
        case negativeSerial = "negative-serial"
        case expired
        case notYetValid = "not-yet-valid"
        case weakKey = "weak-key"

        // Warnings.
        case basicConstraintsNotCritical = "basic-constraints-not-critical"
        case noKeyUsage = "no-key-usage"
        case noSubjectKeyIdentifier = "no-subject-key-id"
        case noAuthorityKeyIdentifier = "no-authority-key-id"
        case notRoot = "not-a-root"
        case emptySubject = "empty-subject"
        case longSerial = "long-serial"
        case explicitCurve = "explicit-curve"
        case expiresSoon = "expires-soon"
        case oddValidity = "odd-validity"
        case weakSignature = "weak-signature"
        case publicRoot = "public-root"
        case nameConstraints = "name-constraints"

        /// How much it weighs where nothing is allowed.
        public var severity: Severity {
            switch self {
            case .noCertificate, .privateKey, .malformed, .unexpectedCertificate, .rejectedPurpose, .unsafeName,
                .notAuthority,
                .noCertificateSigning, .noServerAuthentication, .unknownCriticalExtension, .negativeSerial, .expired,
                .notYetValid, .weakKey:
                .error
            case .basicConstraintsNotCritical, .noKeyUsage, .noSubjectKeyIdentifier, .noAuthorityKeyIdentifier,
                .notRoot, .emptySubject, .longSerial, .explicitCurve, .expiresSoon, .oddValidity, .weakSignature,
                .publicRoot, .nameConstraints:
                .warning
            }
        }

        /// Whether `--allow` can turn the error into a warning: only where it is about age or strength.
        public var isOverridable: Bool {
            switch self {
            case .expired, .notYetValid, .weakKey: true
            default: false
            }
        }
    }
}
