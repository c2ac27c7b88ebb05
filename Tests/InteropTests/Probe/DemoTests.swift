import Foundation
import Testing

/// `caisson demo`.
@Suite("Demo", .scratch)
struct DemoTests {
    @Test("prints what README.md shows")
    func transcript() async throws {
        let project = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized.path
        let transcript = try await outcome(
            of: [project + "/Scripts/demo-transcript.sh", caissonExecutable],
            environment: ["TMPDIR": try Scratch.current.makeDirectory("tmp")]
        ).checked().output
        let shown = try text(ofFile: project + "/README.md")
        #expect(shown.contains(transcript.trimmingCharacters(in: .newlines)), "\(transcript)")
    }

    @Test("leaves nothing when it is interrupted", arguments: [SIGINT, SIGTERM, SIGHUP])
    func interrupted(signal: Int32) async throws {
        let temporary = try Scratch.current.makeDirectory("tmp")
        let (demo, _) = try await BackgroundProcess.start(
            [caissonExecutable, "demo"], until: "(with the bundle of that root)", environment: ["TMPDIR": temporary])
        try await demo.end(with: signal)
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
    }

    @Test("says what to do where it can't write")
    func unwritable() async throws {
        let demo = try await outcome(of: [caissonExecutable, "demo"], environment: ["TMPDIR": "/nonexistent"])
        #expect(demo.status == 73)
        #expect(demo.errors.contains("let TMPDIR name a directory"))
    }

    @Test("tells the whole story and leaves nothing")
    func story() async throws {
        let temporary = try Scratch.current.makeDirectory("tmp")
        let demo = try await outcome(of: [caissonExecutable, "demo"], environment: ["TMPDIR": temporary]).checked()

        let refusals = demo.output.ranges(of: "refused: the certificate isn't trusted").count
        #expect(refusals == 2)
        #expect(demo.output.contains("HTTP/1.1 200 OK: hello from the shop"))
        #expect(demo.output.contains("trusted by openssl, curl"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
    }
}
