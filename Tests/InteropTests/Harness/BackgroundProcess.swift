import Foundation

/// A server that runs until the test is done with it. What it prints, on either stream, goes into one file.
final class BackgroundProcess: Sendable {
    private let process: Process
    private let log: String

    private init(process: Process, log: String) {
        self.process = process
        self.log = log
    }

    /// Starts it, waits for `pattern` in what it prints, and gives the pattern's first group too.
    static func start(
        _ command: [String], until pattern: String, environment: [String: String] = [:]
    ) async throws -> (process: BackgroundProcess, found: String) {
        let log = try Scratch.current.makeDirectory("server") + "/log"
        try Data().write(to: URL(filePath: log))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.environment = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
            "HOME": Scratch.current.path + "/home", "PYTHONUNBUFFERED": "1",
        ].merging(environment) { _, given in given }
        process.standardInput = FileHandle.nullDevice
        let output = try FileHandle(forWritingTo: URL(filePath: log))
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try output.close()
        let server = BackgroundProcess(process: process, log: log)
        let expression = try Regex(pattern)
        for _ in 0..<600 {
            if let match = try text(ofFile: log).firstMatch(of: expression), match.output.count > 1 {
                return (server, String(match.output[1].substring ?? ""))
            }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        server.stop()
        throw ServerFailure(command: command, log: try text(ofFile: log))
    }

    /// The first group of `pattern` in what it has printed by now or within a second.
    func found(_ pattern: String) async throws -> String? {
        let expression = try Regex(pattern)
        for _ in 0..<40 {
            if let match = try text(ofFile: log).firstMatch(of: expression), match.output.count > 1 {
                return match.output[1].substring.map { String($0) }
            }
            try await Task.sleep(for: .milliseconds(25))
        }
        return nil
    }

    /// Ends it, by a signal that it can't have inherited as blocked; nobody waits for the end, since every server has a
    /// port of its own.
    func stop() { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// Sends a signal and waits for the end.
    func end(with signal: Int32) async throws {
        kill(process.processIdentifier, signal)
        for _ in 0..<200 where process.isRunning { try await Task.sleep(for: .milliseconds(25)) }
    }

    deinit { stop() }
}

/// A server that didn't come up.
struct ServerFailure: Error, CustomStringConvertible {
    let command: [String]
    let log: String

    var description: String { "`\(command.joined(separator: " "))` didn't come up: \(log)" }
}
