import MadeCertificates
import Testing
import TrustAnchors

@Suite("A certificate's name for people")
struct DisplayNameTests {
    @Test("is shortened where it is very long")
    func long() throws {
        let name = String(repeating: "x", count: 20_000)
        let certificate = try Certificate(der: MadeCertificate { $0.subject = MadeCertificate.name(name) }.der)
        #expect(certificate.displayName == "CN=" + String(repeating: "x", count: 397) + "…")
        #expect(certificate.facts.subject.commonName == name)
    }
}
