import RootFS
import TrustAnchors

/// A certificate's facts and findings, for people and as data; every text is safe to print.
struct CertificateReport: Encodable {
    struct Key: Encodable {
        let algorithm: String
        let bits: Int?
        let curve: String?
    }

    struct Constraints: Encodable {
        let permitted: [String]
        let excluded: [String]
    }

    let subject: String
    let issuer: String
    let isSelfIssued: Bool
    /// Hexadecimal.
    let serialNumber: String
    /// RFC 3339, in UTC.
    let notBefore: String
    let notAfter: String
    /// Whole days; negative once it has expired.
    let daysLeft: Int
    let key: Key
    let signatureAlgorithm: String
    let isAuthority: Bool
    let pathLength: Int?
    /// Nil where the extension is absent, as with the following ones.
    let keyUsage: [String]?
    let extendedKeyUsage: [String]?
    let nameConstraints: Constraints?
    /// Hexadecimal, as all digests and identifiers.
    let subjectKeyIdentifier: String?
    let authorityKeyIdentifier: String?
    let sha256: String
    let sha1: String
    /// The hash that OpenSSL finds it by in a directory; nil where OpenSSL can't read the subject.
    let subjectHash: String?
    let subjectHashOld: String?
    let findings: [FindingReport]

    init(_ certificate: Certificate, by policy: VettingPolicy) {
        let facts = certificate.facts
        let extensions = facts.extensions
        subject = certificate.displayName
        issuer = facts.issuer.isEmpty ? "(empty issuer)" : printable(facts.issuer.description)
        isSelfIssued = facts.isSelfIssued
        serialNumber = facts.serialNumber.hex
        notBefore = CalendarTime(secondsSince1970: facts.notBefore).description
        notAfter = CalendarTime(secondsSince1970: facts.notAfter).description
        let secondsLeft = facts.notAfter &- policy.now
        daysLeft = Int(secondsLeft / 86_400) - (secondsLeft < 0 ? 1 : 0)
        key = Key(
            algorithm: facts.publicKey.algorithm.name, bits: facts.publicKey.bits, curve: facts.publicKey.curve)
        signatureAlgorithm = facts.signatureAlgorithm.name
        isAuthority = extensions.basicConstraints?.isAuthority ?? false
        pathLength = extensions.basicConstraints?.pathLength
        keyUsage = extensions.keyUsage?.usages.names
        extendedKeyUsage = extensions.extendedKeyUsage?.map(\.name)
        nameConstraints = extensions.nameConstraints.map {
            Constraints(permitted: $0.permitted.map(printable), excluded: $0.excluded.map(printable))
        }
        subjectKeyIdentifier = extensions.subjectKeyIdentifier.map(\.hexadecimal)
        authorityKeyIdentifier = extensions.authorityKeyIdentifier.map(\.hexadecimal)
        sha256 = certificate.fingerprint.hex
        sha1 = certificate.thumbprint.hexadecimal
        subjectHash = SubjectHash.current(of: certificate.der).map(Self.digits)
        subjectHashOld = SubjectHash.legacy(of: certificate.der).map(Self.digits)
        findings = policy.findings(for: certificate).map(FindingReport.init)
    }

    private static func digits(_ hash: UInt32) -> String {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: hash >> $0) }.hexadecimal
    }
}

/// A finding, for people and as data.
struct FindingReport: Encodable {
    let id: String
    let severity: String
    let message: String

    init(_ finding: Finding) {
        id = finding.id.rawValue
        severity = finding.severity.rawValue
        message = finding.message
    }

    var isError: Bool { severity == Finding.Severity.error.rawValue }

    var text: String {
        Terminal.style(severity, isError ? .red : .yellow) + ": \(message) [\(id)]"
    }
}

extension CertificateReport {
    /// A heading and one line for each fact.
    var text: String {
        var lines = [Terminal.style(subject, .bold)]
        func add(_ name: String, _ value: String?) {
            guard let value else { return }
            lines.append("  \(name)\(String(repeating: " ", count: max(1, 17 - name.utf8.count)))\(value)")
        }
        add("issuer", isSelfIssued ? "itself" : issuer)
        add("serial number", serialNumber)
        add("valid", "\(notBefore) to \(notAfter) (\(age))")
        add("key", keyText)
        add("signature", signatureAlgorithm)
        add("CA", isAuthority ? pathLength.map { "yes, path length \($0)" } ?? "yes" : "no")
        add("key usage", keyUsage.map(list))
        add("extended usage", extendedKeyUsage.map(list))
        add("permitted names", nameConstraints.map(\.permitted).map(list))
        add("excluded names", nameConstraints.map(\.excluded).map(list))
        add("subject key ID", subjectKeyIdentifier)
        add("authority key ID", authorityKeyIdentifier)
        add("SHA-256", sha256)
        add("SHA-1", sha1)
        add("subject hash", subjectHash.map { "\($0) (old \(subjectHashOld ?? "none"))" })
        lines += findings.map { "  " + $0.text }
        return lines.joined(separator: "\n")
    }

    private var age: String {
        if daysLeft < 0 { return "expired" }
        return "\(daysLeft) day\(daysLeft == 1 ? "" : "s") left"
    }

    private var keyText: String {
        if let curve = key.curve { return "\(key.algorithm) \(curve)" }
        return key.bits.map { "\(key.algorithm) \($0)" } ?? key.algorithm
    }

    private func list(_ values: [String]) -> String { values.isEmpty ? "none" : values.joined(separator: ", ") }
}
