import Caisson
import Foundation
import Glibc
import Journal
import LocalDisk
import LocalPlaces
import RootFS
import SystemPackage
import Testing

@Suite("Reading files of a root")
struct ReadingTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("reads over links, and records what is missing", arguments: DiscoveryTests.resolvers)
    func links(resolver: Root.Resolver) async throws {
        try scratch.directory("etc")
        try scratch.file("etc/bundle.pem", "bundle")
        try scratch.link("cert.pem", to: "/etc/bundle.pem")
        let place = try TestPlace(scratch, resolver: resolver).place
        let snapshot = try await place.read(["/cert.pem", "/gone"], into: Snapshot(root: place.name))
        #expect(try snapshot.contents(of: "/cert.pem") == Array("bundle".utf8))
        #expect(snapshot.isRead("/etc/bundle.pem"))
        #expect(try snapshot.entry(at: "/gone") == nil)
    }

    @Test("keeps owner, mode, time and extended attributes")
    func attributes() async throws {
        try scratch.file("file", "x", mode: 0o4755)
        try scratch.attribute("user.note", "hello", of: "file")
        let place = try TestPlace(scratch).place
        let node = try await place.read(["/file"], into: Snapshot(root: place.name)).node(at: "/file")
        guard case .file(_, let attributes) = node else { return #expect(Bool(false)) }
        #expect(attributes.mode == 0o4755)
        #expect(attributes.modified == Timestamp(seconds: 1_000_000_000, nanoseconds: 123_456_789))
        #expect(attributes.extended.contains(ExtendedAttribute(name: "user.note", value: Array("hello".utf8))))
    }

    @Test("refuses a file beyond the limit by its size, also a sparse one")
    func sparse() async throws {
        try scratch.file("bundle")
        try #require(truncate("\(scratch.root)/bundle", 10 << 30) == 0)
        let place = try TestPlace(scratch).place
        let error = await #expect(throws: CaissonError.self) {
            try await place.read(["/bundle"], into: Snapshot(root: place.name))
        }
        #expect(error?.kind == .inputOutput)
        #expect(error?.reason == "/bundle is larger than 512 MiB")
    }

    @Test("refuses more than a total")
    func total() async throws {
        try scratch.file("a", "12345")
        try scratch.file("b", "12345")
        var limits = Limits()
        limits.totalSize = 9
        let place = try TestPlace(scratch, limits: limits).place
        await #expect(throws: CaissonError.self) {
            try await place.read(["/a", "/b"], into: Snapshot(root: place.name))
        }
    }

    @Test("reads files that the kernel gives no size for")
    func unsized() async throws {
        let scratch = try Scratch()
        let journal = try TestPlace(scratch).journal
        let place = try DirectoryPlace("/proc/self", named: "rootfs:proc", journal: journal)
        let snapshot = try await place.read(["/status"], into: Snapshot(root: place.name))
        #expect(try snapshot.contents(of: "/status")?.isEmpty == false)
    }

    @Test("gives the same for a directory swapped for a link out of the root: an error, and no outside read")
    func swapped() async throws {
        try scratch.directory("etc")
        try scratch.file("etc/file", "inside")
        let place = try TestPlace(scratch).place
        let snapshot = try await place.discover(["/etc/file"])
        try run(
            "/bin/sh", "-c", "mkdir $0/out; echo outside > $0/out/file; rm -r $0/root/etc; ln -s ../out $0/root/etc",
            scratch.path)
        await #expect(throws: CaissonError.self) { try await place.read(["/etc/file"], into: snapshot) }
    }
}
