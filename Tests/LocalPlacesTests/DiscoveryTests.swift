import Caisson
import Glibc
import Journal
import LocalDisk
import LocalPlaces
import RootFS
import SystemPackage
import Testing

@Suite("Looking into a root", .serialized)
struct DiscoveryTests {
    static let resolvers: [Root.Resolver] = [.kernel, .byHand]
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func look(_ patterns: PathPattern..., by resolver: Root.Resolver = .kernel) async throws -> Snapshot {
        try await TestPlace(scratch, resolver: resolver).place.discover(patterns)
    }

    @Test("records the entry at a literal path and the directories above it", arguments: resolvers)
    func literal(resolver: Root.Resolver) async throws {
        try scratch.directory("etc")
        try scratch.file("etc/hostname", "here\n", mode: 0o640)
        let snapshot = try await look("/etc/hostname", by: resolver)
        let entry = try #require(try snapshot.entry(at: "/etc/hostname"))
        #expect(entry.kind == .file(size: 5, links: 1))
        #expect(entry.attributes.mode == 0o640)
        #expect(entry.attributes.owner == getuid())
        #expect(entry.attributes.modified == Timestamp(seconds: 1_000_000_000, nanoseconds: 123_456_789))
        #expect(try snapshot.entry(at: "/etc")?.kind == .directory)
        #expect(try snapshot.entry(at: .root)?.kind == .directory)
    }

    @Test("records what is missing as missing, also below a missing directory or a file", arguments: resolvers)
    func missing(resolver: Root.Resolver) async throws {
        try scratch.file("file")
        let snapshot = try await look("/etc/ssl/cert.pem", "/file/below", "/usr/*", by: resolver)
        #expect(try snapshot.entry(at: "/etc/ssl/cert.pem") == nil)
        #expect(try snapshot.entry(at: "/file/below") == nil)
        #expect(try snapshot.names(in: "/usr") == [])
        #expect(throws: PlanError.notCaptured("/var")) { try snapshot.entry(at: "/var") }
    }

    @Test("follows absolute links inside the root and records each", arguments: resolvers)
    func absoluteLink(resolver: Root.Resolver) async throws {
        try scratch.directory("real")
        try scratch.file("real/file", "x")
        try scratch.link("alias", to: "/real")
        let snapshot = try await look("/alias/file", by: resolver)
        #expect(try snapshot.entry(at: "/alias")?.kind == .symlink(to: Array("/real".utf8)))
        #expect(try snapshot.resolve("/alias/file") == "/real/file")
        #expect(try snapshot.entry(at: "/real/file")?.kind == .file(size: 1, links: 1))
    }

    @Test("never leaves the root, by an absolute link or by `..`", arguments: resolvers)
    func escape(resolver: Root.Resolver) async throws {
        try run("/bin/sh", "-c", "mkdir \"$0/secret\" && echo s > \"$0/secret/file\"", scratch.path)
        try scratch.link("out", to: "\(scratch.path)/secret")
        try scratch.link("up", to: "../../../../../../../../..\(scratch.path)/secret")
        try scratch.link("above", to: "../secret")
        let snapshot = try await look("/out/file", "/up/*", "/above/**", by: resolver)
        #expect(try snapshot.file(at: "/out/file") == nil)
        #expect(try snapshot.names(in: "/up") == [])
        #expect(try snapshot.names(in: "/above") == [])
        #expect(try snapshot.resolve("/above") == "/secret")
    }

    @Test("ends at a loop of links", arguments: resolvers)
    func loop(resolver: Root.Resolver) async throws {
        try scratch.link("a", to: "b")
        try scratch.link("b", to: "a")
        let snapshot = try await look("/a/file", "/a", by: resolver)
        #expect(throws: PlanError.tooManyLinks("/a")) { try snapshot.resolve("/a") }
    }

    @Test("lists a directory for a wildcard, every entry with what it is", arguments: resolvers)
    func wildcard(resolver: Root.Resolver) async throws {
        try scratch.directory("certs")
        for name in ["a.crt", "b.pem", ".hidden"] { try scratch.file("certs/\(name)") }
        try scratch.link("certs/dangling", to: "nowhere")
        try scratch.directory("certs/inner")
        let snapshot = try await look("/certs/*.crt", by: resolver)
        let names = try snapshot.names(in: "/certs").map { String(decoding: $0, as: UTF8.self) }
        #expect(names == [".hidden", "a.crt", "b.pem", "dangling", "inner"])
        for name in names { #expect(try snapshot.entry(at: RootPath("/certs").appending(name)) != nil) }
    }

    @Test("records where the links of a listed directory lead")
    func linkTargets() async throws {
        try scratch.directory("certs")
        try scratch.directory("share")
        try scratch.file("share/ca.crt", "ca")
        try scratch.link("certs/ca.pem", to: "/share/ca.crt")
        try scratch.link("certs/12345678.0", to: "ca.pem")
        try scratch.link("certs/dangling", to: "../share/gone")
        let snapshot = try await look("/certs/*")
        #expect(try snapshot.file(at: "/certs/12345678.0")?.path == "/share/ca.crt")
        #expect(try snapshot.file(at: "/certs/dangling") == nil)
    }

    @Test("looks into directories under a wildcard, and into links to them only if told so")
    func wildcardInTheMiddle() async throws {
        for name in ["jvm", "jvm/17", "jvm/17/lib", "opt"] { try scratch.directory(name) }
        try scratch.file("jvm/17/lib/cacerts", "store")
        try scratch.file("opt/cacerts")
        try scratch.link("jvm/default", to: "17")
        try scratch.link("jvm/other", to: "../opt")
        let plain = try await look("/jvm/*/lib/cacerts")
        #expect(try plain.file(at: "/jvm/17/lib/cacerts") != nil)
        #expect(try plain.file(at: "/jvm/default/lib/cacerts")?.path == "/jvm/17/lib/cacerts")
        let following = try await look(PathPattern("/jvm/*/cacerts", followingLinks: true))
        #expect(try following.file(at: "/opt/cacerts") != nil)
    }

    @Test("looks into everything below `**`, to the depth limit, and not around in circles")
    func everything() async throws {
        var deep = "deep"
        try scratch.directory(deep)
        for _ in 0...PathPattern.depthLimit {
            deep += "/d"
            try scratch.directory(deep)
        }
        try scratch.link("deep/again", to: "/deep")
        try scratch.link("deep/up", to: "..")
        let snapshot = try await look(PathPattern("/deep/**", followingLinks: true))
        let levels = RootPath(bytes: Array(("/deep" + String(repeating: "/d", count: 16)).utf8))
        #expect(try snapshot.entry(at: try #require(levels))?.kind == .directory)
        #expect(try snapshot.names(in: .root).count == 1)
        let beyond = try #require(levels).appending("d")
        #expect(throws: PlanError.notCaptured(beyond)) { try snapshot.entry(at: beyond) }
    }

    @Test("records special files without opening them", arguments: resolvers)
    func special(resolver: Root.Resolver) async throws {
        try #require(mkfifo("\(scratch.root)/fifo", 0o644) == 0)
        let snapshot = try await TestPlace(scratch, resolver: resolver).place.discover(["/*"])
        #expect(try snapshot.entry(at: "/fifo")?.kind == .special(.fifo))
        let read = try await TestPlace(scratch).place.read(["/fifo"], into: snapshot)
        #expect(try read.contents(of: "/fifo") == nil)
    }

    @Test("takes names as bytes: newlines and invalid UTF-8 included", arguments: resolvers)
    func oddNames(resolver: Root.Resolver) async throws {
        let names: [[UInt8]] = [Array("new\nline".utf8), [0x66, 0xff, 0xfe], Array("\u{202e}rtl".utf8), [0x20]]
        for name in names {
            let path = Array(scratch.root.utf8) + [UInt8(ascii: "/")] + name + [0]
            let descriptor = path.withUnsafeBytes {
                open($0.bindMemory(to: CChar.self).baseAddress!, O_CREAT | O_RDWR, 0o644)
            }
            try #require(descriptor >= 0)
            close(descriptor)
        }
        let snapshot = try await TestPlace(scratch, resolver: resolver).place.discover(["/*"])
        #expect(Set(try snapshot.names(in: .root)) == Set(names))
        let path = RootPath.root.appending([0x66, 0xff, 0xfe] as [UInt8])
        let read = try await TestPlace(scratch, resolver: resolver).place.read([path], into: snapshot)
        #expect(try read.contents(of: path) == [])
    }

    @Test("refuses more entries than its limits")
    func limits() async throws {
        for number in 0..<5 { try scratch.file("f\(number)") }
        var limits = Limits()
        limits.entriesPerDirectory = 4
        let error = await #expect(throws: CaissonError.self) {
            try await TestPlace(scratch, limits: limits).place.discover(["/*"])
        }
        #expect(error?.kind == .inputOutput)
        #expect(error?.reason == "/ has more than 4 entries")
        limits = Limits()
        limits.entries = 4
        await #expect(throws: CaissonError.self) { try await TestPlace(scratch, limits: limits).place.discover(["/*"]) }
    }

    @Test("reports entries that a run of elsewhere left staged")
    func leftovers() async throws {
        try scratch.directory("certs")
        try scratch.file("certs/.caisson-20260101T000000Z-abcdef-3")
        let test = try TestPlace(scratch)
        _ = try await test.place.discover(["/certs/*"])
        #expect(test.reports.ids == ["staged-leftover"])
        #expect(scratch.exists("certs/.caisson-20260101T000000Z-abcdef-3"))
    }

    @Test("says of a place that isn't there, or isn't a directory, that it is no input")
    func noSuchPlace() throws {
        try scratch.file("file")
        for path in ["\(scratch.root)/none", "\(scratch.root)/file"] {
            let error = #expect(throws: CaissonError.self) {
                try DirectoryPlace(FilePath(path), named: "rootfs:x", journal: try TestPlace(scratch).journal)
            }
            #expect(error?.kind == .noInput)
        }
    }
}
