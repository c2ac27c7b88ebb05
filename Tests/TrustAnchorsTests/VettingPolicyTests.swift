import MadeCertificates
import Testing

@testable import TrustAnchors

@Suite("A vetting policy")
struct VettingPolicyTests {
    static let good = MadeCertificate { $0.subject = MadeCertificate.name("Good") }.der
    static let expired = MadeCertificate { $0.notAfter = "210101000000Z" }.der

    @Test("admits good certificates as anchors, in their order")
    func good() throws {
        let other = MadeCertificate { $0.subject = MadeCertificate.name("Other") }.der
        let (anchors, warnings) = try VettingPolicy(now: Case.now).admit(
            CertificateFile.read(PEM.encode(Self.good) + PEM.encode(other)))
        #expect(anchors.map(\.der) == [Self.good, other])
        #expect(anchors.map(\.subject) == ["CN=Good", "CN=Other"])
        #expect(warnings.isEmpty)
    }

    @Test("admits none where one is refused")
    func allOrNone() throws {
        let file = try CertificateFile.read(PEM.encode(Self.good) + PEM.encode(Self.expired))
        let error = #expect(throws: VettingError.self) { try VettingPolicy(now: Case.now).admit(file) }
        #expect(error?.errors.map(\.finding.id) == [.expired])
        #expect(error?.errors.map(\.certificate?.der) == [Self.expired])
    }

    @Test("admits what is allowed, and warns of it")
    func allowed() throws {
        let policy = VettingPolicy(now: Case.now, allowed: [.expired])
        let (anchors, warnings) = try policy.admit(CertificateFile.read(Self.expired))
        #expect(anchors.map(\.der) == [Self.expired])
        #expect(warnings.map(\.finding.id) == [.expired])
        #expect(warnings.map(\.finding.severity) == [.warning])
    }

    @Test("can allow what is about age or strength, and nothing else")
    func overridable() {
        #expect(Finding.ID.allCases.filter(\.isOverridable) == [.expired, .notYetValid, .weakKey])
        #expect(Finding.ID.allCases.filter(\.isOverridable).allSatisfy { $0.severity == .error })
    }

    @Test("refuses every certificate that isn't expected")
    func expected() throws {
        let policy = VettingPolicy(now: Case.now, expected: [Fingerprint(of: Self.good)])
        #expect(try policy.admit(CertificateFile.read(Self.good)).anchors.count == 1)
        let file = try CertificateFile.read(PEM.encode(Self.good) + PEM.encode(MadeCertificate().der))
        let error = #expect(throws: VettingError.self) { try policy.admit(file) }
        #expect(error?.errors.map(\.finding.id) == [.unexpectedCertificate])
    }

    @Test("refuses an input with problems, even where they were only surveyed")
    func problems() {
        let file = CertificateFile(surveying: PEM.encode(Self.good) + Array("-----BEGIN CERTIFICATE-----\n".utf8))
        #expect(file.certificates.count == 1)
        #expect(throws: VettingError.self) { try VettingPolicy(now: Case.now).admit(file) }
    }
}
