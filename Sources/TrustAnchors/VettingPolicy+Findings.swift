import RootFS

private let day: Int64 = 86_400

private let weakSignatures: Set<OID> = [
    .md2WithRSA, .md5WithRSA, .sha1WithRSA, .sha1WithRSAOfOIW, .sha1WithDSA, .sha1WithECDSA,
]

extension VettingPolicy {
    /// What speaks against `certificate`.
    public func findings(for certificate: Certificate) -> [Finding] {
        var notes = Notes(allowed: allowed)
        let facts = certificate.facts
        notes.note(
            .unexpectedCertificate, if: !expected.isEmpty && !expected.contains(certificate.fingerprint),
            "its fingerprint \(certificate.fingerprint) isn't an expected one")
        notes.noteName(facts.subject, "subject")
        notes.noteName(facts.issuer, "issuer")
        notes.noteUse(facts.extensions)
        notes.noteAge(facts, now: now)
        notes.noteStrength(facts)
        notes.noteForm(facts)
        notes.note(
            .publicRoot, if: publicRoots.contains(certificate.fingerprint),
            "it is a public root that systems trust anyway")
        return notes.found
    }
}

/// Findings as they are gathered.
private struct Notes {
    let allowed: Set<Finding.ID>
    var found: [Finding] = []

    mutating func note(_ id: Finding.ID, if applies: Bool, _ message: @autoclosure () -> String) {
        if applies { found.append(Finding(id, message(), allowed: allowed)) }
    }

    mutating func noteName(_ name: DistinguishedName, _ role: String) {
        note(.unsafeName, if: name.isUnsafe, "its \(role) has control characters or ----- in it, which break bundles")
    }

    /// What it may be used for.
    mutating func noteUse(_ extensions: ExtensionFacts) {
        switch extensions.basicConstraints {
        case nil: note(.notAuthority, if: true, "it isn't a CA: it has no basicConstraints")
        case let constraints?:
            note(.notAuthority, if: !constraints.isAuthority, "it isn't a CA: basicConstraints says CA:FALSE")
            note(
                .basicConstraintsNotCritical, if: constraints.isAuthority && !constraints.isCritical,
                "its basicConstraints isn't critical, so strict verifiers such as Python 3.13 refuse it")
        }
        switch extensions.keyUsage {
        case nil:
            note(
                .noKeyUsage, if: extensions.basicConstraints?.isAuthority == true,
                "it has no keyUsage, so strict verifiers such as Python 3.13 refuse it")
        case let usage?:
            note(
                .noCertificateSigning, if: !usage.usages.contains(.certificateSigning),
                "its keyUsage doesn't allow signing certificates (keyCertSign)")
        }
        if let usages = extensions.extendedKeyUsage {
            note(
                .noServerAuthentication, if: !usages.contains(.serverAuthentication) && !usages.contains(.anyUsage),
                "its extended key usage doesn't include TLS servers (serverAuth)")
        }
        note(
            .unknownCriticalExtension, if: !extensions.unknownCritical.isEmpty,
            "it has critical extensions that verifiers don't know: "
                + extensions.unknownCritical.map(\.name).joined(separator: ", "))
        note(
            .nameConstraints, if: extensions.nameConstraints != nil,
            "it can only vouch for some names: \(printable(extensions.nameConstraints?.summary ?? ""))")
    }

    mutating func noteAge(_ facts: CertificateFacts, now: Int64) {
        let start = CalendarTime(secondsSince1970: facts.notBefore)
        let end = CalendarTime(secondsSince1970: facts.notAfter)
        let secondsLeft = facts.notAfter &- now
        let daysLeft = secondsLeft / day
        note(.expired, if: facts.notAfter < now, "it expired on \(end)")
        note(.notYetValid, if: facts.notBefore > now, "it isn't valid before \(start)")
        note(
            .expiresSoon, if: facts.notAfter >= now && secondsLeft <= 90 * day,
            "it expires on \(end.date), in \(daysLeft) day\(daysLeft == 1 ? "" : "s")")
        note(.oddValidity, if: facts.notAfter < facts.notBefore, "its validity ends before it begins")
        note(
            .oddValidity, if: facts.notAfter - facts.notBefore > 10_960 * day,
            "it is valid for more than 30 years, from \(start.date) to \(end.date)")
    }

    mutating func noteStrength(_ facts: CertificateFacts) {
        let key = facts.publicKey
        switch (key.algorithm, key.bits) {
        case (.rsa, let bits?), (.rsaPSS, let bits?), (.dsa, let bits?):
            note(.weakKey, if: bits < 2048, "its \(key.algorithm.name) key has \(bits) bits, and 2048 are the least")
        case (.ellipticCurve, let bits?):
            note(.weakKey, if: bits < 256, "its elliptic curve has \(bits) bits, and 256 are the least")
        default: break
        }
        note(
            .explicitCurve, if: key.hasExplicitCurve,
            "its elliptic curve is spelled out instead of named, so strict verifiers and Go refuse it")
        note(
            .weakSignature, if: weakSignatures.contains(facts.signatureAlgorithm),
            "it is signed with \(facts.signatureAlgorithm.name), which no verifier should rely on")
    }

    mutating func noteForm(_ facts: CertificateFacts) {
        let extensions = facts.extensions
        note(.negativeSerial, if: facts.serialNumber.isNegative, "its serial number is negative, so Go can't read it")
        note(.longSerial, if: facts.serialNumber.bytes.count > 20, "its serial number has more than 20 bytes")
        note(.emptySubject, if: facts.subject.isEmpty, "its subject is empty, so strict verifiers refuse it")
        note(
            .noSubjectKeyIdentifier, if: extensions.subjectKeyIdentifier == nil,
            "it has no subject key identifier, so strict verifiers such as Python 3.13 refuse what it issues")
        note(
            .notRoot, if: !facts.isSelfIssued,
            "it is an intermediate, not a root: OpenSSL, .NET and Apple also want the root that issued it")
        note(
            .noAuthorityKeyIdentifier, if: !facts.isSelfIssued && extensions.authorityKeyIdentifier == nil,
            "it is an intermediate without an authority key identifier, so strict verifiers refuse it")
    }
}

extension ExtensionFacts.NameConstraints {
    /// Such as `DNS:corp.example; not IP:0.0.0.0/0`; raw.
    var summary: String {
        let excludedText = excluded.isEmpty ? nil : "not " + excluded.joined(separator: ", ")
        let permittedText = permitted.isEmpty ? nil : permitted.joined(separator: ", ")
        return [permittedText, excludedText].compactMap { $0 }.joined(separator: "; ")
    }
}
