import RootFS

@testable import ChainVerification
@testable import TrustAnchors
@testable import TrustStores

/// One certificate in DER: its facts, what is found in it, and the three ways in which it is read.
enum CertificateFuzzing {
    private static let policy = VettingPolicy(now: 1_800_000_000)
    private static let fileNameBytes = Set("abcdefghijklmnopqrstuvwxyz0123456789-.".utf8)

    static func check(_ input: [UInt8]) throws(Violation) {
        let outline = CertificateOutline(input)
        _ = SubjectHash.current(ofRevocationList: input)
        guard let certificate = try read(input) else { return }

        for finding in policy.findings(for: certificate) {
            try require(printable(finding.message) == finding.message, "a finding is safe to print")
        }
        try require(printable(certificate.displayName) == certificate.displayName, "a name is safe to print")
        let fileName = TrustAnchor(admitted: certificate).fileName
        try require(
            fileName.utf8.allSatisfy(fileNameBytes.contains) && fileName.utf8.count <= 61 && !fileName.hasPrefix("-"),
            "a file name is short and plain: \(fileName)")

        try require(SubjectHash.current(of: input) != nil, "what is read has a subject that OpenSSL reads")
        try require(SubjectHash.legacy(of: input) != nil, "what is read has the old hash")
        try checkAgreement(of: certificate, outline)
        for count in [input.count - 1, input.count / 2] {
            try require((try? Certificate(der: Array(input.prefix(count)))) == nil, "cut off, it is refused")
        }
        try require((try? Certificate(der: input + [0])) == nil, "with a byte more, it is refused")
    }

    private static func read(_ input: [UInt8]) throws(Violation) -> Certificate? {
        do {
            return try Certificate(der: input)
        } catch {
            try require((0...input.count).contains(error.offset), "an error names a byte of the input")
            return nil
        }
    }

    /// The walk for p11-kit takes whatever the strict reading takes, and finds the same in it.
    private static func checkAgreement(
        of certificate: Certificate, _ outline: CertificateOutline?
    ) throws(Violation) {
        guard let outline else { throw Violation(description: "the short walk reads what the strict one reads") }
        let facts = certificate.facts
        try require(outline.der[outline.subject].elementsEqual(facts.subject.encoded), "both find the subject")
        try require(outline.der[outline.issuer].elementsEqual(facts.issuer.encoded), "both find the issuer")
        try require(outline.isVersion1 == (facts.version == 1), "both find the version")
        if facts.version == 3 {
            let identifiers = outline.extensions.map { OID(encoded: outline.der[$0.identifier]) }
            try require(identifiers == facts.extensions.all, "both find the extensions")
        }
        _ = (outline.labelOfFirst, outline.labelOfLast, outline.subjectHashes)
    }
}
