import MadeCertificates
import Testing

@testable import TrustAnchors

@Suite("A private key")
struct PrivateKeyTests {
    static let certificate = PEM.encode(MadeCertificate().der)

    @Test(
        "is told in every form that OpenSSL writes",
        arguments: [
            ["openssl", "genpkey", "-algorithm", "ed25519"],
            ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            [
                "openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-aes256", "-pass",
                "pass:x",
            ],
            ["openssl", "genrsa", "1024"],
            ["openssl", "genrsa", "-traditional", "1024"],
            ["openssl", "genrsa", "-traditional", "-aes256", "-passout", "pass:x", "1024"],
            ["openssl", "ecparam", "-name", "prime256v1", "-genkey"],
        ])
    func pem(command: [String]) throws {
        let result = try Tool.run(command)
        #expect(result.status == 0)
        try expectPrivateKey(result.output)
        try expectPrivateKey(Self.certificate + result.output)
        try expectPrivateKey(result.output + Self.certificate)
        try expectPrivateKey(Array(result.text.replacing("\n", with: "\n  ").utf8))
        // Without labels, where they aren't part of the encryption.
        for block in PEM.blocks(in: result.output) where block.label.contains("PRIVATE KEY") {
            guard let der = block.der, !result.text.contains("Proc-Type") else { continue }
            try expectPrivateKey(der)
            try expectPrivateKey(Array(PEM.encode(der).dropFirst(28).dropLast(26)))
            try expectPrivateKey(PEM.encode(der))
            try expectPrivateKey(PEM.encode(der, label: "SECRET"))
            // Beside a certificate, where no reader of certificates looks.
            let bare = Array(PEM.encode(der).dropFirst(28).dropLast(26))
            try expectPrivateKey(Self.certificate + bare)
            try expectPrivateKey(bare + Self.certificate)
            try expectPrivateKey(Self.certificate + Array("\n# key\n".utf8) + bare + Self.certificate)
            try expectPrivateKey(MadeCertificate().der + der)
        }
    }

    @Test("is told in a broken block, glued to another, in UTF-16 and behind DER")
    func hidden() throws {
        let label = "-----BEGIN PRIVATE KEY-----"
        try expectPrivateKey(Self.certificate + Array(label.utf8))
        try expectPrivateKey(Self.certificate.dropLast() + Array(label.utf8))
        try expectPrivateKey([0xFF, 0xFE] + label.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
        try expectPrivateKey(MadeCertificate().der + Array(label.utf8))
        try expectPrivateKey(Array("PuTTY-User-Key-File-3: ssh-ed25519\n".utf8))
        try expectPrivateKey(Array("-----BEGIN PGP PRIVATE KEY BLOCK-----\n".utf8))
    }

    @Test("is nothing that is public: parameters and public keys are left out")
    func publicParts() throws {
        let parameters = try Tool.output(
            "openssl", "genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", "dsa_paramgen_bits:1024")
        let file = try CertificateFile.read(Self.certificate + parameters)
        #expect(file.notes == ["1 block of DSA PARAMETERS left out"])
    }

    @Test("can't be allowed")
    func override() throws {
        let file = CertificateFile(surveying: Self.certificate + Array("-----BEGIN PRIVATE KEY-----".utf8))
        let policy = VettingPolicy(now: 1_700_000_000, allowed: Set(Finding.ID.allCases))
        let error = #expect(throws: VettingError.self) { try policy.admit(file) }
        #expect(error?.errors.contains { $0.finding.id == .privateKey } == true)
    }

    private func expectPrivateKey(_ bytes: some Sequence<UInt8>) throws {
        let error = #expect(throws: InputError.self) { try CertificateFile.read(Array(bytes)) }
        #expect(error?.problems.first?.id == .privateKey)
        #expect(error?.problems.first?.message.contains("PRIVATE KEY") == true)
    }
}
