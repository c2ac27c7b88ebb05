import MadeCertificates
import Testing
import TrustAnchors

@testable import ChainVerification

@Suite("A certificate for a host")
struct CertificateHostTests {
    private func certificate(commonNames: [String], alternatives: [[UInt8]] = []) throws -> Certificate {
        let made = MadeCertificate {
            $0.subject = MadeCertificate.name(commonNames.map { [.init(content: Array($0.utf8))] })
            guard !alternatives.isEmpty else { return }
            $0.otherExtensions = [.init(id: "2.5.29.17", value: DER.sequence(Array(alternatives.joined())))]
        }
        return try Certificate(der: made.der)
    }

    @Test("counts by its last common name for curl, and by any for OpenSSL")
    func severalCommonNames() throws {
        let host = try #require(ServerName("a.example"))
        let first = try certificate(commonNames: ["a.example", "b.example"])
        #expect(HostMatch(first, host, rules: .curl) == .differs)
        #expect(HostMatch(first, host, rules: .openSSL) == .matchesSubjectOnly)
        let last = try certificate(commonNames: ["b.example", "a.example"])
        #expect(HostMatch(last, host, rules: .curl) == .matchesSubjectOnly)
    }

    @Test("doesn't count by its common name for curl where it is for an address")
    func addressBeside() throws {
        let made = try certificate(commonNames: ["a.example"], alternatives: [DER.element(0x87, [127, 0, 0, 1])])
        let host = try #require(ServerName("a.example"))
        #expect(HostMatch(made, host, rules: .curl) == .differs)
        #expect(HostMatch(made, host, rules: .openSSL) == .matchesSubjectOnly)
    }

    @Test("counts by an address as its common name for curl only")
    func addressAsCommonName() throws {
        let made = try certificate(commonNames: ["127.0.0.1"])
        let host = try #require(ServerName("127.0.0.1"))
        #expect(HostMatch(made, host, rules: .curl) == .matchesSubjectOnly)
        #expect(HostMatch(made, host, rules: .openSSL) == .differs)
    }
}

@Suite("Name constraints")
struct NameConstraintTests {
    private static func tree(_ tag: UInt8, _ base: [UInt8]) -> [UInt8] {
        DER.explicit(tag, DER.sequence(base))
    }

    private func fault(_ constraints: [UInt8], _ change: (inout MadeCertificate) -> Void) throws -> ChainFault.Kind? {
        let authority = MadeCertificate {
            $0.otherExtensions = [.init(id: "2.5.29.30", isCritical: true, value: DER.sequence(constraints))]
        }
        return PathCertificate(try Certificate(der: authority.der))
            .fault(constraining: try Certificate(der: MadeCertificate(change).der), isServer: true)
    }

    private func subject(_ address: String, _ string: MadeCertificate.StringType = .ia5) -> [UInt8] {
        MadeCertificate.name([
            [.init(type: "1.2.840.113549.1.9.1", string: string, content: Array(address.utf8))]
        ])
    }

    @Test(
        "hold for an e-mail address in the subject",
        arguments: [
            ("bad.example", "a@bad.example", true), ("@bad.example", "a@bad.example", true),
            ("a@bad.example", "a@bad.example", true), ("b@bad.example", "a@bad.example", false),
            (".bad.example", "a@x.bad.example", true), (".bad.example", "a@bad.example", false),
            ("bad.example", "a@x.bad.example", false),
        ])
    func addressInSubject(base: String, address: String, isExcluded: Bool) throws {
        let found = try fault(Self.tree(1, DER.element(0x81, Array(base.utf8)))) { $0.subject = subject(address) }
        #expect(found == (isExcluded ? .nameExcluded : nil))
    }

    @Test("don't take an e-mail address that can't be read")
    func unreadableAddress() throws {
        let excluded = Self.tree(1, DER.element(0x81, Array("bad.example".utf8)))
        #expect(try fault(excluded) { $0.subject = subject("a@good.example", .utf8) } == .nameSyntax)
        #expect(try fault(excluded) { $0.subject = subject("nobody") } == .nameSyntax)
    }

    @Test("don't take a constraint with bounds, nor one of a form that can't be compared")
    func unusable() throws {
        let host = DER.element(0x82, Array("example".utf8))
        let bounded = Self.tree(1, host + DER.element(0x81, [1]))
        #expect(try fault(bounded) { $0.subject = MadeCertificate.name("a.example") } == .constraintBounds)
        let number = DER.element(0x88, [0x2A, 3])
        let names = MadeCertificate.Extension(id: "2.5.29.17", value: DER.sequence(number))
        #expect(try fault(Self.tree(1, number)) { $0.otherExtensions = [names] } == .unusableConstraint)
    }
}
