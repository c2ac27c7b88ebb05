import Caisson
import Journal
import LocalDisk
import LocalPlaces
import RootFS
import Testing

/// Not a promise, which `make bench` checks, but a net for the quadratic and the forgotten.
@Suite("Speed, roughly")
struct SpeedTests {
    @Test("looking at 20,000 entries takes time in proportion")
    func manyEntries() async throws {
        let scratch = try Scratch()
        try scratch.directory("certs")
        try run("/bin/sh", "-c", "cd \"$0/certs\" && seq 20000 | xargs touch", scratch.root)
        let test = try TestPlace(scratch)
        let clock = ContinuousClock()
        let time = try await clock.measure {
            let snapshot = try await test.place.discover(["/certs/*"])
            #expect(try snapshot.names(in: "/certs").count == 20000)
        }
        #expect(time < .seconds(5))
    }

    @Test("a hundred thousand anchors are looked at and read", .timeLimit(.minutes(5)))
    func manyAnchors() async throws {
        let scratch = try Scratch()
        try scratch.directory("anchors")
        try run("/bin/sh", "-c", "cd \"$0/anchors\" && seq 100000 | xargs touch && echo last > 100000", scratch.root)
        let place = try TestPlace(scratch).place
        let listing = try await place.discover(["/anchors/*"])
        let names = try listing.names(in: "/anchors")
        #expect(names.count == 100_000)
        let last = RootPath("/anchors").appending("100000")
        let snapshot = try await place.read(names.map { RootPath("/anchors").appending($0) }, into: listing)
        #expect(try snapshot.contents(of: last) == Array("last\n".utf8))
    }
}
