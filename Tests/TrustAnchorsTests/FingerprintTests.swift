import MadeCertificates
import Testing

@testable import TrustAnchors

@Suite("A fingerprint")
struct FingerprintTests {
    static let der = MadeCertificate().der
    static let fingerprint = Fingerprint(of: der)

    @Test("is the one that OpenSSL prints, and is read in OpenSSL's form")
    func openSSL() throws {
        let line = String(
            decoding: try Tool.output(
                "openssl", "x509", "-inform", "DER", "-noout", "-fingerprint", "-sha256", input: Self.der),
            as: UTF8.self)
        #expect(line.contains("="))
        #expect(Fingerprint(line) == Self.fingerprint)
        #expect(Fingerprint(String(line.drop { $0 != "=" }.dropFirst())) == Self.fingerprint)
    }

    @Test("is read in Caisson's own forms")
    func ownForms() {
        let fingerprint = Self.fingerprint
        #expect(Fingerprint(fingerprint.description) == fingerprint)
        #expect(Fingerprint(fingerprint.hex) == fingerprint)
        #expect(Fingerprint(fingerprint.hex.uppercased()) == fingerprint)
        #expect(Fingerprint("SHA256:" + fingerprint.hex) == fingerprint)
        #expect(Fingerprint(" sha256:\(fingerprint.hex)\n") == fingerprint)
    }

    @Test(
        "is nothing else",
        arguments: ["", "sha256:", "sha256:00", "g", "sha1:0000000000000000000000000000000000000000"])
    func malformed(text: String) { #expect(Fingerprint(text) == nil) }

    @Test("is refused where a digit is missing, too many, or no digit")
    func damaged() {
        let hex = Self.fingerprint.hex
        #expect(Fingerprint(String(hex.dropLast())) == nil)
        #expect(Fingerprint(hex + "0") == nil)
        #expect(Fingerprint(hex.dropLast() + "x") == nil)
        #expect(Fingerprint(String(repeating: "é", count: 32)) == nil)
        #expect(Fingerprint(String(repeating: "a:", count: 47) + "a") == nil)
    }

    @Test("sorts by its bytes")
    func order() throws {
        let low = try #require(Fingerprint(String(repeating: "0", count: 64)))
        let high = try #require(Fingerprint(String(repeating: "f", count: 64)))
        #expect(low < high)
    }
}
