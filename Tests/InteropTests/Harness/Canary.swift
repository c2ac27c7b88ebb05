import Foundation
import Testing

/// A tree beside the roots that no run may look into or change.
///
/// It has what a root has, so that a run that is led here finds something to read and to write.
struct Canary: Sendable {
    let path: String
    private let state: String

    private static let files = [
        "/certs/ca-certificates.crt", "/anchors/theirs.crt", "/mozilla/theirs.crt", "/os-release",
    ]
    private static let directories = ["", "/certs", "/anchors", "/mozilla"]

    init(_ certificate: [UInt8]) async throws {
        let root = try Root.empty()
        for file in Self.files { try root.write(certificate, to: file) }
        // So old that a read is noted also where access times are kept loosely (relatime).
        try await run("find", root.path, "-depth", "-exec", "touch", "-d", "2001-02-03", "{}", "+")
        path = root.path
        state = try await Self.state(of: root.path)
    }

    /// Mode, size and all times of everything here: whatever is read, written, made or removed leaves a trace in them.
    private static func state(of path: String) async throws -> String {
        // Nothing is listed, since that would leave a trace too.
        let command = ["stat", "-c", "%n %a %u %s %.X %.Y %.Z"] + (directories + files).map { path + $0 }
        return try await outcome(of: command).checked().output
    }

    /// Runs `caisson`; it's an issue of the test if it opens anything here.
    func watch(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> Outcome {
        let log = try Scratch.current.makeDirectory("trace") + "/log"
        let outcome = try await outcome(
            of: ["strace", "-f", "-y", "-qq", "-o", log, "-e", "trace=open,openat,openat2,creat"]
                + [caissonExecutable] + arguments)
        // What a call has opened stands behind its result: `= 5</path>`.
        let opened = try text(ofFile: log).split(separator: "\n").filter { line in
            line.range(of: "= [0-9]+<\(path)[/>]", options: .regularExpression) != nil
        }
        #expect(opened.isEmpty, "\(opened.joined(separator: "\n"))", sourceLocation: sourceLocation)
        return outcome
    }

    /// It's an issue of the test if anything here was read, written, made or removed.
    func expectUntouched(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let now = try await Self.state(of: path)
        #expect(now == state, sourceLocation: sourceLocation)
    }
}
