import Foundation
import MadeCertificates
import Testing

@testable import TrustAnchors

@Suite("PEM")
struct PEMTests {
    static let der = MadeCertificate { $0.subject = MadeCertificate.name("A") }.der
    static let other = MadeCertificate { $0.subject = MadeCertificate.name("B") }.der
    static let block = String(decoding: PEM.encode(der), as: UTF8.self)
    static let otherBlock = String(decoding: PEM.encode(other), as: UTF8.self)

    @Test("is written in lines of 64 columns that end with a line feed")
    func encoding() {
        let lines = Self.block.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "-----BEGIN CERTIFICATE-----")
        #expect(lines.dropFirst().dropLast(3).allSatisfy { $0.utf8.count == 64 })
        #expect(lines.suffix(2) == ["-----END CERTIFICATE-----", ""])
    }

    @Test("is read as it was written, whatever the size", arguments: [0, 1, 2, 3, 46, 47, 48, 49, 50, 96, 1000])
    func roundTrip(size: Int) {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let blocks = PEM.blocks(in: PEM.encode(bytes, label: "THING"))
        #expect(blocks.map(\.der) == [bytes])
        #expect(blocks.map(\.label) == ["THING"])
    }

    @Test("is written as OpenSSL writes it")
    func encodingOfOpenSSL() throws {
        #expect(try Tool.output("openssl", "x509", "-inform", "DER", input: Self.der) == PEM.encode(Self.der))
    }

    @Test("tells where blocks begin and end")
    func ranges() {
        let text = Array("intro\n\(Self.block)between\n\(Self.otherBlock)end".utf8)
        let blocks = PEM.blocks(in: text)
        #expect(blocks.map { text[$0.range].elementsEqual(PEM.encode($0.der ?? [])) } == [true, true])
    }

    @Test("of OpenSSL's with trust settings holds the certificate alone")
    func trustedCertificate() throws {
        let trusted = try Tool.output(
            "openssl", "x509", "-inform", "DER", "-trustout", "-addtrust", "serverAuth", input: Self.der)
        let blocks = PEM.blocks(in: trusted)
        #expect(blocks.map(\.label) == ["TRUSTED CERTIFICATE"])
        #expect(blocks.map(\.certificate) == [Self.der])
    }

    @Test("holds a certificate only where it is one whole element")
    func certificate() {
        #expect(PEM.blocks(in: PEM.encode(Self.der + [0])).map(\.certificate) == [nil])
        #expect(PEM.blocks(in: PEM.encode([])).map(\.certificate) == [nil])
        #expect(PEM.blocks(in: PEM.encode([0x04, 0x00])).map(\.certificate) == [nil])
        #expect(PEM.blocks(in: PEM.encode(Self.der, label: "X509 CERTIFICATE")).map(\.certificate) == [Self.der])
        #expect(PEM.blocks(in: PEM.encode(Self.der, label: "X509 CRL")).map(\.certificate) == [nil])
    }

    @Test("of 20,000 certificates is read in a time that grows with its size")
    func linear() {
        let clock = ContinuousClock()
        let some = [[UInt8]](repeating: PEM.encode(Self.der), count: 2_000)
        let few = Array(some.joined())
        let many = Array([[UInt8]](repeating: few, count: 10).joined())
        let short = clock.measure { #expect(PEM.blocks(in: few).count == 2_000) }
        let long = clock.measure { #expect(PEM.blocks(in: many).count == 20_000) }
        #expect(long < short * 40)
    }
}

/// A quirk of a text, and what OpenSSL's reader of bundles makes of it.
struct Quirk: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: [UInt8]

    init(_ description: String, _ text: String) { self.init(description, bytes: Array(text.utf8)) }

    init(_ description: String, bytes: [UInt8]) {
        testDescription = description
        text = bytes
    }
}

extension PEMTests {
    @Test("is read as OpenSSL reads it", arguments: quirks)
    func quirk(_ quirk: Quirk) throws {
        let directory = try TemporaryDirectory()
        try directory.write(quirk.text, as: "bundle")
        let collect = ["openssl", "crl2pkcs7", "-nocrl", "-certfile", "bundle", "-out", "collected"]
        let refused = try Tool.run(collect, in: directory.path).status != 0
        let blocks = PEM.blocks(in: quirk.text)
        #expect(blocks.contains { $0.defect != nil || $0.der?.isEmpty == true } == refused)
        guard !refused else { return }
        let certificates = try Tool.output("openssl", "pkcs7", "-print_certs", "-in", "collected", in: directory.path)
        #expect(blocks.compactMap(\.certificate) == PEM.blocks(in: certificates).compactMap(\.certificate))
    }

    private static let lines = block.split(separator: "\n").map(String.init)
    private static let base64 = lines[1..<(lines.count - 1)].joined()

    /// The block with its Base64 in lines of another width.
    private static func wrapped(_ width: Int) -> String {
        let digits = Array(base64)
        let rows = stride(from: 0, to: digits.count, by: width).map {
            String(digits[$0..<min($0 + width, digits.count)])
        }
        return "\(lines[0])\n\(rows.joined(separator: "\n"))\n\(lines[lines.count - 1])\n"
    }

    /// The block with `text` before its line `number`.
    private static func inserting(_ text: String, before number: Int) -> String {
        lines[..<number].joined(separator: "\n") + "\n" + text + lines[number...].joined(separator: "\n") + "\n"
    }

    private static let mark = "\u{FEFF}"

    static let quirks = [
        Quirk("two blocks", block + otherBlock),
        Quirk("CRLF", (block + otherBlock).replacing("\n", with: "\r\n")),
        Quirk("no final newline", block + otherBlock.dropLast()),
        Quirk("text around", "Subject: CN=A\n# comment\n\(block)between\n\(otherBlock)end"),
        Quirk("a byte order mark", mark + block),
        Quirk("a byte order mark before each block", mark + block + mark + otherBlock),
        Quirk("a byte order mark after text", "text\n" + mark + block + otherBlock),
        Quirk("trailing white space", block.replacing("\n", with: " \t\n")),
        Quirk("trailing control characters", block.replacing("\n", with: "\u{1}\u{C}\n")),
        Quirk("indented", block.replacing("\n", with: "\n  ").replacing("-----BEGIN", with: "  -----BEGIN")),
        Quirk("an indented body", block.replacing("\n", with: "\n  ").replacing("  -----END", with: "-----END")),
        Quirk("blanks inside a line", inserting("", before: 2).replacing("MII", with: "M I\tI")),
        Quirk("lines of 76 columns", wrapped(76)),
        Quirk("lines of 7 columns", wrapped(7)),
        Quirk("one long line", wrapped(100_000)),
        Quirk("an empty line first", inserting("\n", before: 1) + otherBlock),
        Quirk("two empty lines first", inserting("\n\n", before: 1) + otherBlock),
        Quirk("an empty line in the middle", inserting("\n", before: 3) + otherBlock),
        Quirk("an empty line last", inserting("\n", before: lines.count - 1) + otherBlock),
        Quirk("an empty line first, then 76 columns", wrapped(76).replacing("E-----\nM", with: "E-----\n\nM")),
        Quirk("an empty line first, then 60 columns", wrapped(60).replacing("E-----\nM", with: "E-----\n\nM")),
        Quirk("a header", inserting("Comment: x\n\n", before: 1) + otherBlock),
        Quirk("a header without an empty line", inserting("Comment: x\n", before: 1) + otherBlock),
        Quirk("a foreign block", "-----BEGIN FOO-----\nAAAA\n-----END FOO-----\n" + otherBlock),
        Quirk("a foreign block with a header", "-----BEGIN FOO-----\nA: 1\n\nAAAA\n-----END FOO-----\n" + otherBlock),
        Quirk("a broken foreign block", "-----BEGIN FOO-----\n!\n-----END FOO-----\n" + otherBlock),
        Quirk("no END at the end", otherBlock + lines.dropLast().joined(separator: "\n")),
        Quirk("another END label", block.replacing("END ", with: "END X509 ") + otherBlock),
        Quirk("text after END", block.replacing("-\n", with: "- x\n").replacing("- x\nM", with: "-\nM") + otherBlock),
        Quirk("text after BEGIN", block.replacing("-\nM", with: "- x\nM") + otherBlock),
        Quirk("blocks on one line", String(block.dropLast()) + otherBlock),
        Quirk("a wrong digit", inserting("!", before: 1) + otherBlock),
        Quirk("a null byte", inserting("\0", before: 1) + otherBlock),
        Quirk("padding in the middle", inserting("=\n", before: 1) + otherBlock),
        Quirk("a digit too few", lines.dropLast().joined(separator: "\n").dropLast() + "\n\(lines[lines.count - 1])\n"),
        Quirk("an empty block", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" + otherBlock),
        Quirk("four hyphens", block.replacing("E-----\n", with: "E----\n") + otherBlock),
        Quirk("six hyphens", block.replacing("E-----\nM", with: "E------\nM") + otherBlock),
        Quirk("a label in lower case", block.replacing("CERTIFICATE", with: "certificate") + otherBlock),
        Quirk("carriage returns only", block.replacing("\n", with: "\r")),
    ]
}
