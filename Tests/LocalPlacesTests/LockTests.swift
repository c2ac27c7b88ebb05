import Caisson
import Foundation
import Glibc
import Journal
import LocalDisk
import LocalPlaces
import RootFS
import Testing

@Suite("The lock of a place")
struct LockTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("is the root directory's own: flock(1) holds it too, and leaves nothing behind")
    func otherProcess() async throws {
        let before = try scratch.tree()
        let holder = Process()
        holder.executableURL = URL(filePath: "/usr/bin/flock")
        holder.arguments = ["--no-fork", scratch.root, "sh", "-c", "echo held; exec sleep 600"]
        let output = Pipe()
        holder.standardOutput = output
        try holder.run()
        // The child inherits blocked signals, so a polite one might wait for ever.
        defer { kill(holder.processIdentifier, SIGKILL) }
        _ = output.fileHandleForReading.availableData
        let place = try TestPlace(scratch).place
        let error = await #expect(throws: CaissonError.self) {
            try await place.exclusively(waiting: .milliseconds(50)) {}
        }
        #expect(error?.kind == .locked)
        #expect(try scratch.tree() == before)
    }

    @Test("is free again after its holder was killed")
    func killed() async throws {
        let script = "flock \"$0\" sleep 30 & sleep 0.1; kill -9 $(pgrep -P $!) $!; wait || true"
        try run("/bin/sh", "-c", script, scratch.root)
        try await TestPlace(scratch).place.exclusively(waiting: .seconds(5)) {}
    }

    @Test("keeps fifty runs apart: none is lost")
    func fifty() async throws {
        try scratch.file("bundle", "")
        let scratch = scratch
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 100..<150 {
                group.addTask {
                    let test = try TestPlace(scratch)
                    try await test.place.exclusively(waiting: .seconds(60)) { () async throws(CaissonError) in
                        let seen = try await test.place.read(["/bundle"], into: Snapshot(root: "test"))
                        guard let before = try? seen.node(at: "/bundle"),
                            let text = try? seen.contents(of: "/bundle")
                        else { return }
                        let after = before.rewritten(String(decoding: text, as: UTF8.self) + "\(number)\n")
                        let step = Step(Change(path: "/bundle", before: before, after: after), store: "", purpose: "")
                        try await test.place.commit(
                            Plan(root: "test", steps: [step]), as: .trust("20260101T000000Z-\(number)"))
                    }
                }
            }
            try await group.waitForAll()
        }
        let lines = try scratch.contents("bundle").split(separator: "\n").map(String.init).sorted()
        #expect(lines == (100..<150).map(String.init))
        #expect(try await TestPlace(scratch).place.records().count == 50)
    }
}
