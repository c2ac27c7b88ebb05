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
}
