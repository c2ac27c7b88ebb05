import Testing

@testable import Journal

@Suite("The name of a record's file")
struct RecordNameTests {
    private let place = PlaceKey(realPath: "/srv/root".utf8)

    private func name(_ run: String, undoes: String? = nil, _ state: RecordName.State = .done) -> RecordName {
        RecordName(run: run, place: place, undoes: undoes, state: state)
    }

    @Test("tells run, place, state and what is taken back")
    func form() {
        #expect(String(decoding: name("r1").bytes, as: UTF8.self) == "r1.\(place.text).done")
        let undo = name("r2", undoes: "r1", .pending)
        #expect(String(decoding: undo.bytes, as: UTF8.self) == "r2.\(place.text).undoes.r1.pending")
        #expect(RecordName(undo.bytes) == undo)
        #expect(place.text.utf8.count == 16)
    }

    @Test(
        "of another file is none",
        arguments: [
            "", ".", "..", "README", "a.b.done", "r1.0123456789abcdef.gone", "r1.0123456789ABCDEF.done",
            ".0123456789abcdef.done", "r1.0123456789abcdef.undoes.done", "r1.0123456789abcdef.undoes..done",
            "r_1.0123456789abcdef.done", "r1.0123456789abcdef.done.", "r1.0123456789abcdef.redoes.r0.done",
        ])
    func foreign(_ text: String) { #expect(RecordName(text.utf8) == nil) }

    @Test("shows which runs are taken back, by an undo that isn't itself taken back")
    func undone() {
        let names = [name("1"), name("2"), name("3", undoes: "2"), name("4", undoes: "1"), name("5", undoes: "4")]
        #expect(Set(names.undone().map(\.run)) == ["2", "4"])
        #expect([name("1"), name("2", undoes: "1", .pending)].undone().isEmpty)
    }

    @Test("ends where undos name each other in a circle")
    func circle() { _ = [name("1", undoes: "2"), name("2", undoes: "1"), name("3", undoes: "3")].undone() }

    @Test("of a staged file carries its run, and only such a name does")
    func staged() {
        #expect(
            StagedName.make(run: "20260101T000000Z-abc123", index: 12)
                == Array(".caisson-20260101T000000Z-abc123-12".utf8))
        #expect(StagedName.run(in: Array(".caisson-20260101T000000Z-abc123-12".utf8)) == "20260101T000000Z-abc123")
        for other in [
            ".caisson", ".caisson-", ".caisson--1", ".caisson-x", ".caisson-x-", ".caisson-x-y", "caisson-x-1",
        ] {
            #expect(StagedName.run(in: Array(other.utf8)) == nil)
        }
    }
}
