import MadeCertificates
import Testing

@testable import TrustAnchors

@Suite("Hostile input is refused or read, and never traps")
struct HostileInputTests {
    static let rich = MadeCertificate {
        $0.subject = MadeCertificate.name([
            [.init(content: Array("A".utf8)), .init(string: .bmp, content: [0, 0x42])], [],
        ])
        $0.otherExtensions = [
            .init(
                id: "2.5.29.30", isCritical: true,
                value: DER.sequence(
                    DER.explicit(
                        0, DER.sequence(DER.element(0x87, [10, 0, 0, 0, 255, 0, 0, 0])),
                        DER.sequence(DER.explicit(4, MadeCertificate.name("D")))))),
            .init(id: "2.5.29.35", value: DER.sequence(DER.element(0x80, [1, 2, 3, 4]))),
            .init(id: "2.5.29.37", value: DER.sequence(DER.oid("1.3.6.1.5.5.7.3.1"))),
        ]
    }.der

    @Test("cut off at every byte, DER is malformed and the byte named lies in it")
    func truncatedDER() {
        for count in 0..<Self.rich.count {
            let cut = Array(Self.rich.prefix(count))
            let error = #expect(throws: CertificateError.self) { try Certificate(der: cut) }
            #expect((0...count).contains(error?.offset ?? -1))
            _ = SubjectHash.current(of: cut)
            _ = SubjectHash.legacy(of: cut)
            _ = CertificateFile(surveying: cut)
        }
    }

    @Test("cut off at every byte, PEM holds no certificate until its END line is complete")
    func truncatedPEM() {
        let text = PEM.encode(Self.rich)
        for count in 0..<(text.count - 1) {
            let cut = Array(text.prefix(count))
            #expect(PEM.blocks(in: cut).compactMap(\.certificate).isEmpty)
            _ = CertificateFile(surveying: cut)
        }
    }

    @Test("with random bytes changed, removed or added")
    func mutations() {
        var generator = SplitMix(state: 5280)
        let seeds = [Self.rich, PEM.encode(Self.rich), MadeCertificate().der]
        let policy = VettingPolicy(now: Case.now)
        for round in 0..<6000 {
            let file = CertificateFile(surveying: seeds[round % seeds.count].mutated(using: &generator))
            for certificate in file.certificates {
                _ = policy.findings(for: certificate).map(\.message)
                _ = TrustAnchor(admitted: certificate).fileName
                _ = certificate.displayName
            }
        }
    }

    @Test("made of nothing but random bytes or lengths")
    func noise() {
        var generator = SplitMix(state: 690)
        for _ in 0..<3000 {
            let count = Int.random(in: 0...64, using: &generator)
            let palette: [UInt8] = [0x30, 0x31, 0x80, 0x81, 0x84, 0xFF, 0x00, 0x02, 0xA0, 0x1F, 0x06]
            let bytes = (0..<count).map { _ in palette.randomElement(using: &generator) ?? 0 }
            _ = CertificateFile(surveying: [0x30, 0x80] + bytes)
            _ = CertificateFile(surveying: bytes)
            _ = SubjectHash.current(of: bytes)
            _ = OID(encoded: bytes).description
        }
    }

    @Test("nested a million levels deep")
    func nesting() {
        let levels = 1_000_000
        #expect(throws: CertificateError.self) { try Certificate(der: [UInt8](repeating: 0x30, count: levels)) }
        let indefinite = Array([[UInt8]](repeating: [0x30, 0x80], count: 400_000).joined())
        #expect(!CertificateFile(surveying: indefinite).problems.isEmpty)
    }

    @Test("what is admitted after a mutation is a certificate that OpenSSL reads too")
    func agreementOnMutations() throws {
        var generator = SplitMix(state: 3)
        let directory = try TemporaryDirectory()
        var count = 0
        for _ in 0..<3000 where count < 60 {
            let der = Self.rich.mutated(using: &generator)
            guard (try? Certificate(der: der)) != nil else { continue }
            try directory.write(der, as: "\(count)")
            count += 1
        }
        #expect(count > 20)
        let script = """
            for i in $(seq 0 \(count - 1)); do
                openssl x509 -inform DER -in $i -noout -subject_hash >/dev/null 2>&1 || { echo $i; xxd -p $i | tr -d '\\n'; echo; }
            done
            """
        #expect(try Tool.run(["sh", "-c", script], in: directory.path).text == "")
    }
}

extension [UInt8] {
    /// A copy with one to four bytes changed, removed or added.
    fileprivate func mutated(using generator: inout SplitMix) -> [UInt8] {
        var copy = self
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            guard let index = copy.indices.randomElement(using: &generator) else { continue }
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: copy.remove(at: index)
            case 1: copy.insert(UInt8.random(in: 0...255, using: &generator), at: index)
            default: copy[index] = UInt8.random(in: 0...255, using: &generator)
            }
        }
        return copy
    }
}
