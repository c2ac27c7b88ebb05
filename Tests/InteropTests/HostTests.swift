import Testing

/// `host`, tried inside of a chroot: never on the machine's own /etc.
@Suite("host", .serialized, .scratch, .needsDebianRoots)
struct HostTests {
    @Test(
        "trust makes the tree that update-ca-certificates makes, undo takes it back", arguments: DebianRelease.allCases)
    func trust(release: DebianRelease) async throws {
        let ca = try await Authority.make()
        let untouched = try await release.withCertificates()
        let (ours, theirs) = (try await untouched.copy(), try await untouched.copy())
        try ours.write(ca.pem, to: "/tmp/ca.crt")
        let before = (try ours.listing(of: "/etc", .modified), try ours.listing(of: "/usr", .modified))

        try await ours.caissonInside("trust", "/tmp/ca.crt", "host").checked()
        try await theirs.trustByHand(ca, as: try ours.anchor())
        expectSame(try ours.listing(ignoring: Root.hostTraces), try theirs.listing(ignoring: Root.hostTraces))

        try await ours.caissonInside("undo").checked()
        expectSame(try ours.listing(of: "/etc", .modified), before.0)
        expectSame(try ours.listing(of: "/usr", .modified), before.1)
        #expect(!ours.exists("/home/.local"), "the journal of the host is not in a home")
    }

    @Test("without root it says so, and what to run")
    func withoutRoot() async throws {
        let ca = try await Authority.make()
        let root = try await DebianRelease.bookworm.withCertificates()
        try root.write(ca.pem, to: "/tmp/ca.crt")
        try await root.caissonInside("--version").checked()
        let before = try root.listing([.modified, .changed], ignoring: ["/proc"])

        let outcome = try await root.caissonInside("trust", "/tmp/ca.crt", "host", user: "65534:65534")

        #expect(outcome.status == 77)
        #expect(outcome.errors.contains("sudo"))
        expectSame(try root.listing([.modified, .changed], ignoring: ["/proc"]), before)
    }

    @Test("may be named by its root directory, and is taken back all the same")
    func rootDirectory() async throws {
        let ca = try await Authority.make()
        let root = try await DebianRelease.bookworm.withCertificates()
        try root.write(ca.pem, to: "/tmp/ca.crt")
        let before = try root.listing(of: "/etc", .modified)

        try await root.caissonInside("trust", "/tmp/ca.crt", "rootfs:/").checked()
        #expect(try await root.caissonInside("history").checked().output.contains("host"))
        try await root.caissonInside("undo").checked()

        expectSame(try root.listing(of: "/etc", .modified), before)
    }
}
