import Caisson
import Foundation
import Glibc
import Journal
import LocalDisk
import LocalPlaces
import RootFS
import SystemPackage
import Testing

@Suite("Committing a plan")
struct CommitTests {
    let layout: Layout
    var scratch: Scratch { layout.scratch }

    init() throws { layout = try Layout() }

    @Test("makes every change and leaves nothing else")
    func everyChange() async throws {
        let test = try TestPlace(scratch)
        let before = try scratch.tree()
        let changes = try await layout.changes(test)
        try await test.commit(changes)
        for change in changes { #expect(try await test.node(at: change.path).matches(change.after), "\(change.path)") }
        let after = try scratch.tree()
        #expect(
            Set(after.keys).subtracting(before.keys) == [
                "local/new", "local/new/deeper", "local/new/deeper/ca.crt", "local/new/link", "etc/certs/ca.pem",
            ])
        #expect(
            Set(before.keys).subtracting(after.keys) == [
                "etc/certs/0badcafe.0", "etc/certs/old.pem", "local/empty", "local/empty/one",
            ])
        #expect(test.reports.all.isEmpty)
    }

    @Test("keeps mode and extended attributes of what it replaces")
    func keepsAttributes() async throws {
        let test = try TestPlace(scratch)
        try await test.commit(try await layout.changes(test))
        guard case .file(_, let attributes) = try await test.node(at: "/etc/certs/bundle.pem") else {
            return #expect(Bool(false))
        }
        #expect(attributes.mode == 0o604)
        #expect(attributes.extended.contains(ExtendedAttribute(name: "user.label", value: Array("kept".utf8))))
    }

    @Test("keeps a record of it, with the exact before, that others cannot read")
    func record() async throws {
        let test = try TestPlace(scratch)
        let changes = try await layout.changes(test)
        try await test.commit(changes)
        let records = try await test.place.records()
        #expect(records.map(\.state) == [.done])
        #expect(
            records.first?.place == "rootfs:\(try Directory.realPath(of: FilePath(scratch.root)))",
            "found from any directory")
        #expect(records.first?.entries.map(\.path) == changes.map(\.path))
        #expect(records.first?.entries.map(\.before) == changes.map { NodeDigest(of: $0.before) })
        let originals = try await test.place.originals(of: try #require(records.first))
        #expect(changes.allSatisfy { originals[$0.path] == $0.before })
        #expect(try test.journal.runs() == records)
        var status = stat()
        try #require(stat(scratch.state, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
        let name = try #require(try scratch.stateFiles.first)
        try #require(stat("\(scratch.state)/\(name)", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("of a plan without changes leaves no record")
    func nothing() async throws {
        let test = try TestPlace(scratch)
        let before = try scratch.tree()
        let bundle = try await test.node(at: "/etc/certs/bundle.pem")
        try await test.commit([Change(path: "/etc/certs/bundle.pem", before: bundle, after: bundle)])
        try await test.commit([])
        #expect(try scratch.tree() == before)
        #expect(try await test.place.records().isEmpty)
    }

    @Test("takes two steps on one path for one change")
    func coalesced() async throws {
        let test = try TestPlace(scratch)
        let first = try await test.node(at: "/etc/certs/bundle.pem")
        let second = first.rewritten("public\na\n")
        let third = first.rewritten("public\na\nb\n")
        try await test.commit([
            Change(path: "/etc/certs/bundle.pem", before: first, after: second),
            Change(path: "/etc/certs/bundle.pem", before: second, after: third),
        ])
        #expect(try scratch.contents("etc/certs/bundle.pem") == "public\na\nb\n")
        #expect(try await test.place.records().first?.entries.count == 1)
    }

    @Test(
        "finds every kind of conflict and changes nothing",
        arguments: [
            "echo more >> etc/certs/bundle.pem", "chmod 600 etc/certs/bundle.pem", "rm etc/certs/bundle.pem",
            "ln -sf elsewhere etc/cert.pem", "touch etc/certs/ca.pem", "mkdir local/new",
            "rm etc/certs/old.pem; mkfifo etc/certs/old.pem", "chmod 700 local/empty",
            "mv etc/certs etc/moved", "mv etc/certs etc/moved; ln -s moved etc/certs",
        ])
    func conflict(_ meddling: String) async throws {
        let test = try TestPlace(scratch)
        let changes = try await layout.changes(test)
        try run("/bin/sh", "-c", "cd \"$0\" && \(meddling)", scratch.root)
        let before = try run("/usr/bin/find", scratch.root, "-printf", "%p %y %m %T@ %l\\n")
        let error = await #expect(throws: CaissonError.self) { try await test.commit(changes) }
        #expect(error?.kind == .locked)
        #expect(error?.reason.contains("changed by something else") == true)
        #expect(try run("/usr/bin/find", scratch.root, "-printf", "%p %y %m %T@ %l\\n") == before)
        #expect(try await test.place.records().isEmpty)
    }

    @Test("finds a conflict that arises while it writes, and takes everything back")
    func conflictWhileStaging() async throws {
        let root = scratch.root
        let meddler = try TestPlace(scratch) { (operation) throws(Errno) in
            guard case .createLink = operation else { return }
            try? Data("meddled\n".utf8).write(to: URL(filePath: "\(root)/etc/certs/bundle.pem"))
        }
        let before = try scratch.tree()
        await #expect(throws: CaissonError.self) { try await meddler.commit(try await layout.changes(meddler)) }
        var after = try scratch.tree()
        #expect(try scratch.contents("etc/certs/bundle.pem") == "meddled\n")
        after["etc/certs/bundle.pem"] = before["etc/certs/bundle.pem"]
        #expect(after == before)
    }

    @Test("leaves a directory that others keep files in, and says so")
    func notEmpty() async throws {
        let test = try TestPlace(scratch)
        let changes = try await layout.changes(test)
        try scratch.file("local/empty/two", "theirs")
        try await test.commit(changes)
        #expect(try scratch.contents("local/empty/two") == "theirs")
        #expect(!scratch.exists("local/empty/one"))
        #expect(test.reports.ids == ["directory-not-empty"])
    }

    @Test("replaces one name of a hard-linked file; the other keeps its contents, and is reported")
    func hardLink() async throws {
        try #require(link("\(scratch.root)/etc/certs/bundle.pem", "\(scratch.root)/other") == 0)
        let test = try TestPlace(scratch)
        try await test.commit(try await layout.changes(test))
        #expect(try scratch.contents("other") == "public\n")
        #expect(
            test.reports.all.map(\.message).contains {
                $0.hasPrefix("/other was another name of /etc/certs/bundle.pem")
            })
        #expect(try scratch.contents("etc/certs/bundle.pem") == "public\nca\n")
    }

    @Test("refuses to turn a directory into something else")
    func directoryToFile() async throws {
        let test = try TestPlace(scratch)
        let before = try await test.node(at: "/local/empty")
        let error = await #expect(throws: CaissonError.self) {
            try await test.commit([Change(path: "/local/empty", before: before, after: .text("x"))])
        }
        #expect(error?.kind == .inputOutput)
    }

    @Test(
        "refuses an ID that can't stand in a file name",
        arguments: ["", "../x", "a.b", String(repeating: "x", count: 65)])
    func oddID(_ id: String) async throws {
        let test = try TestPlace(scratch)
        await #expect(throws: CaissonError.self) {
            try await test.commit(try await layout.changes(test), as: .trust(id))
        }
    }

    @Test("shows a reader either the old file or the new one, never none")
    func neverMissing() async throws {
        let path = "\(scratch.root)/etc/certs/bundle.pem"
        let test = try TestPlace(scratch) { (_) throws(Errno) in
            if access(path, R_OK) != 0 { throw .ioError }
        }
        try await test.commit(try await layout.changes(test))
    }
}
