import MadeCertificates
import Testing

@testable import TrustAnchors

@Suite("Vetting finds")
struct FindingTests {
    @Test("what a certificate was made for, and nothing else", arguments: Case.all)
    func findings(_ made: Case) throws {
        let findings = VettingPolicy(now: Case.now).findings(for: try Certificate(der: made.root.der))
        #expect(findings.map(\.id) == made.findings)
    }

    @Test("an intermediate without an authority key identifier")
    func noAuthorityKeyIdentifier() throws {
        let found = try findings { $0.issuer = MadeCertificate.name("Other Root") }
        #expect(found.map(\.id) == [.notRoot, .noAuthorityKeyIdentifier])
    }

    @Test("expiry within 90 days, to the second")
    func expiresSoon() throws {
        let certificate = try Certificate(der: MadeCertificate().der)
        let end = certificate.facts.notAfter
        func ids(secondsBeforeEnd: Int64) -> [Finding.ID] {
            VettingPolicy(now: end - secondsBeforeEnd).findings(for: certificate).map(\.id)
        }
        #expect(ids(secondsBeforeEnd: 90 * 86_400 + 1) == [])
        #expect(ids(secondsBeforeEnd: 90 * 86_400) == [.expiresSoon])
        #expect(ids(secondsBeforeEnd: 0) == [.expiresSoon])
        #expect(ids(secondsBeforeEnd: -1) == [.expired])
    }

    @Test(
        "keys that are too weak, and none that are strong enough",
        arguments: [
            (["rsa:1024"], [.weakKey]), (["rsa:2047"], [.weakKey]), (["rsa:2048"], []),
            (["rsa-pss", "-pkeyopt", "rsa_keygen_bits:1024"], [.weakKey]),
            (["ec", "-pkeyopt", "ec_paramgen_curve:secp224r1"], [.weakKey]),
            (["ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP224r1"], [.weakKey]),
            (["ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"], []),
            (["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"], []),
            (["ec", "-pkeyopt", "ec_paramgen_curve:P-521"], []),
            (
                ["ec", "-pkeyopt", "ec_paramgen_curve:P-224", "-pkeyopt", "ec_param_enc:explicit"],
                [.weakKey, .explicitCurve]
            ),
            (["ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"], [.explicitCurve]),
            (["ed25519"], []), (["ed448"], []),
        ] as [([String], [Finding.ID])])
    func keys(options: [String], expected: [Finding.ID]) throws {
        let certificate = try Certificate(der: OpenSSL.root(options))
        let policy = VettingPolicy(now: certificate.facts.notBefore)
        #expect(policy.findings(for: certificate).map(\.id) == expected)
    }

    @Test("signatures with broken digests", arguments: ["md5", "sha1"])
    func weakSignature(digest: String) throws {
        let certificate = try Certificate(der: OpenSSL.root(["rsa:2048"], digest: digest))
        let policy = VettingPolicy(now: certificate.facts.notBefore)
        #expect(policy.findings(for: certificate).map(\.id) == [.weakSignature])
    }

    @Test("public roots, among those that are given")
    func publicRoot() throws {
        let certificate = try Certificate(der: MadeCertificate().der)
        let policy = VettingPolicy(now: Case.now, publicRoots: [certificate.fingerprint])
        #expect(policy.findings(for: certificate).map(\.id) == [.publicRoot])
    }

    @Test("names safe to print in its messages")
    func printableMessages() throws {
        let found = try findings {
            $0.otherExtensions = [
                .init(
                    id: "2.5.29.30", isCritical: true,
                    value: DER.sequence(DER.explicit(0, DER.sequence(DER.element(0x82, [0x1B, 0x5B, 0x4A])))))
            ]
        }
        #expect(found.map(\.message) == [#"it can only vouch for some names: DNS:\x1b[J"#])
    }

    private func findings(_ change: (inout MadeCertificate) -> Void) throws -> [Finding] {
        VettingPolicy(now: Case.now).findings(for: try Certificate(der: MadeCertificate(change).der))
    }
}
