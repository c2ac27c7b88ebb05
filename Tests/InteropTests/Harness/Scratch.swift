import Foundation
import Testing

/// The directory that a test may write to. It is gone when the test ends.
struct Scratch: Sendable {
    let path: String

    /// The running test's; a suite asks for it with the trait `.scratch`.
    @TaskLocal static var current = Scratch(path: "/nonexistent")

    init(path: String) { self.path = path }

    private init() throws {
        var template = Array((NSTemporaryDirectory() + "caisson-test.XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        for name in ["home", "state"] {
            try FileManager.default.createDirectory(
                atPath: path + "/" + name, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        }
    }

    /// Makes a new directory, with a name that begins with the one given.
    func makeDirectory(_ name: String) throws -> String {
        let directory = "\(path)/\(name)-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        return directory
    }

    /// Writes a file and gives its path.
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: path + "/" + name))
        return path + "/" + name
    }

    fileprivate static func provide(_ body: @Sendable () async throws -> Void) async throws {
        let scratch = try Scratch()
        defer { try? FileManager.default.removeItem(atPath: scratch.path) }
        try await $current.withValue(scratch, operation: body)
    }
}

/// Gives each test of a suite, and each case of a test with arguments, a scratch directory of its own.
struct ScratchTrait: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await Scratch.provide(function)
    }
}

extension Trait where Self == ScratchTrait {
    static var scratch: Self { ScratchTrait() }
}
