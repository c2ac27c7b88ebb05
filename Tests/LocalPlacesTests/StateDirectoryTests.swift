import Caisson
import Foundation
import Glibc
import Journal
import LocalDisk
import LocalPlaces
import RootFS
import SystemPackage
import Testing

@Suite("The state directory")
struct StateDirectoryTests {
    let layout: Layout
    var scratch: Scratch { layout.scratch }

    init() throws { layout = try Layout() }

    @Test("of the host is /var/lib/caisson, else XDG_STATE_HOME or the home directory decides")
    func choice() throws {
        func choose(_ environment: [String: String], euid: UInt32 = 1000, forHost: Bool = false) throws -> FilePath {
            try StateDirectory.choose(environment: environment, euid: euid, forHost: forHost).path
        }
        #expect(try choose(["HOME": "/home/u"], forHost: true) == "/var/lib/caisson")
        #expect(try choose(["HOME": "/home/u"]) == "/home/u/.local/state/caisson")
        #expect(try choose(["HOME": "/home/u", "XDG_STATE_HOME": "/s"]) == "/s/caisson")
        #expect(try choose(["HOME": "/home/u", "XDG_STATE_HOME": "relative"]) == "/home/u/.local/state/caisson")
        #expect(try choose([:], euid: 0) == "/var/lib/caisson")
        #expect(throws: CaissonError.self) { try choose([:]) }
    }

    @Test("is created for its owner alone, with the directories above it")
    func created() async throws {
        let state = "\(scratch.path)/a/b/state"
        let journal = Journal(in: StateDirectory(FilePath(state)), report: { _ in })
        let place = try DirectoryPlace(FilePath(scratch.root), named: "rootfs:test", journal: journal)
        #expect(try await place.records().isEmpty)
        #expect(access("\(scratch.path)/a", F_OK) != 0)
        try await place.exclusively(waiting: .zero) { () async throws(CaissonError) in
            let step = Step(Change(path: "/x", before: .absent, after: .text("x")), store: "", purpose: "")
            try await place.commit(Plan(root: "", steps: [step]), as: .trust())
        }
        var status = stat()
        try #require(stat(state, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o700)
    }

    @Test(
        "is refused if others can write to it, or if it isn't a directory of one's own",
        arguments: ["mkdir -m 770 state", "mkdir -m 1777 state", "mkdir real; ln -s real state", "touch state"])
    func refused(_ preparation: String) async throws {
        try run("/bin/sh", "-c", "cd \"$0\" && umask 0 && \(preparation)", scratch.path)
        let test = try TestPlace(scratch)
        let before = try scratch.tree()
        let changes = try await layout.changes(test)
        let error = await #expect(throws: CaissonError.self) { try await test.commit(changes) }
        #expect(error?.kind == .permission)
        #expect(try scratch.tree() == before)
    }

    @Test("is refused if it belongs to someone else")
    func foreign() async throws {
        try run("/bin/mkdir", "-m", "700", scratch.state)
        let other = User(id: User.current.id + 1, group: 0)
        let test = try TestPlace(scratch, user: other)
        let error = await #expect(throws: CaissonError.self) { try await test.recover() }
        #expect(error?.kind == .permission)
    }

    @Test("with a corrupt record in it still gives the others, and names the corrupt one")
    func corrupt() async throws {
        let test = try TestPlace(scratch)
        try await test.commit([Change(path: "/a", before: .absent, after: .text("a"))], as: .trust("1"))
        try await test.commit([Change(path: "/b", before: .absent, after: .text("b"))], as: .trust("2"))
        let name = try #require(try scratch.stateFiles.first)
        try run("/bin/sh", "-c", "printf X | dd of=\"$0\" bs=1 seek=40 conv=notrunc", "\(scratch.state)/\(name)")
        #expect(try test.journal.runs().map(\.run.id) == ["2"])
        #expect(test.reports.ids == ["unreadable-record"])
        #expect(test.reports.all.first?.message.contains(name) == true)
    }

    @Test("with a record that a power cut left incomplete sets it aside: its run had changed nothing")
    func incomplete() async throws {
        try run("/bin/mkdir", "-m", "700", scratch.state)
        let crashing = try TestPlace(scratch) { (operation) throws(Errno) in
            if case .synchronize = operation { throw .ioError }
            if case .removeFile = operation { throw .ioError }
        }
        await #expect(throws: CaissonError.self) { try await crashing.commit(try await layout.changes(crashing)) }
        let name = try #require(try scratch.stateFiles.first)
        #expect(name.hasSuffix(".pending"))
        try #require(truncate("\(scratch.state)/\(name)", 100) == 0)
        let test = try TestPlace(scratch)
        try await test.recover()
        #expect(test.reports.ids == ["unreadable-record"])
        #expect(try scratch.stateFiles == ["\(name).unreadable"])
        try await test.recover()
        #expect(test.reports.ids.count == 1)
    }

    @Test("may hold other files")
    func otherFiles() async throws {
        try run("/bin/sh", "-c", "mkdir -m 700 \"$0\"; touch \"$0/README\" \"$0/a.b.done\"", scratch.state)
        let test = try TestPlace(scratch)
        #expect(try test.journal.runs().isEmpty)
        #expect(test.reports.all.isEmpty)
    }

    @Test("of the host is not touched without root, and the error says what to run")
    func hostNeedsRoot() async throws {
        let host = try HostPlace(journal: try TestPlace(scratch).journal, user: User(id: 1000, group: 1000))
        #expect(host.name == "host")
        let error = await #expect(throws: CaissonError.self) { try await host.exclusively(waiting: .zero) {} }
        #expect(error?.kind == .permission)
        #expect(error?.hint?.contains("sudo") == true)
        #expect(try await host.discover(["/etc"]).entry(at: "/etc")?.kind == .directory)
    }
}
