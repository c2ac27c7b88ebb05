import MadeCertificates
import Testing

@testable import TrustAnchors

@Suite("An anchor's file name")
struct TrustAnchorTests {
    @Test("is made of the common name and the fingerprint")
    func commonName() throws {
        let anchor = try anchor(MadeCertificate.name("Acme Proxy  CA (2026)"))
        #expect(anchor.fileName == "acme-proxy-ca-2026-\(anchor.fingerprint.hex.prefix(16)).crt")
    }

    @Test("falls back on the organization, then its unit, then the word ca")
    func otherNames() throws {
        let organization = MadeCertificate.Attribute(type: "2.5.4.10", content: Array("Acme".utf8))
        let unit = MadeCertificate.Attribute(type: "2.5.4.11", content: Array("IT".utf8))
        let foreign = MadeCertificate.Attribute(content: Array("根证书".utf8))
        #expect(try stem([[unit], [organization]]) == "acme")
        #expect(try stem([[foreign], [organization]]) == "acme")
        #expect(try stem([[unit]]) == "it")
        #expect(try stem([]) == "ca")
        #expect(try stem([[foreign]]) == "ca")
    }

    @Test(
        "is short plain ASCII whatever the name",
        arguments: [
            "../../etc/passwd", "-rf *", "a\nb", "Ünï CA", String(repeating: "long name ", count: 50), "...", "日本",
        ])
    func hostileNames(name: String) throws {
        let fileName = try anchor(MadeCertificate.name(name)).fileName
        #expect(fileName.utf8.count <= 40 + 1 + 16 + 4)
        #expect(
            fileName.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E
            })
        #expect(fileName.first?.isLetter == true || fileName.first?.isNumber == true)
        #expect(fileName.hasSuffix(".crt"))
    }

    private func stem(_ name: [[MadeCertificate.Attribute]]) throws -> String {
        String(try anchor(MadeCertificate.name(name)).fileName.dropLast(21))
    }

    private func anchor(_ subject: [UInt8]) throws -> TrustAnchor {
        TrustAnchor(admitted: try Certificate(der: MadeCertificate { $0.subject = subject }.der))
    }
}
