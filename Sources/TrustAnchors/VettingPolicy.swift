/// What a certificate must be to be trusted.
public struct VettingPolicy: Hashable, Sendable {
    /// The moment to judge ages by, in seconds since 1970-01-01T00:00:00Z.
    public var now: Int64
    /// Errors that are only warned of; those that aren't overridable stay errors.
    public var allowed: Set<Finding.ID>
    /// If any are given, every other certificate is refused.
    public var expected: [Fingerprint]
    /// Certificates that the world trusts anyway.
    public var publicRoots: Set<Fingerprint>

    /// Judges by the clock `now` and nothing else, as long as nothing else is given.
    public init(
        now: Int64, allowed: Set<Finding.ID> = [], expected: [Fingerprint] = [], publicRoots: Set<Fingerprint> = []
    ) {
        self.now = now
        self.allowed = allowed
        self.expected = expected
        self.publicRoots = publicRoots
    }

    /// The one door: every certificate of a file as an anchor, or none.
    ///
    /// Throws all errors that were found, with the warnings of the same certificates.
    public func admit(
        _ file: CertificateFile
    ) throws(VettingError) -> (anchors: [TrustAnchor], warnings: [VettedFinding]) {
        var found = file.problems.map { VettedFinding(certificate: nil, finding: $0) }
        for certificate in file.certificates {
            found += findings(for: certificate).map { VettedFinding(certificate: certificate, finding: $0) }
        }
        guard found.allSatisfy({ $0.finding.severity == .warning }) else { throw VettingError(findings: found) }
        return (file.certificates.map { TrustAnchor(admitted: $0) }, found)
    }
}

/// A finding and the certificate it is about; nil where it is about the whole input.
public struct VettedFinding: Hashable, Sendable {
    /// The certificate, or nil.
    public let certificate: Certificate?
    /// What was found.
    public let finding: Finding
}

/// Why an input was refused.
public struct VettingError: Error, Hashable, Sendable {
    /// At least one of them is an error.
    public let findings: [VettedFinding]

    /// Those that are errors.
    public var errors: [VettedFinding] { findings.filter { $0.finding.severity == .error } }
}
