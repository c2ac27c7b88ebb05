import Testing

/// The Java store against what Debian's hook writes.
///
/// The hook's entries come in a hash table's order with the time of the run, so entries are compared, not bytes.
@Suite("Debian with Java", .serialized, .scratch, .needsDebianRoots)
struct DebianJavaTests {
    static let store = "/etc/ssl/certs/java/cacerts"
    /// The store, what dpkg notes about running the hook's trigger, and what any run of Java leaves.
    static let ignored = [store, "/var/lib/dpkg", "/var/log", "/tmp"]

    @Test("trust gives the store the entries that the hook gives it", arguments: DebianRelease.allCases)
    func trust(release: DebianRelease) async throws {
        let ca = try await Authority.make("/O=Acme \u{DC}n\u{EF}corp/CN=Acme Proxy CA")
        let (ours, theirs) = (try await release.withJava(), try await release.withJava())
        let before = try await ours.javaEntries()

        try await caisson("trust", ca.certificate, ours.place).checked()
        try await theirs.javaTrustByHand(ca, as: try ours.anchor())

        let entries = try await ours.javaEntries()
        #expect(entries.count == before.count + 1)
        #expect(try await entries == theirs.javaEntries())
        expectSame(try ours.listing(ignoring: Self.ignored), try theirs.listing(ignoring: Self.ignored))
        #expect(try ours.attributes(of: Self.store) == theirs.attributes(of: Self.store))
    }

    @Test("distrust takes the entry away, and undo gives the very tree back", arguments: DebianRelease.allCases)
    func distrust(release: DebianRelease) async throws {
        let ca = try await Authority.make()
        let root = try await release.withJava()
        let before = try await root.javaEntries()
        try await caisson("trust", ca.certificate, root.place).checked()
        let trusted = try root.listing(.modified, ignoring: ["/tmp"])

        try await caisson("distrust", ca.certificate, root.place).checked()
        #expect(try await root.javaEntries() == before)

        try await caisson("undo").checked()
        expectSame(try root.listing(.modified, ignoring: ["/tmp"]), trusted)
    }

    @Test("distrust takes away the entry that the hook wrote")
    func distrustOfOthers() async throws {
        let ca = try await Authority.make()
        let root = try await DebianRelease.bookworm.withJava()
        let before = try await root.javaEntries()
        try await root.javaTrustByHand(ca, as: "/usr/local/share/ca-certificates/By Hand (1).crt")

        try await caisson("distrust", ca.certificate, root.place).checked()

        #expect(try await root.javaEntries() == before)
    }

    @Test("a second trust leaves the store alone")
    func twice() async throws {
        let ca = try await Authority.make()
        let root = try await DebianRelease.bookworm.withJava()
        try await caisson("trust", ca.certificate, root.place).checked()
        let before = try root.listing([.modified, .changed])

        try await caisson("trust", ca.certificate, root.place).checked()

        expectSame(try root.listing([.modified, .changed]), before)
    }

    @Test("--without leaves the store alone, --only changes nothing else")
    func selection() async throws {
        let ca = try await Authority.make()
        let root = try await DebianRelease.bookworm.withJava()
        let before = try root.listing()

        try await caisson("trust", ca.certificate, root.place, "--without", "debian-java").checked()
        let changed = try before.pathsChanged(in: root.listing())
        #expect(!changed.isEmpty)
        #expect(!changed.contains(Self.store))
        try await caisson("undo").checked()

        try await caisson("trust", ca.certificate, root.place, "--only", "debian-java").checked()
        #expect(try before.pathsChanged(in: root.listing()) == [Self.store])
    }

    @Test("the hook has nothing to change afterwards")
    func toolAgrees() async throws {
        let ca = try await Authority.make()
        let root = try await DebianRelease.bookworm.withJava()
        try await caisson("trust", ca.certificate, root.place).checked()
        let (before, entries) = (try root.listing(ignoring: Self.ignored), try await root.javaEntries())

        try await root.runInside("update-ca-certificates", "--fresh", proc: true)

        #expect(try await root.javaEntries() == entries)
        expectSame(try root.listing(ignoring: Self.ignored), before)
    }
}

extension Root {
    fileprivate func javaTrustByHand(_ authority: Authority, as path: String) async throws {
        try write(authority.pem, to: path)
        try await runInside("update-ca-certificates", proc: true)
    }

    /// What the root's own keytool finds in the store: each alias with its certificate, PEM.
    fileprivate func javaEntries() async throws -> [String: String] {
        let listed = try await runInside(
            "keytool", "-list", "-rfc", "-keystore", DebianJavaTests.store, "-storepass", "changeit", proc: true)
        var entries: [String: String] = [:]
        for entry in listed.split(separator: "Alias name: ").dropFirst() {
            let lines = entry.split(separator: "\n")
            let body = lines.drop { !$0.hasPrefix("-----BEGIN") }.prefix { !$0.hasPrefix("-----END") }
            entries[String(lines[0])] = body.joined(separator: "\n")
        }
        return entries
    }

    /// Mode and owner, as the listing says them.
    fileprivate func attributes(of path: String) throws -> String? {
        try listing(of: path).lines[path]?.split(separator: " ").suffix(2).joined(separator: " ")
    }
}
