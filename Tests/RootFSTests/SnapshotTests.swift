import RootFS
import Testing

@Suite("A snapshot of a root")
struct SnapshotTests {
    private let attributes = Attributes(mode: 0o755)

    /// `/etc/ssl -> ../usr/ssl`, `/usr/ssl/a`, `/loop -> loop`, `/out -> ../../../usr`.
    private var snapshot: Snapshot {
        var snapshot = Snapshot(root: "test")
        snapshot.record(Entry(kind: .directory, attributes: attributes), at: .root)
        snapshot.record(listing: ["etc", "usr", "loop", "out"].map { Array($0.utf8) }, of: .root)
        snapshot.record(Entry(kind: .directory, attributes: attributes), at: "/etc")
        snapshot.record(Entry(kind: .symlink(to: Array("../usr/ssl".utf8)), attributes: attributes), at: "/etc/ssl")
        snapshot.record(Entry(kind: .directory, attributes: attributes), at: "/usr")
        snapshot.record(Entry(kind: .directory, attributes: attributes), at: "/usr/ssl")
        snapshot.record(listing: [Array("a".utf8)], of: "/usr/ssl")
        snapshot.record(Entry(kind: .file(size: 1, links: 1), attributes: attributes), at: "/usr/ssl/a")
        snapshot.record(Entry(kind: .symlink(to: Array("loop".utf8)), attributes: attributes), at: "/loop")
        snapshot.record(Entry(kind: .symlink(to: Array("../../../usr".utf8)), attributes: attributes), at: "/out")
        return snapshot
    }

    @Test("follows links inside the root")
    func links() throws {
        #expect(try snapshot.resolve("/etc/ssl/a") == "/usr/ssl/a")
        #expect(try snapshot.locate("/etc/ssl") == "/etc/ssl")
    }

    @Test("never follows one out of it")
    func escape() throws { #expect(try snapshot.resolve("/out/ssl/a") == "/usr/ssl/a") }

    @Test("gives up on a loop")
    func loop() { #expect(throws: PlanError.tooManyLinks("/loop")) { try snapshot.resolve("/loop") } }

    @Test("tells absent from not looked at")
    func absent() throws {
        #expect(try snapshot.entry(at: "/usr/ssl/b") == nil)
        #expect(try snapshot.entry(at: "/nowhere/at/all") == nil)
        #expect(try snapshot.entry(at: "/usr/ssl/a/below-a-file") == nil)
        #expect(throws: PlanError.notCaptured("/etc/passwd")) { try snapshot.entry(at: "/etc/passwd") }
        #expect(throws: PlanError.notCaptured("/usr/ssl/a")) { try snapshot.contents(of: "/usr/ssl/a") }
    }

    @Test("shows what changes lead to")
    func applying() throws {
        let file = Node.file(contents: [1, 2], attributes)
        let added = Change(path: "/usr/ssl/b", before: .absent, after: file)
        let after = snapshot.applying([added])
        #expect(try after.names(in: "/etc/ssl") == [Array("a".utf8), Array("b".utf8)])
        #expect(try after.contents(of: "/etc/ssl/b") == [1, 2])
        let back = after.applying([added.inverse])
        #expect(try back.names(in: "/etc/ssl") == [Array("a".utf8)])
        #expect(try back.entry(at: "/usr/ssl/b") == nil)
    }
}

@Suite("A node")
struct NodeTests {
    @Test("matches another in spite of times and extended attributes")
    func matching() {
        let old = Attributes(mode: 0o644, modified: Timestamp(seconds: 1))
        let new = Attributes(
            mode: 0o644, modified: Timestamp(seconds: 2), extended: [.init(name: "user.a", value: [1])])
        #expect(Node.file(contents: [1], old).matches(.file(contents: [1], new)))
        #expect(Node.file(contents: [1], old).matches(.file(contents: [2], old)) == false)
        #expect(Node.file(contents: [1], old).matches(.file(contents: [1], Attributes(mode: 0o600))) == false)
        #expect(Node.symlink(to: [1], old).matches(.symlink(to: [1], Attributes(mode: 0o600))))
        #expect(Node.absent.matches(.directory(old)) == false)
    }
}
