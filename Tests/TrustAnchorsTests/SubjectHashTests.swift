import Foundation
import MadeCertificates
import Testing

@testable import TrustAnchors

@Suite("The subject hash is OpenSSL's")
struct SubjectHashTests {
    @Test("for every certificate of this machine's bundle")
    func publicRoots() throws {
        let certificates = try OpenSSL.machineBundle()
        #expect(certificates.count > 50)
        try expectAgreement(on: certificates)
    }

    @Test("for names of every string type, with exotic spaces and empty parts", arguments: oddNames)
    func oddName(_ name: OddName) throws {
        try expectAgreement(on: [MadeCertificate { $0.subject = name.der }.der])
    }

    @Test("for 150 names that a generator makes")
    func generatedNames() throws {
        var generator = SplitMix(state: 2026)
        let certificates = (0..<150).map { _ in
            MadeCertificate { $0.subject = .randomName(using: &generator) }.der
        }
        try expectAgreement(on: certificates)
    }

    @Test("nil for what is no certificate")
    func malformed() {
        #expect(SubjectHash.current(of: []) == nil)
        #expect(SubjectHash.current(of: [0x30, 0x00]) == nil)
        #expect(SubjectHash.legacy(of: Array("text".utf8)) == nil)
    }

    /// One shell runs OpenSSL for each certificate; where OpenSSL can't read one, neither hash is to be found.
    private func expectAgreement(on certificates: [[UInt8]]) throws {
        let directory = try TemporaryDirectory()
        for (index, der) in certificates.enumerated() { try directory.write(der, as: "\(index)") }
        let script = """
            for i in $(seq 0 \(certificates.count - 1)); do
                openssl x509 -inform DER -in $i -noout -subject_hash -subject_hash_old 2>/dev/null | tr '\\n' ' ' \
                    | grep . || echo unreadable
            done
            """
        let result = try Tool.run(["sh", "-c", script], in: directory.path)
        #expect(result.lines.count == certificates.count + 1)
        for (der, line) in zip(certificates, result.lines) {
            let hashes = [SubjectHash.current(of: der), SubjectHash.legacy(of: der)]
            let readable = SubjectHash.current(of: der) != nil
            let ours = readable ? hashes.map { $0.map(Self.text) ?? "" }.joined(separator: " ") + " " : "unreadable"
            #expect(ours == line, "\(der.hexadecimal)")
        }
    }

    private static func text(_ hash: UInt32) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// A subject with the reason why it is odd.
struct OddName: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let der: [UInt8]

    init(_ why: String, _ relativeNames: [[MadeCertificate.Attribute]]) {
        testDescription = why
        der = MadeCertificate.name(relativeNames)
    }

    init(_ why: String, der: [UInt8]) {
        testDescription = why
        self.der = der
    }
}

private let oddNames: [OddName] = [
    OddName("empty", []),
    OddName("one empty relative name", [[]]),
    OddName("an empty relative name between others", [[text("A")], [], [text("B")]]),
    OddName("an empty value", [[text("")]]),
    OddName("only white space", [[text(" \t\n\u{0B}\u{0C}\r ")]]),
    OddName("white space of each kind", [[text(" Acme \t Proxy\r\n\u{0B}\u{0C}CA ")]]),
    OddName("spaces beyond ASCII", [[text("\u{A0}Acme\u{2003}CA\u{3000}")]]),
    OddName("capitals beyond ASCII", [[text("ÄÖÜ ŞĞİ ΣΑΣ")]]),
    OddName("T61String with Latin-1", [[raw(.t61, [0x43, 0xC4, 0xFF, 0x20, 0x20, 0x41])]]),
    OddName("BMPString", [[raw(.bmp, [0x00, 0x41, 0x20, 0xAC, 0x00, 0x20, 0x00, 0x20, 0x00, 0x5A])]]),
    OddName("BMPString with half a character", [[raw(.bmp, [0x00, 0x41, 0x20])]]),
    OddName("BMPString with a surrogate pair", [[raw(.bmp, [0xD8, 0x3D, 0xDE, 0x00])]]),
    OddName("UniversalString", [[raw(.universal, [0, 1, 0xF6, 0, 0, 0, 0, 0x41])]]),
    OddName("UniversalString beyond Unicode", [[raw(.universal, [0, 0x11, 0, 0])]]),
    OddName("UniversalString with a surrogate", [[raw(.universal, [0, 0, 0xD8, 0])]]),
    OddName("UTF8String that isn't UTF-8", [[raw(.utf8, [0x41, 0xFF])]]),
    OddName("UTF8String in an overlong form", [[raw(.utf8, [0xC0, 0x80])]]),
    OddName("UTF8String with a surrogate", [[raw(.utf8, [0xED, 0xA0, 0x80])]]),
    OddName("NumericString", [[raw(.numeric, Array(" 12  34 ".utf8))]]),
    OddName("VisibleString", [[raw(.visible, Array("Acme  CA".utf8))]]),
    OddName("IA5String with a high byte", [[raw(.ia5, [0x41, 0xE9])]]),
    OddName("PrintableString with what it may not hold", [[raw(.printable, Array("a*b@c".utf8) + [0xE9])]]),
    OddName("a null byte", [[raw(.utf8, [0x41, 0x00, 0x42])]]),
    OddName("several attributes in one", [[text("B"), text("a", type: "2.5.4.10"), text("AA", type: "2.5.4.11")]]),
    OddName(
        "attributes whose order changes with their case", [[raw(.t61, [0x5A]), text("a"), raw(.printable, [0x42])]]),
    OddName("one attribute twice", [[text("a"), text("A")]]),
    OddName(
        "a value that is no string",
        der: DER.sequence(
            DER.set(DER.sequence(DER.oid("2.5.4.3"), DER.sequence(DER.integer([1])))))),
    OddName(
        "a value that is a number",
        der: DER.sequence(
            DER.set(DER.sequence(DER.oid("2.5.4.3"), DER.integer([1]))))),
    OddName(
        "a value that is a bit string",
        der: DER.sequence(
            DER.set(DER.sequence(DER.oid("2.5.4.45"), DER.bits([0x80], unused: 7))))),
    OddName(
        "a bit string with nine unused bits",
        der: DER.sequence(DER.set(DER.sequence(DER.oid("2.5.4.45"), DER.bits([0x80], unused: 9))))),
    OddName(
        "an object identifier with a needless zero",
        der: DER.sequence(DER.set(DER.sequence(DER.element(0x06, [0x55, 0x80, 0x03]), DER.bits([0x80]))))),
    OddName("a long value", [[text(String(repeating: "Ab ", count: 3000))]]),
]

private func text(_ value: String, type: String = "2.5.4.3") -> MadeCertificate.Attribute {
    MadeCertificate.Attribute(type: type, content: Array(value.utf8))
}

private func raw(_ string: MadeCertificate.StringType, _ content: [UInt8]) -> MadeCertificate.Attribute {
    MadeCertificate.Attribute(string: string, content: content)
}
