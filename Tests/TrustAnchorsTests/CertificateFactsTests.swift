import MadeCertificates
import Testing

@testable import TrustAnchors

@Suite("A certificate's facts")
struct CertificateFactsTests {
    @Test("are those of a plain root")
    func plainRoot() throws {
        let facts = try facts { _ in }
        #expect(facts.version == 3)
        #expect(facts.serialNumber.hex == "2a")
        #expect(facts.subject.description == "CN=Acme Root")
        #expect(facts.isSelfIssued)
        #expect(CalendarTime(secondsSince1970: facts.notBefore).description == "2020-01-01T00:00:00Z")
        #expect(CalendarTime(secondsSince1970: facts.notAfter).description == "2040-01-01T00:00:00Z")
        #expect(facts.publicKey.description == "EC secp256r1")
        #expect(facts.publicKey.bits == 256)
        #expect(facts.signatureAlgorithm.name == "SHA-256 with ECDSA")
        #expect(facts.extensions.basicConstraints?.isAuthority == true)
        #expect(facts.extensions.keyUsage?.usages.names == ["keyCertSign", "cRLSign"])
        #expect(facts.extensions.subjectKeyIdentifier == [1, 2, 3, 4])
    }

    @Test("include names of every string type")
    func strings() throws {
        let subject = MadeCertificate.name([
            [.init(type: "2.5.4.6", string: .printable, content: Array("DE".utf8))],
            [
                .init(type: "2.5.4.10", string: .t61, content: [0x4D, 0xFC, 0x6C]),
                .init(type: "2.5.4.11", string: .bmp, content: [0x20, 0xAC]),
            ],
            [], [.init(string: .universal, content: [0, 1, 0xF6, 0])],
            [.init(type: "1.2.3.4", string: .ia5, content: Array("a,b+\"c\"".utf8))],
        ])
        let facts = try facts { $0.subject = subject }
        #expect(facts.subject.description == #"C=DE, OU=€+O=Mül, CN=😀, 1.2.3.4=a\,b\+\"c\""#)
        #expect(facts.subject.commonName == "😀")
        #expect(try self.facts { $0.subject = MadeCertificate.name([]) }.subject.isEmpty)
    }

    @Test(
        "include keys that no library here models, by their names",
        arguments: [
            (["ec", "-pkeyopt", "ec_paramgen_curve:secp224r1"], "EC secp224r1", 224),
            (["ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1"], "EC brainpoolP384r1", 384),
            (["ec", "-pkeyopt", "ec_paramgen_curve:sect283k1"], "EC sect283k1", 283),
            (
                ["ec", "-pkeyopt", "ec_paramgen_curve:P-521", "-pkeyopt", "ec_param_enc:explicit"],
                "EC with explicit parameters", 521
            ),
            (["rsa:1024"], "RSA 1024", 1024),
            (["rsa:3072"], "RSA 3072", 3072),
            (["rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"], "RSA-PSS 2048", 2048),
            (["ed25519"], "Ed25519", nil), (["ed448"], "Ed448", nil),
        ] as [([String], String, Int?)])
    func keys(options: [String], description: String, bits: Int?) throws {
        let key = try Certificate(der: OpenSSL.root(options)).facts.publicKey
        #expect(key.description == description)
        #expect(key.bits == bits)
    }

    @Test("show a key of an unknown kind by its OID")
    func unknownKey() throws {
        let facts = try facts {
            // 2.25 and a UUID of 128 bits.
            let id: [UInt8] = [0x69, 0x83] + [UInt8](repeating: 0xFF, count: 17) + [0x7F]
            $0.publicKey = DER.sequence(DER.sequence(DER.element(0x06, id)), DER.bits([1]))
        }
        #expect(facts.publicKey.description == "2.25.340282366920938463463374607431768211455")
        #expect(facts.publicKey.bits == nil)
    }

    @Test("include name constraints, as text")
    func nameConstraints() throws {
        let constraints = try #require(
            Certificate(
                der: OpenSSL.root(
                    ["ed25519"],
                    extensions: [
                        "nameConstraints = critical,permitted;DNS:corp.example,permitted;IP:10.0.0.0/255.0.0.0,"
                            + "permitted;IP:fd00::/ffff:0:0:0:0:0:0:0,permitted;email:corp.example,"
                            + "excluded;URI:.example.org,excluded;IP:10.1.0.0/255.0.255.0,excluded;dirName:dn"
                    ], sections: ["[dn]", "O = Other"])
            ).facts.extensions.nameConstraints)
        #expect(
            constraints.permitted == [
                "DNS:corp.example", "IP:10.0.0.0/8", "IP:fd00:0:0:0:0:0:0:0/16", "email:corp.example",
            ])
        #expect(constraints.excluded == ["URI:.example.org", "IP:10.1.0.0/255.0.255.0", "directory:O=Other"])
    }

    @Test("include identifiers of keys, a path length and usages")
    func otherExtensions() throws {
        let extensions = try Certificate(
            der: OpenSSL.root(
                ["ed25519"], constraints: "critical,CA:TRUE,pathlen:3",
                extensions: ["authorityKeyIdentifier = keyid:always", "extendedKeyUsage = serverAuth,1.2.3.4"])
        ).facts.extensions
        #expect(extensions.basicConstraints?.pathLength == 3)
        #expect(extensions.subjectKeyIdentifier?.count == 20)
        #expect(extensions.authorityKeyIdentifier == extensions.subjectKeyIdentifier)
        #expect(extensions.extendedKeyUsage?.map(\.name) == ["serverAuth", "1.2.3.4"])
        #expect(extensions.unknownCritical.isEmpty)
    }

    @Test("are read for every certificate of this machine's bundle")
    func publicRoots() throws {
        for der in try OpenSSL.machineBundle() { #expect(throws: Never.self) { try Certificate(der: der) } }
    }

    @Test("are refused with the byte that is wrong", arguments: Broken.all)
    func broken(_ broken: Broken) throws {
        let der = broken.certificate.der
        let error = #expect(throws: CertificateError.self) { try Certificate(der: der) }
        let offset = try #require(error?.offset)
        #expect(error?.reason.contains(broken.reason) == true, "\(error?.reason ?? "")")
        #expect((0...der.count).contains(offset))
    }

    private func facts(_ change: (inout MadeCertificate) -> Void) throws -> CertificateFacts {
        try Certificate(der: MadeCertificate(change).der).facts
    }
}

/// A certificate that breaks a rule that every reader relies on.
struct Broken: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let reason: String
    let certificate: MadeCertificate

    init(_ description: String, _ reason: String, _ change: (inout MadeCertificate) -> Void) {
        testDescription = description
        self.reason = reason
        certificate = MadeCertificate(change)
    }

    static let all = [
        Broken("version 9", "no version") { $0.version = 8 },
        Broken("no serial number", "whole number") { $0.serial = [] },
        Broken("a serial number with a needless zero", "shortest form") { $0.serial = [0, 1] },
        Broken("another algorithm outside", "signature algorithm") {
            $0.outerAlgorithm = DER.sequence(DER.oid("1.2.840.10045.4.3.3"))
        },
        Broken("a time without seconds", "a time") { $0.notAfter = "4001010000Z" },
        Broken("a VisibleString in the subject", "OpenSSL can't read") {
            $0.subject = MadeCertificate.name([[.init(string: .visible, content: [0x41])]])
        },
        Broken("a bit string with nine unused bits in the subject", "count of bits") {
            $0.subject = DER.sequence(DER.set(DER.sequence(DER.oid("2.5.4.45"), DER.bits([0], unused: 9))))
        },
        Broken("an object identifier with a needless zero", "object identifier") {
            $0.publicKey = DER.sequence(DER.sequence(DER.element(0x06, [0x2A, 0x80, 0x01])), DER.bits([1]))
        },
        Broken("a UTF8String that isn't UTF-8", "string type") {
            $0.issuer = MadeCertificate.name([[.init(content: [0xFF])]])
        },
        Broken("an extension twice", "second time") {
            $0.otherExtensions = [.init(id: "2.5.29.19", value: [0x30, 0])]
        },
        Broken("a garbled basicConstraints", "cut off") { $0.basicConstraints?.value = [0x30, 0x05] },
        Broken("a truth value of 1", "truth value") {
            $0.basicConstraints?.value = DER.sequence([0x01, 0x01, 0x01])
        },
        Broken("a negative path length", "small whole number") {
            $0.basicConstraints?.value = DER.sequence(DER.yes, DER.integer([0xFF]))
        },
        Broken("trailing bytes in an extension", "follow the end") { $0.keyUsage?.value += [0] },
        Broken("a key that isn't a sequence", "another type") { $0.publicKey = DER.octets([]) },
    ]
}
