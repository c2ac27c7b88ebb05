import Foundation

/// What a finished process left behind.
struct Outcome: Sendable {
    let command: [String]
    let status: Int32
    let output: String
    let errors: String
}

/// A process that had to succeed and didn't.
struct ToolFailure: Error, CustomStringConvertible {
    let outcome: Outcome

    var description: String {
        """
        `\(outcome.command.joined(separator: " "))` ended with \(outcome.status)
        \(outcome.output)\(outcome.errors)
        """
    }
}

/// Runs a command to its end, whatever its exit code.
///
/// It gets a clean environment, because this machine's own (`SSL_CERT_FILE`, ...) decides what many tools trust,
/// and the test's scratch directory as its home.
func outcome(
    of command: [String], input: [UInt8] = [], environment: [String: String] = [:]
) async throws -> Outcome {
    let files = try Scratch.current.makeDirectory("process")
    defer { try? FileManager.default.removeItem(atPath: files) }
    try Data(input).write(to: URL(filePath: files + "/in"))
    for name in ["out", "err"] { try Data().write(to: URL(filePath: files + "/\(name)")) }

    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.environment = [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C.UTF-8",
        "HOME": Scratch.current.path + "/home",
        "XDG_STATE_HOME": Scratch.current.path + "/state",
    ].merging(environment) { _, given in given }
    let input = try FileHandle(forReadingFrom: URL(filePath: files + "/in"))
    let output = try FileHandle(forWritingTo: URL(filePath: files + "/out"))
    let errors = try FileHandle(forWritingTo: URL(filePath: files + "/err"))
    // A process outlives its end, and with it its files; Foundation crashes when some 1,300 are open.
    defer { for file in [input, output, errors] { try? file.close() } }
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors

    let status = try await withCheckedThrowingContinuation { (done: CheckedContinuation<Int32, any Error>) in
        process.terminationHandler = { done.resume(returning: $0.terminationStatus) }
        do { try process.run() } catch { done.resume(throwing: error) }
    }
    return Outcome(
        command: command, status: status,
        output: try text(ofFile: files + "/out"), errors: try text(ofFile: files + "/err"))
}

/// Runs a command that must succeed, and gives what it printed.
@discardableResult
func run(_ command: String..., input: [UInt8] = []) async throws -> String {
    try await outcome(of: command, input: input).checked().output
}

extension Outcome {
    /// This outcome, if the process succeeded.
    @discardableResult
    func checked() throws -> Outcome {
        guard status == 0 else { throw ToolFailure(outcome: self) }
        return self
    }
}

/// A file's bytes as text, with whatever isn't UTF-8 replaced.
func text(ofFile path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
}
