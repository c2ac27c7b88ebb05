import MadeCertificates
import Testing

@testable import TrustAnchors

/// A root made for a finding, and what others say of a chain that ends with it.
struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let root: MadeCertificate
    /// What Caisson finds, in its order.
    let findings: [Finding.ID]
    /// Whether OpenSSL takes a server's certificate from it by default.
    let isGoodForOpenSSL: Bool
    /// The same with `-x509_strict -partial_chain`, as Python has it since 3.13.
    let isGoodForStrict: Bool

    init(
        _ description: String, _ findings: [Finding.ID], openSSL: Bool, strict: Bool,
        _ change: (inout MadeCertificate) -> Void
    ) {
        testDescription = description
        root = MadeCertificate(change)
        self.findings = findings
        isGoodForOpenSSL = openSSL
        isGoodForStrict = strict
    }

    /// 2026-01-01.
    static let now: Int64 = 1_767_225_600

    private static let clientAuthentication = "1.3.6.1.5.5.7.3.2"
    private static let serverAuthentication = "1.3.6.1.5.5.7.3.1"

    private static func usages(_ ids: String...) -> MadeCertificate.Extension {
        .init(id: "2.5.29.37", value: DER.sequence(Array(ids.map(DER.oid).joined())))
    }

    static let all = [
        Case("a good root", [], openSSL: true, strict: true) { _ in },
        Case("a path length of zero", [], openSSL: true, strict: true) {
            $0.basicConstraints?.value = DER.sequence(DER.yes, DER.integer([0]))
        },
        Case("extended key usage for servers", [], openSSL: true, strict: true) {
            $0.otherExtensions = [usages(clientAuthentication, serverAuthentication)]
        },
        Case("CA:FALSE", [.notAuthority], openSSL: false, strict: false) {
            $0.basicConstraints?.value = DER.sequence()
        },
        Case("no basicConstraints", [.notAuthority], openSSL: true, strict: false) { $0.basicConstraints = nil },
        Case("version 1", [.notAuthority, .noSubjectKeyIdentifier], openSSL: true, strict: false) {
            $0.version = nil
            ($0.basicConstraints, $0.keyUsage, $0.subjectKeyIdentifier) = (nil, nil, nil)
        },
        Case("no keyCertSign", [.noCertificateSigning], openSSL: false, strict: false) {
            $0.keyUsage?.value = DER.bits([0x80], unused: 7)
        },
        Case("extended key usage for clients only", [.noServerAuthentication], openSSL: false, strict: false) {
            $0.otherExtensions = [usages(clientAuthentication)]
        },
        Case("an unknown critical extension", [.unknownCriticalExtension], openSSL: false, strict: false) {
            $0.otherExtensions = [.init(id: "1.2.3.4", isCritical: true, value: [5, 0])]
        },
        Case("a critical subject key identifier", [.unknownCriticalExtension], openSSL: false, strict: false) {
            $0.subjectKeyIdentifier?.isCritical = true
        },
        Case("expired", [.expired], openSSL: false, strict: false) { $0.notAfter = "210101000000Z" },
        Case("not yet valid", [.notYetValid], openSSL: false, strict: false) { $0.notBefore = "390101000000Z" },
        Case("a negative serial number", [.negativeSerial], openSSL: true, strict: true) { $0.serial = [0xFF] },
        Case("a control character in the subject", [.unsafeName, .unsafeName], openSSL: true, strict: true) {
            $0.subject = MadeCertificate.name("Acme\nRoot")
        },
        Case("hyphens in the subject", [.unsafeName, .unsafeName], openSSL: true, strict: true) {
            $0.subject = MadeCertificate.name("-----BEGIN CERTIFICATE-----")
        },
        Case("basicConstraints not critical", [.basicConstraintsNotCritical], openSSL: true, strict: false) {
            $0.basicConstraints?.isCritical = false
        },
        Case("no keyUsage", [.noKeyUsage], openSSL: true, strict: false) { $0.keyUsage = nil },
        Case("no subject key identifier", [.noSubjectKeyIdentifier], openSSL: true, strict: false) {
            $0.subjectKeyIdentifier = nil
        },
        Case("an intermediate", [.notRoot], openSSL: false, strict: true) {
            $0.issuer = MadeCertificate.name("Other Root")
            $0.otherExtensions = [.init(id: "2.5.29.35", value: DER.sequence(DER.element(0x80, [9, 9])))]
        },
        Case("an empty subject", [.emptySubject], openSSL: true, strict: false) {
            $0.subject = MadeCertificate.name([])
        },
        Case("a serial number of 21 bytes", [.longSerial], openSSL: true, strict: true) {
            $0.serial = [UInt8](repeating: 1, count: 21)
        },
        Case("the end of time", [.oddValidity], openSSL: true, strict: true) { $0.notAfter = "99991231235959Z" },
        Case("a validity that ends before it begins", [.expired, .oddValidity], openSSL: false, strict: false) {
            $0.notAfter = "190101000000Z"
        },
        Case("name constraints", [.nameConstraints], openSSL: true, strict: true) {
            $0.otherExtensions = [
                .init(
                    id: "2.5.29.30", isCritical: true,
                    value: DER.sequence(DER.explicit(0, DER.sequence(DER.element(0x82, Array("localhost".utf8))))))
            ]
        },
    ]
}
