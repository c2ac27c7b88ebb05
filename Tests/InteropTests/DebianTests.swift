import Foundation
import Testing

/// Caisson against Debian's own update-ca-certificates, each on a copy of the same root.
@Suite("Debian", .serialized, .scratch, .needsDebianRoots)
struct DebianTests {
    @Test("trust makes the tree that update-ca-certificates makes", arguments: DebianRelease.allCases)
    func trust(release: DebianRelease) async throws {
        let ca = try await Authority.make()
        let (ours, theirs) = (try await release.withCertificates(), try await release.withCertificates())

        try await caisson("trust", ca.certificate, ours.place).checked()
        try await theirs.trustByHand(ca, as: try ours.anchor())

        expectSame(try ours.listing(), try theirs.listing())
    }

    @Test("several anchors in one run, and in several, make the same tree", arguments: DebianRelease.allCases)
    func severalAnchors(release: DebianRelease) async throws {
        let subjects = ["/CN=One", "/C=DE/O=Zwei GmbH/CN=Zw\u{F6}lf", "/O=Acme (Test), Inc./CN=Third"]
        var authorities: [Authority] = []
        for subject in subjects { authorities.append(try await Authority.make(subject)) }
        let (together, apart) = (try await release.withCertificates(), try await release.withCertificates())
        let theirs = try await release.withCertificates()

        let all = try authorities.flatMap { try $0.pem }
        try await caisson("trust", try Scratch.current.write(all, to: "all.pem"), together.place).checked()
        for authority in authorities { try await caisson("trust", authority.certificate, apart.place).checked() }
        for (name, bytes) in try together.anchors() { try theirs.write(bytes, to: name) }
        try await theirs.runInside("update-ca-certificates")

        #expect(try together.anchors().count == 3)
        expectSame(try together.listing(), try apart.listing())
        expectSame(try together.listing(), try theirs.listing())
    }

    @Test("distrust makes the tree that removing the file and a fresh run make", arguments: DebianRelease.allCases)
    func distrust(release: DebianRelease) async throws {
        let ca = try await Authority.make()
        let untouched = try await release.withCertificates()
        let (ours, theirs) = (try await untouched.copy(), try await untouched.copy())
        try await caisson("trust", ca.certificate, ours.place).checked()
        let anchor = try ours.anchor()
        try await theirs.trustByHand(ca, as: anchor)

        try await caisson("distrust", try await ca.fingerprint, ours.place).checked()
        try theirs.remove(anchor)
        try await theirs.runInside("update-ca-certificates", "--fresh")

        expectSame(try ours.listing(), try theirs.listing())
        expectSame(try ours.listing(), try untouched.listing())
    }

    @Test("distrust takes back what update-ca-certificates made", arguments: DebianRelease.allCases)
    func distrustOfOthers(release: DebianRelease) async throws {
        let ca = try await Authority.make()
        let untouched = try await release.withCertificates()
        let root = try await untouched.copy()
        try await root.trustByHand(ca, as: "/usr/local/share/ca-certificates/by-hand.crt")

        try await caisson("distrust", ca.certificate, root.place).checked()

        expectSame(try root.listing(), try untouched.listing())
    }

    @Test("distrust of what the package ships is what deselecting it makes", arguments: DebianRelease.allCases)
    func packaged(release: DebianRelease) async throws {
        let untouched = try await release.withCertificates()
        let (ours, theirs) = (try await untouched.copy(), try await untouched.copy())
        let name = "mozilla/\(try #require(untouched.names(in: "/usr/share/ca-certificates/mozilla").first))"
        let packaged = try untouched.bytes("/usr/share/ca-certificates/\(name)")
        let certificate = try Scratch.current.write(packaged, to: "packaged.pem")
        let configuration = "/etc/ca-certificates.conf"
        let selection = String(decoding: try theirs.bytes(configuration), as: UTF8.self)

        try await caisson("distrust", certificate, ours.place).checked()
        try theirs.write(Array(selection.replacing("\n\(name)\n", with: "\n!\(name)\n").utf8), to: configuration)
        try await theirs.runInside("update-ca-certificates")
        expectSame(try ours.listing(), try theirs.listing())
        #expect(try ours.listing() != untouched.listing())

        try await caisson("trust", certificate, ours.place).checked()
        expectSame(try ours.listing(), try untouched.listing())
    }

    @Test("update-ca-certificates has nothing to change afterwards", arguments: DebianRelease.allCases)
    func toolAgrees(release: DebianRelease) async throws {
        let ca = try await Authority.make()
        let root = try await release.withCertificates()
        try await caisson("trust", ca.certificate, root.place).checked()
        let before = try root.listing()
        let links = try root.linkTimes(in: "/etc/ssl/certs")

        let output = try await root.runInside("update-ca-certificates")

        #expect(output.contains("0 added, 0 removed"))
        expectSame(try root.listing(), before)
        #expect(try root.linkTimes(in: "/etc/ssl/certs") == links)
    }

    @Test("installing ca-certificates later keeps the anchor", arguments: DebianRelease.allCases)
    func laterInstallation(release: DebianRelease) async throws {
        let ca = try await Authority.make()
        let (ours, theirs) = (try await release.bare(), try await release.bare())

        try await caisson("trust", ca.certificate, ours.place).checked()
        try await release.installCertificates(in: ours)
        try await release.installCertificates(in: theirs)
        try await theirs.trustByHand(ca, as: try ours.anchor())

        // cert.pem is where OpenSSL looks in a root without the package; the logs tell the time.
        let ignored = ["/etc/ssl/cert.pem", "/var/log", "/var/cache/ldconfig", "/var/lib/dpkg"]
        expectSame(try ours.listing(ignoring: ignored), try theirs.listing(ignoring: ignored))
    }

    @Test("undo gives back the very tree, with its times", arguments: DebianRelease.allCases)
    func undo(release: DebianRelease) async throws {
        let ca = try await Authority.make()
        for root in [try await release.withCertificates(), try await release.bare()] {
            let before = try root.listing(.modified)
            try await caisson("trust", ca.certificate, root.place).checked()
            #expect(try root.listing() != Listing(), "the tree was changed")
            try await caisson("undo").checked()
            expectSame(try root.listing(.modified), before)
        }
    }

    @Test("undo of distrust gives back the very tree, with its times", arguments: DebianRelease.allCases)
    func undoOfDistrust(release: DebianRelease) async throws {
        let ca = try await Authority.make()
        let root = try await release.withCertificates()
        try await root.trustByHand(ca, as: "/usr/local/share/ca-certificates/by hand (2).crt")
        let before = try root.listing(.modified)

        try await caisson("distrust", ca.certificate, root.place).checked()
        try await caisson("undo").checked()

        expectSame(try root.listing(.modified), before)
    }

    @Test("a second trust writes nothing, and says so", arguments: DebianRelease.allCases)
    func twice(release: DebianRelease) async throws {
        let ca = try await Authority.make()
        let root = try await release.withCertificates()
        try await caisson("trust", ca.certificate, root.place).checked()
        let before = try root.listing([.modified, .changed])

        let second = try await caisson("trust", ca.certificate, root.place).checked()

        expectSame(try root.listing([.modified, .changed]), before)
        #expect((second.output + second.errors).contains("nothing to do"))
    }

    @Test("a dry run writes nothing, and names every path", arguments: DebianRelease.allCases)
    func dryRun(release: DebianRelease) async throws {
        let ca = try await Authority.make()
        let root = try await release.withCertificates()
        let before = try root.listing([.modified, .changed])

        let plan = try await caisson("trust", ca.certificate, root.place, "--dry-run").checked().output
        expectSame(try root.listing([.modified, .changed]), before)

        try await caisson("trust", ca.certificate, root.place).checked()
        let changed = try before.pathsChanged(in: root.listing([.modified, .changed]))
            .filter { !root.isDirectory($0) }
        #expect(!changed.isEmpty)
        for path in changed { #expect(plan.contains(path), "the plan names \(path)") }
    }

    @Test("OpenSSL accepts the authority's certificates while it is trusted", arguments: DebianRelease.allCases)
    func verification(release: DebianRelease) async throws {
        let ca = try await Authority.make()
        let leaf = try await ca.issue()
        let root = try await release.withCertificates()

        #expect(try await root.verify(leaf) == [false, false])
        try await caisson("trust", ca.certificate, root.place).checked()
        #expect(try await root.verify(leaf) == [true, true])
        try await caisson("undo").checked()
        #expect(try await root.verify(leaf) == [false, false])
    }
}
