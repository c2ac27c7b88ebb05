import ImageLayers
import RootFS
import Tar
import Testing

/// An archive that is in memory, handed out in pieces of odd size.
private struct Pieces: ByteSource {
    var rest: ArraySlice<UInt8>
    var size = 700

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        let part = rest.prefix(min(size, buffer.count))
        buffer.copyBytes(from: part)
        rest = rest.dropFirst(part.count)
        return part.count
    }
}

private func file(_ name: String, _ text: String = "", mode: UInt16 = 0o644) -> TarEntry {
    TarEntry(name: Array(name.utf8), kind: .file(Array(text.utf8)), attributes: Attributes(mode: mode))
}

private func directory(_ name: String, mode: UInt16 = 0o755) -> TarEntry {
    TarEntry(name: Array(name.utf8), kind: .directory, attributes: Attributes(mode: mode, owner: 5, group: 6))
}

private func link(_ name: String, to target: String) -> TarEntry {
    TarEntry(name: Array(name.utf8), kind: .symlink(to: Array(target.utf8)), attributes: Attributes(mode: 0o777))
}

private func hardLink(_ name: String, to target: String) -> TarEntry {
    TarEntry(name: Array(name.utf8), kind: .hardLink(to: Array(target.utf8)), attributes: Attributes(mode: 0o644))
}

private func tree(_ layers: [TarEntry]...) throws -> LayerTree {
    var tree = LayerTree()
    for entries in layers {
        tree.apply(
            try LayerListing(Pieces(rest: TarWriter.archive(of: entries)[...]), keeping: { _, _ in true }))
    }
    return tree
}

extension LayerTree {
    fileprivate func text(_ path: RootPath) throws -> String? {
        let snapshot = read([path], into: discover([PathPattern(path)], named: "test"), fetched: [:])
        return try snapshot.contents(of: path).map { String(decoding: $0, as: UTF8.self) }
    }

    fileprivate func names(_ directory: RootPath) throws -> [String] {
        try discover([PathPattern("\(directory)/*")], named: "test").names(in: directory)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

@Suite("Layers on layers")
struct LayerTests {
    @Test("an upper layer's file hides the lower's")
    func upper() throws {
        let tree = try tree([file("etc/a", "1"), file("etc/b", "2")], [file("./etc/a", "3")])
        #expect(try tree.text("/etc/a") == "3")
        #expect(try tree.names("/etc") == ["a", "b"])
    }

    @Test("a whiteout takes away what is below it, and nothing of its own layer")
    func whiteout() throws {
        let tree = try tree(
            [file("etc/a", "1"), file("etc/d/x"), file("etc/c", "5")],
            [file("etc/c", "6"), file("etc/.wh.a"), file("etc/.wh.d"), file("etc/.wh.c"), file("etc/.wh.nothing")])
        #expect(try tree.names("/etc") == ["c"])
        #expect(try tree.text("/etc/c") == "6")
    }

    @Test("an opaque directory hides all below, wherever its mark stands")
    func opaque() throws {
        let tree = try tree(
            [file("etc/ssl/a"), file("etc/ssl/certs/b"), file("etc/z")],
            [file("etc/ssl/certs/new"), directory("etc/ssl"), file("etc/ssl/.wh..wh..opq"), file("etc/.wh..wh.plnk")])
        #expect(try tree.names("/etc/ssl") == ["certs"])
        #expect(try tree.names("/etc/ssl/certs") == ["new"])
        #expect(try tree.names("/etc") == ["ssl", "z"])
    }

    @Test("a file in the place of a directory, a directory in the place of a link")
    func kinds() throws {
        let tree = try tree(
            [file("a/x"), link("b", to: "a"), file("c")], [file("a", "file"), directory("b"), file("c/in", "deep")])
        #expect(try tree.text("/a") == "file")
        #expect(try tree.names("/b") == [])
        #expect(try tree.text("/c/in") == "deep")
    }

    @Test("links are followed inside the root only, and loops end")
    func links() throws {
        let tree = try tree([
            file("usr/share/ca/x", "1"), link("etc", to: "../../usr/share"), link("l", to: "l"),
            link("deep", to: "/etc/ca"),
        ])
        #expect(try tree.text("/etc/ca/x") == "1")
        #expect(try tree.text("/deep/x") == "1")
        #expect(throws: PlanError.self) { try tree.text("/l/x") }
    }

    @Test("a file is put where a link of a lower layer leads")
    func throughLink() throws {
        let tree = try tree([directory("usr/lib"), link("lib", to: "usr/lib")], [file("lib/x", "1")])
        #expect(try tree.text("/usr/lib/x") == "1")
    }

    @Test("hard links are names of one file, also of a lower layer's")
    func hardLinks() throws {
        let tree = try tree(
            [file("a", "1"), hardLink("b", to: "a")], [hardLink("c", to: "b"), hardLink("d", to: "gone")])
        #expect(try tree.text("/c") == "1")
        #expect(try tree.names("/") == ["a", "b", "c"])
    }

    @Test("names that lead out of the root begin in it")
    func outside() throws {
        let tree = try tree([file("../../etc/x", "1"), file("/abs/../y", "2")])
        #expect(try tree.text("/etc/x") == "1")
        #expect(try tree.text("/y") == "2")
    }

    @Test("hostile archives are refused")
    func hostile() throws {
        var truncated = TarWriter.archive(of: [file("a", String(repeating: "x", count: 5000))])
        truncated = Array(truncated.prefix(2000))
        #expect(throws: TarError.truncated) {
            try LayerListing(Pieces(rest: truncated[...]), keeping: { _, _ in true })
        }
        let longName = String(repeating: "d/", count: 3000) + "x"
        #expect(throws: TarError.badHeader) { try tree([file(longName)]) }
        let huge = TarEntry(
            name: [0x61], kind: .file([]),
            attributes: Attributes(
                mode: 0o644, extended: [ExtendedAttribute(name: "user.x", value: [UInt8](repeating: 1, count: 2 << 20))]
            ))
        #expect(throws: TarError.badExtendedHeader) { try tree([huge]) }
    }
}

@Suite("The layer that is added")
struct LayerChangesTests {
    private static let attributes = Attributes(mode: 0o644)

    @Test("is sorted, has its directories as they are below, and one time")
    func archive() throws {
        let tree = try tree([directory("etc", mode: 0o711), directory("etc/ssl", mode: 0o700), file("etc/ssl/old")])
        var changes = LayerChanges()
        let old = Node.file(contents: [], Self.attributes)
        changes.add([
            Change(path: "/etc/ssl/z", before: .absent, after: .file(contents: [1], Self.attributes)),
            Change(path: "/etc/ssl/old", before: old, after: .absent),
            Change(path: "/etc/ssl/a", before: .absent, after: .symlink(to: [0x7A], Self.attributes)),
        ])
        let entries = try TarReader.entries(of: changes.archive(on: tree, time: 7))
        #expect(
            entries.map { String(decoding: $0.name, as: UTF8.self) } == [
                "etc", "etc/ssl", "etc/ssl/.wh.old", "etc/ssl/a", "etc/ssl/z",
            ])
        #expect(entries.map(\.attributes.mode) == [0o711, 0o700, 0, 0o777, 0o644])
        #expect(entries[0].attributes.owner == 5 && entries[1].attributes.group == 6)
        #expect(entries[2...].allSatisfy { $0.attributes.modified == Timestamp(seconds: 7) })
    }

    @Test("what is taken back isn't in it")
    func takenBack() {
        var changes = LayerChanges()
        let one = Node.file(contents: [1], Self.attributes)
        changes.add([Change(path: "/a", before: .absent, after: one)])
        #expect(!changes.isEmpty)
        changes.add([Change(path: "/a", before: one, after: .absent)])
        #expect(changes.isEmpty)
    }

    @Test("what a removed directory held has no entry of its own")
    func removedDirectory() throws {
        let tree = try tree([directory("d"), file("d/f")])
        var changes = LayerChanges()
        changes.add([
            Change(path: "/d/f", before: .file(contents: [], Self.attributes), after: .absent),
            Change(path: "/d", before: .directory(Self.attributes), after: .absent),
        ])
        let entries = try TarReader.entries(of: changes.archive(on: tree, time: 0))
        #expect(entries.map { String(decoding: $0.name, as: UTF8.self) } == [".wh.d"])
    }
}
