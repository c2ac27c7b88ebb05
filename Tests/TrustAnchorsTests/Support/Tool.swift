import Foundation

/// A tool of this machine, run to compare with.
enum Tool {
    struct Result {
        let status: Int32
        let output: [UInt8]
        let errors: String

        var text: String { String(decoding: output, as: UTF8.self) }
        var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    }

    /// Runs a tool found on the path, to its end. Its output goes through files, so that no pipe fills up.
    static func run(
        _ arguments: [String], in directory: URL = FileManager.default.temporaryDirectory, input: [UInt8] = []
    ) throws -> Result {
        let files = try TemporaryDirectory()
        try files.write(input, as: "input")
        try files.write([], as: "output")
        try files.write([], as: "errors")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = directory
        let streams = try [
            FileHandle(forReadingFrom: files.url("input")), FileHandle(forWritingTo: files.url("output")),
            FileHandle(forWritingTo: files.url("errors")),
        ]
        // A process outlives its end, and with it its files; Foundation crashes when some 1,300 are open.
        defer { for stream in streams { try? stream.close() } }
        (process.standardInput, process.standardOutput, process.standardError) = (streams[0], streams[1], streams[2])
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: try files.read("output"),
            errors: String(decoding: try files.read("errors"), as: UTF8.self))
    }

    /// The output of a tool that must succeed.
    static func output(
        _ arguments: String..., in directory: URL = FileManager.default.temporaryDirectory, input: [UInt8] = []
    ) throws -> [UInt8] {
        let result = try run(arguments, in: directory, input: input)
        guard result.status == 0 else {
            throw Failure(command: arguments.joined(separator: " "), errors: result.errors)
        }
        return result.output
    }

    struct Failure: Error {
        let command: String
        let errors: String
    }
}

/// A directory that is removed with the last reference to it.
final class TemporaryDirectory: Sendable {
    let path: URL

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "caisson-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: path) }

    func url(_ name: String) -> URL { path.appending(path: name) }

    func write(_ bytes: [UInt8], as name: String) throws { try Data(bytes).write(to: url(name)) }

    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }
}
