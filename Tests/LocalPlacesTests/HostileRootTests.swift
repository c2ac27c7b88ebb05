import Caisson
import Foundation
import Glibc
import Journal
import LocalDisk
import LocalPlaces
import RootFS
import SystemPackage
import Testing

/// Roots made to mislead: nothing outside of them is read or written, and each attempt gets its sentence.
@Suite("A hostile root")
struct HostileRootTests {
    let layout: Layout
    var scratch: Scratch { layout.scratch }

    init() throws { layout = try Layout() }

    /// Commits with a change made to the root just before one of the operations on the disk.
    private func commit(
        meddlingBefore moment: @escaping @Sendable (DiskOperation) -> Bool, _ script: String
    ) async throws {
        let path = scratch.path
        let test = try TestPlace(scratch) { (operation) throws(Errno) in
            if moment(operation) {
                _ = try? run("/bin/sh", "-c", "cd \"$0\" && { \(script); } 2>/dev/null || true", path)
            }
        }
        try await test.commit(try await layout.changes(test))
    }

    @Test(
        "in which a directory becomes a link out of it during the run writes nothing outside",
        arguments: [
            "mv root/etc/certs moved && ln -s ../../outside root/etc/certs",
            "mv root/local moved && ln -s ../outside root/local",
            "mv root/etc moved && ln -s /tmp root/etc",
        ], Moment.allCases)
    func swappedDirectory(_ script: String, _ moment: Moment) async throws {
        try run("/bin/sh", "-c", "mkdir \"$0/outside\" && echo mine > \"$0/outside/bundle.pem\"", scratch.path)
        let before = try Scratch.tree(below: scratch.path + "/outside", times: true)
        _ = try? await commit(meddlingBefore: moment.isReached(by:), script)
        #expect(try Scratch.tree(below: scratch.path + "/outside", times: true) == before)
    }

    /// When someone meddles: before anything is staged, in the midst of that, or when the first file gets its name.
    enum Moment: CaseIterable {
        case recording, staging, renaming

        @Sendable func isReached(by operation: DiskOperation) -> Bool {
            switch (self, operation) {
            case (.recording, .write), (.staging, .createLink): true
            case (.renaming, .rename(let name, to: _)): name.contains("/.caisson-".utf8)
            default: false
            }
        }
    }

    @Test("in which a FIFO takes the place of a file is a conflict, and is not waited for")
    func fifo() async throws {
        let test = try TestPlace(scratch)
        let changes = try await layout.changes(test)
        try run("/bin/sh", "-c", "cd \"$0/etc/certs\" && rm bundle.pem && mkfifo bundle.pem", scratch.root)
        let error = await #expect(throws: CaissonError.self) { try await test.commit(changes) }
        #expect(error?.kind == .locked)
    }

    @Test("with an immutable or an append-only file changes nothing, and says what to look at", arguments: ["i", "a"])
    func immutable(_ attribute: String) async throws {
        let file = "\(scratch.root)/etc/certs/bundle.pem"
        // Needs root, and a file system that knows the attribute.
        guard try attempt("/usr/bin/chattr", "+\(attribute)", file) else { return }
        defer { _ = try? attempt("/usr/bin/chattr", "-\(attribute)", file) }
        let before = try scratch.tree()
        let test = try TestPlace(scratch)
        let error = await #expect(throws: CaissonError.self) { try await test.commit(try await layout.changes(test)) }
        #expect(error?.kind == .permission)
        #expect(error?.hint?.contains("lsattr") == true)
        #expect(try scratch.tree() == before)
        #expect(try scratch.stateFiles.isEmpty)
    }

    @Test("of which a part may not be entered gives its path")
    func forbidden() async throws {
        // Root may enter everything.
        guard getuid() != 0 else { return }
        try scratch.settle("etc/certs", mode: 0, changed: 900_000_000)
        let test = try TestPlace(scratch)
        let error = await #expect(throws: CaissonError.self) { try await test.place.discover(["/etc/certs/*"]) }
        #expect(error?.kind == .permission)
        #expect(error?.reason.contains("/etc/certs") == true)
    }

    @Test("with a name as long as a name can be still gets its staged files")
    func longName() async throws {
        let test = try TestPlace(scratch)
        let path = RootPath("/local").appending(String(repeating: "x", count: 255))
        try await test.commit([Change(path: path, before: .absent, after: .text("x"))])
        #expect(try await test.node(at: path).matches(.text("x")))
    }

    @Test("asked for names that cannot be says that nothing is there")
    func impossibleName() async throws {
        let test = try TestPlace(scratch)
        let path = RootPath.root.appending(String(repeating: "x", count: 256))
        #expect(try await test.node(at: path) == .absent)
    }

    @Test("of more new files than a process may hold open is changed all the same")
    func manyFiles() async throws {
        let test = try TestPlace(scratch)
        let changes = (0..<1200).map { number in
            Change(path: RootPath("/local").appending("\(number).crt"), before: .absent, after: .text("\(number)"))
        }
        try await test.commit(changes)
        #expect(try scratch.contents("local/1199.crt") == "1199")
        try await test.undo()
        #expect(!scratch.exists("local/0.crt"))
    }
}
