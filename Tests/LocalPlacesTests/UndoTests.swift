import Caisson
import Glibc
import Journal
import LocalDisk
import LocalPlaces
import RootFS
import Testing

@Suite("Taking a run back")
struct UndoTests {
    let layout: Layout
    var scratch: Scratch { layout.scratch }

    init() throws { layout = try Layout() }

    private func listing() throws -> String {
        try run("/bin/sh", "-c", "cd \"$0\" && find . -printf '%p %y %m %U %G %T@ %l\\n' | sort", scratch.root)
    }

    @Test("restores bytes, owners, modes, links, attributes and times exactly")
    func exact() async throws {
        let test = try TestPlace(scratch)
        let (tree, listing) = (try scratch.tree(), try listing())
        let bundle = try await test.node(at: "/etc/certs/bundle.pem")
        try await test.commit(try await layout.changes(test))
        #expect(try scratch.tree() != tree)
        try await test.undo()
        #expect(try scratch.tree() == tree)
        #expect(try self.listing() == listing)
        #expect(try await test.node(at: "/etc/certs/bundle.pem") == bundle)
    }

    @Test("marks the run as taken back, in the same step as the undo as done")
    func states() async throws {
        let test = try TestPlace(scratch)
        try await test.commit(try await layout.changes(test))
        try await test.undo()
        #expect(try test.journal.runs().map(\.state) == [.undone, .done])
        #expect(try await test.place.records().map(\.run.id) == ["undo"])
    }

    @Test("can itself be taken back, and then the run stands again")
    func redo() async throws {
        let test = try TestPlace(scratch)
        try await test.commit(try await layout.changes(test))
        let after = try scratch.tree()
        try await test.undo(as: "undo1")
        let record = try #require(try await test.place.records().last)
        try await test.commit(try await test.inverse(of: record), as: .undo("undo1", as: "undo2"))
        #expect(try scratch.tree() == after)
        #expect(try test.journal.runs().map(\.state) == [.done, .undone, .done])
    }

    @Test("of a run whose paths are already as before only notes that it is taken back")
    func alreadyBefore() async throws {
        let test = try TestPlace(scratch)
        try await test.commit([Change(path: "/new", before: .absent, after: .text("x"))])
        try run("/bin/rm", "\(scratch.root)/new")
        try await test.commit([], as: .undo("20260101T000000Z-000000", as: "undo"))
        #expect(try test.journal.runs().map(\.state) == [.undone, .done])
    }

    @Test("leaves the time of a directory that something else has changed since")
    func directoryChangedSince() async throws {
        let test = try TestPlace(scratch)
        try await test.commit([Change(path: "/etc/new", before: .absent, after: .text("x"))])
        try run("/bin/sh", "-c", "sleep 0.05; echo > \"$0/etc/theirs\"", scratch.root)
        try await test.undo()
        var status = stat()
        try #require(stat("\(scratch.root)/etc", &status) == 0)
        #expect(status.st_mtim.tv_sec > 1_700_000_000)
    }

    @Test("of a run that is taken back already is an error")
    func twice() async throws {
        let test = try TestPlace(scratch)
        try await test.commit(try await layout.changes(test))
        let record = try #require(try await test.place.records().first)
        try await test.undo()
        let error = await #expect(throws: CaissonError.self) {
            try await test.commit([], as: .undo(record.run.id, as: "again"))
        }
        #expect(error?.kind == .noInput)
    }

    @Test("needs the contents in the record, which listing the runs doesn't read")
    func damagedContents() async throws {
        let test = try TestPlace(scratch)
        try await test.commit(try await layout.changes(test))
        let file = "\(scratch.state)/\(try #require(try scratch.stateFiles.first))"
        try run("/bin/sh", "-c", "truncate -s -1 \"$0\"", file)
        #expect(try test.journal.runs().map(\.state) == [.done])
        let record = try #require(try await test.place.records().first)
        #expect(test.reports.ids.isEmpty)
        let error = await #expect(throws: CaissonError.self) { try await test.place.originals(of: record) }
        #expect(error?.kind == .inputOutput)
        #expect(error?.reason.contains("unreadable") == true)
    }

    @Test("of an unknown run is an error")
    func unknown() async throws {
        let test = try TestPlace(scratch)
        let error = await #expect(throws: CaissonError.self) {
            try await test.commit([], as: .undo("none", as: "undo"))
        }
        #expect(error?.kind == .noInput)
    }

    @Test("concerns one place: another place of the same state directory keeps its records")
    func otherPlace() async throws {
        let other = try Layout()
        try run("/bin/sh", "-c", "rm -rf \"$1\"; ln -s \"$0\" \"$1\"", scratch.state, other.scratch.state)
        let test = try TestPlace(scratch)
        try await test.commit(try await layout.changes(test))
        #expect(try await test.place.records().count == 1)
        let elsewhere = try Scratch()
        let second = try TestPlace(elsewhere)
        #expect(try await second.place.records().isEmpty)
    }
}
