import MadeCertificates
import Testing

@testable import TrustAnchors

@Suite("A file of certificates")
struct CertificateFileTests {
    static let der = MadeCertificate { $0.subject = MadeCertificate.name("A") }.der
    static let other = MadeCertificate { $0.subject = MadeCertificate.name("B") }.der
    static let pem = PEM.encode(der)
    static let both = PEM.encode(der) + PEM.encode(other)

    @Test("is read in every form, found by its content", arguments: Form.all)
    func forms(_ form: Form) throws {
        let file = try CertificateFile.read(form.bytes)
        #expect(file.certificates.map(\.der) == form.certificates)
        #expect(file.form == form.form)
        #expect(file.problems.isEmpty)
    }

    @Test("is read in the PKCS#7 that OpenSSL makes, PEM and DER", arguments: ["PEM", "DER"])
    func pkcs7(encoding: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.both, as: "bundle")
        let message = try Tool.output(
            "openssl", "crl2pkcs7", "-nocrl", "-certfile", "bundle", "-outform", encoding, in: directory.path)
        let file = try CertificateFile.read(message)
        #expect(file.certificates.map(\.der) == [Self.der, Self.other])
        #expect(file.form == .pkcs7)
    }

    @Test("holds each certificate once")
    func repetition() throws {
        #expect(try CertificateFile.read(Self.both + Self.both).certificates.map(\.der) == [Self.der, Self.other])
    }

    @Test("names blocks that hold no certificate, and leaves them out")
    func otherBlocks() throws {
        let request = PEM.encode([0x30, 0], label: "CERTIFICATE REQUEST")
        let list = PEM.encode([0x30, 0], label: "X509 CRL")
        let file = try CertificateFile.read(request + Self.pem + list + list)
        #expect(file.certificates.map(\.der) == [Self.der])
        #expect(file.notes == ["1 block of CERTIFICATE REQUEST left out", "2 blocks of X509 CRL left out"])
    }

    @Test(
        "without a certificate is refused",
        arguments: [
            ("", "empty"), ("hello\n", "no certificate"), ("MIIB", "cut off"),
            ("-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n", "no certificate"),
            ("see -----BEGIN CERTIFICATE-----\n", "beginning of a line"),
            ("<!DOCTYPE html>\n<title>Login</title>\n", "web page"),
        ])
    func noCertificate(text: String, reason: String) throws {
        let problem = try #require(problems(Array(text.utf8)).first)
        #expect([.noCertificate, .malformed].contains(problem.id))
        #expect(problem.message.contains(reason), "\(problem.message)")
    }

    @Test("that is a keystore is named, and refused")
    func keystores() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.pem, as: "a.pem")
        let store = try Tool.output(
            "openssl", "pkcs12", "-export", "-nokeys", "-in", "a.pem", "-passout", "pass:", in: directory.path)
        #expect(problems(store).map(\.id) == [.noCertificate])
        #expect(problems(store).first?.message.contains("PKCS#12") == true)
        #expect(problems([0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2]).first?.message.contains("(JKS)") == true)
        #expect(problems([0xCE, 0xCE, 0xCE, 0xCE, 0, 0, 0, 2]).first?.message.contains("(JCEKS)") == true)
        #expect(problems([0, 0, 0, 0] + Array("CERT".utf8)).first?.message.contains("Windows") == true)
    }

    @Test("that is a request, a revocation list or a public key has no certificate")
    func relatives() throws {
        let directory = try TemporaryDirectory()
        _ = try Tool.output(
            "openssl", "req", "-new", "-newkey", "ed25519", "-nodes", "-keyout", "key", "-subj", "/CN=a", "-out",
            "request",
            "-outform", "DER", in: directory.path)
        let key = try Tool.output("openssl", "pkey", "-in", "key", "-pubout", "-outform", "DER", in: directory.path)
        for bytes in [try directory.read("request"), key] {
            #expect(problems(bytes).map(\.id) == [.noCertificate])
        }
    }

    @Test("with one malformed block among good ones is refused, and the block is named")
    func malformedBlock() throws {
        let file = CertificateFile(surveying: Self.pem + PEM.encode(Self.der.dropLast(3)) + PEM.encode(Self.other))
        #expect(file.certificates.map(\.der) == [Self.der, Self.other])
        #expect(file.problems.map(\.id) == [.malformed])
        let message = try #require(file.problems.first?.message)
        let line = Self.pem.count { $0 == UInt8(ascii: "\n") } + 1
        #expect(message.contains("block 2 (line \(line)) is malformed at byte 0"), "\(message)")
        #expect(throws: InputError.self) { try CertificateFile.read(PEM.encode(Self.der.dropLast(3)) + Self.pem) }
    }

    @Test("with bytes after its DER is refused at the first of them")
    func trailingBytes() throws {
        let problem = try #require(problems(Self.der + [0x0A]).first)
        #expect(problem.id == .malformed)
        #expect(problem.message.contains("byte \(Self.der.count)"), "\(problem.message)")
        #expect(problems(PEM.encode(Self.der + [0])).map(\.id) == [.malformed])
    }

    @Test("of many broken blocks names the first ones only")
    func manyProblems() {
        let blocks = [[UInt8]](repeating: Array("-----BEGIN CERTIFICATE-----\n".utf8), count: 5000)
        #expect((1...20).contains(problems(Array(blocks.joined())).count))
    }

    @Test("with a certificate larger than 1 MiB is refused")
    func size() {
        let der = MadeCertificate {
            $0.otherExtensions = [.init(id: "1.2.3", value: [UInt8](repeating: 0, count: 1 << 20))]
        }.der
        #expect(problems(der).map(\.id) == [.malformed])
    }

    private func problems(_ bytes: [UInt8]) -> [Finding] { CertificateFile(surveying: bytes).problems }
}

/// One way to write the certificates A and B of `CertificateFileTests`.
struct Form: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let form: CertificateFile.Form
    let bytes: [UInt8]
    let certificates: [[UInt8]]

    init(
        _ description: String, _ form: CertificateFile.Form, _ bytes: [UInt8],
        holding certificates: [[UInt8]] = [CertificateFileTests.der]
    ) {
        testDescription = description
        self.form = form
        self.bytes = bytes
        self.certificates = certificates
    }

    private static let der = CertificateFileTests.der
    private static let pem = CertificateFileTests.pem
    private static let both = [CertificateFileTests.der, CertificateFileTests.other]
    private static let text = String(decoding: pem, as: UTF8.self)
    private static let base64 = text.split(separator: "\n").dropFirst().dropLast().joined(separator: "\n")

    private static func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { unit -> [UInt8] in
            let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
            return bigEndian ? [high, low] : [low, high]
        }
    }

    /// A signed message of indefinite lengths, as some exporters write it.
    private static var indefinitePKCS7: [UInt8] {
        let certificates: [UInt8] = [0xA0, 0x80] + der + CertificateFileTests.other + [0, 0]
        let body =
            DER.integer([1]) + DER.set() + DER.sequence(DER.oid("1.2.840.113549.1.7.1")) + certificates + DER.set()
        return [0x30, 0x80] + DER.oid("1.2.840.113549.1.7.2") + [0xA0, 0x80, 0x30, 0x80] + body + [0, 0, 0, 0, 0, 0]
    }

    static let all = [
        Form("PEM", .pem, pem),
        Form("PEM with several certificates", .pem, CertificateFileTests.both, holding: both),
        Form("PEM with leading text", .pem, Array("Issuer: Acme\n# note: äöü\n\n".utf8) + pem),
        Form("PEM with CRLF", .pem, Array(text.replacing("\n", with: "\r\n").utf8)),
        Form("PEM with lone carriage returns", .pem, Array(text.replacing("\n", with: "\r").utf8)),
        Form("PEM with a byte order mark", .pem, [0xEF, 0xBB, 0xBF] + pem),
        Form("PEM indented as in YAML", .pem, Array("ca: |\n  ".utf8) + Array(text.replacing("\n", with: "\n  ").utf8)),
        Form("PEM without a final newline", .pem, Array(pem.dropLast())),
        Form("PEM in UTF-16, little endian, with a mark", .pem, [0xFF, 0xFE] + utf16(text, bigEndian: false)),
        Form("PEM in UTF-16, big endian, with a mark", .pem, [0xFE, 0xFF] + utf16(text, bigEndian: true)),
        Form("PEM in UTF-16, little endian", .pem, utf16(text, bigEndian: false)),
        Form("PEM in UTF-16, big endian", .pem, utf16(text, bigEndian: true)),
        Form("X509 CERTIFICATE", .pem, PEM.encode(der, label: "X509 CERTIFICATE")),
        Form("TRUSTED CERTIFICATE with settings", .pem, PEM.encode(der + DER.sequence(), label: "TRUSTED CERTIFICATE")),
        Form("DER", .der, der),
        Form("bare Base64 in lines", .base64, Array(base64.utf8)),
        Form("bare Base64 in one line", .base64, Array(base64.replacing("\n", with: "").utf8)),
        Form("bare Base64 in UTF-16", .base64, utf16(base64, bigEndian: false)),
        Form("PKCS#7 of indefinite lengths", .pkcs7, indefinitePKCS7, holding: both),
        Form("PKCS#7 in Base64", .pkcs7, Array(PEM.encode(indefinitePKCS7).dropFirst(28).dropLast(26)), holding: both),
    ]
}
