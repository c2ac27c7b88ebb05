import Foundation
import Testing

/// Caisson's outputs beside those of `trust extract`, over tokens with everything in them.
///
/// After Caisson the family's own tool is run on the same root, and may change nothing: byte for byte, where it reads
/// files in an order of its own making; else up to the order, which Caisson keeps for what was there.
@Suite("p11-kit families", .serialized, .scratch, .needsP11Kit)
struct P11KitTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let family: P11KitFamily
        let release: P11KitRelease
        var testDescription: String { "\(family.testDescription) with p11-kit of \(release.rawValue)" }
    }

    static let cases = P11KitFamily.all.flatMap { family in
        P11KitRelease.allCases.map { Case(family: family, release: $0) }
    }

    /// A root with crowded tokens, to which the family's tool has been.
    private func root(_ test: Case, seed: UInt64 = 1) async throws -> Root {
        let root = try test.family.root()
        try CrowdedTokens(seed: seed).write(to: root, as: test.family)
        try await test.release.update(root, as: test.family)
        return root
    }

    /// What the family's own tool would still change.
    private func changes(by test: Case, in root: Root) async throws -> [String] {
        let other = try await root.copy()
        try await test.release.update(other, as: test.family)
        if test.release.readsSorted { return try root.listing().difference(to: other.listing()) }
        return try Contents(root, test.family).difference(to: Contents(other, test.family))
    }

    @Test("trust, then distrust", arguments: cases)
    func trustAndDistrust(_ test: Case) async throws {
        let ca = try await Authority.make()
        let root = try await root(test)
        let before = try root.listing()

        try await caisson("trust", ca.certificate, root.place).checked()
        let changes = try await changes(by: test, in: root)
        #expect(changes == [])
        #expect(try root.listing() != before)

        try await caisson("distrust", ca.certificate, root.place).checked()
        let left = try root.listing().difference(to: before)
        #expect(left == [])
    }

    @Test("trust with names from anywhere", arguments: [UInt64](2...5))
    func randomNames(seed: UInt64) async throws {
        let test = Case(family: .fedora, release: .sid)
        let ca = try await Authority.make("/O=Second/CN=Same Name")
        let root = try await root(test, seed: seed)
        try await caisson("trust", ca.certificate, root.place).checked()
        let changes = try await changes(by: test, in: root)
        #expect(changes == [])
    }

    @Test("distrust of a certificate that the distribution ships, and trust again", arguments: cases)
    func packaged(_ test: Case) async throws {
        let root = try test.family.root()
        let tokens = CrowdedTokens(seed: 1)
        try tokens.write(to: root, as: test.family)
        try await test.release.update(root, as: test.family)
        let before = try root.listing()
        let certificate = try Scratch.current.write(CrowdedTokens.pem(tokens.publicRoot), to: "public.pem")

        try await caisson("distrust", certificate, root.place).checked()
        let changes = try await changes(by: test, in: root)
        #expect(changes == [])
        #expect(try !Contents.certificates(of: root.bytes(test.family.bundle)).contains(tokens.publicRoot))

        try await caisson("trust", certificate, root.place).checked()
        let left = try root.listing().difference(to: before)
        #expect(left == [])
    }

    @Test("an anchor that the root distrusts is refused, and nothing is added")
    func blocked() async throws {
        let test = Case(family: .fedora, release: .sid)
        let ca = try await Authority.make()
        let root = try await root(test)
        try root.write(ca.pem, to: "\(test.family.tokens[0])/blocklist/by-hand.pem")
        try await test.release.update(root, as: test.family)
        let before = try root.listing(.changed)

        let outcome = try await caisson("trust", ca.certificate, root.place)

        #expect(outcome.status != 0)
        #expect(outcome.errors.contains("by-hand.pem"))
        #expect(try root.listing(.changed).difference(to: before) == [])
    }

    @Test("OpenSSL and Java find the anchor", arguments: P11KitFamily.all)
    func clients(_ family: P11KitFamily) async throws {
        let ca = try await Authority.make()
        let other = try await Authority.make("/O=Acme Corp/CN=Acme Proxy CA")
        let root = try family.root()
        try root.write(other.pem, to: "\(family.tokens[0])/anchors/other.pem")
        try await P11KitRelease.sid.update(root, as: family)
        try await caisson("trust", ca.certificate, root.place).checked()

        let leaf = try await ca.issue()
        for option in [["-CAfile", root.local(family.bundle)], ["-CApath", root.local(family.hashes)]]
        where option[1] != root.path {
            let verify = ["openssl", "verify", "-no-CAfile", "-no-CApath", "-no-CAstore"] + option
            let names = ["-CAfile": "-no-CAfile", "-CApath": "-no-CApath"]
            let outcome = try await outcome(of: verify.filter { $0 != names[option[0]] }, input: leaf)
            #expect(outcome.status == 0, "\(option)")
        }
        let list = try await run("keytool", "-list", "-keystore", root.local(family.keyStore), "-storepass", "changeit")
        #expect(list.contains("contains 2 entries"))
        #expect(list.contains("acmeproxyca-1,"))
    }
}

/// What is in a root's outputs, without the order of entries and what follows from it.
private struct Contents: Equatable {
    /// By the path: the sorted entries of a file, or the names in a directory.
    private var entries: [String: [String]] = [:]

    init(_ root: Root, _ family: P11KitFamily) throws {
        for output in family.outputs {
            let names = root.names(in: output.path)
            guard names.isEmpty else {
                entries[output.path] = names
                continue
            }
            let bytes = try root.bytes(output.path)
            if let text = String(validating: bytes, as: UTF8.self), text.contains("-----BEGIN") {
                let end = "-----END"
                entries[output.path] = text.components(separatedBy: end).map { $0.trimmingCharacters(in: .newlines) }
                    .sorted()
            } else {
                entries[output.path] = ["\(bytes.count) bytes"]
            }
        }
    }

    func difference(to other: Contents) -> [String] {
        Set(entries.keys).union(other.entries.keys).sorted().filter { entries[$0] != other.entries[$0] }
    }

    /// The certificates in a PEM file.
    static func certificates(of bytes: [UInt8]) -> [[UInt8]] {
        String(decoding: bytes, as: UTF8.self).components(separatedBy: "-----BEGIN CERTIFICATE-----").dropFirst()
            .compactMap { part in
                part.components(separatedBy: "-----END").first
                    .flatMap { Data(base64Encoded: $0, options: .ignoreUnknownCharacters) }.map { [UInt8]($0) }
            }
    }
}
