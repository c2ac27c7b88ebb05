import Foundation
import Testing

/// `make sweep` in short: `Scripts/sweep.py` stops the built executable, and fails its calls, by strace.
@Suite("A crash, or a disk that fails, at any system call", .scratch)
struct CrashSweepTests {
    @Test(
        "leaves the old root or the new one: every point of Debian, some of each other root", .timeLimit(.minutes(30)))
    func sweep() async throws {
        let scripts = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Scripts").standardized
        let sweep = try await outcome(
            of: ["python3", scripts.path + "/sweep.py", "--caisson", caissonExecutable, "--sample", "2"])
        #expect(sweep.status == 0, "\(sweep.output)\(sweep.errors)")
    }
}
