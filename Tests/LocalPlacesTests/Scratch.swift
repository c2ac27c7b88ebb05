import CLinux
import Foundation
import Glibc
import RootFS
import SystemPackage
import Testing

/// A directory for one test, removed afterwards, with a root file system and a state directory in it.
final class Scratch: Sendable {
    let path: String

    var root: String { path + "/root" }
    var state: String { path + "/state" }

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/caisson-test-XXXXXX").utf8CString)
        let made = try #require(mkdtemp(&template))
        path = try #require(realpath(made, nil).map { String(cString: $0) })
        try directory("")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    // MARK: Making things, by paths below the root

    func directory(_ name: String, mode: mode_t = 0o755, changed: Int = 1_000_000_000) throws {
        try #require(mkdir("\(root)/\(name)", 0o700) == 0)
        try settle(name, mode: mode, changed: changed)
    }

    func file(_ name: String, _ contents: String = "", mode: mode_t = 0o644, changed: Int = 1_000_000_000) throws {
        try Data(contents.utf8).write(to: URL(filePath: "\(root)/\(name)"))
        try settle(name, mode: mode, changed: changed)
    }

    func link(_ name: String, to target: String, changed: Int = 1_000_000_000) throws {
        try #require(symlink(target, "\(root)/\(name)") == 0)
        try settle(name, mode: nil, changed: changed)
    }

    func attribute(_ name: String, _ value: String, of path: String) throws {
        let descriptor = open("\(root)/\(path)", O_RDONLY)
        defer { close(descriptor) }
        try #require(clinux_fsetxattr(descriptor, name, value, value.utf8.count) == 0)
    }

    /// Gives an entry its mode and time; a fraction of a second shows whether nanoseconds are kept.
    func settle(_ name: String, mode: mode_t?, changed: Int) throws {
        if let mode { try #require(chmod("\(root)/\(name)", mode) == 0) }
        let time = timespec(tv_sec: changed, tv_nsec: 123_456_789)
        try #require(utimensat(AT_FDCWD, "\(root)/\(name)", [time, time], AT_SYMLINK_NOFOLLOW) == 0)
    }

    // MARK: Looking

    /// Each entry below the root with its type, mode, owner, contents or target and, if asked for, its time.
    func tree(times: Bool = true) throws -> [String: String] { try Self.tree(below: root, times: times) }

    static func tree(below top: String, times: Bool) throws -> [String: String] {
        var found = ["": try describe(top, times: times)]
        let enumerator = try #require(FileManager.default.enumerator(atPath: top))
        for case let name as String in enumerator { found[name] = try describe("\(top)/\(name)", times: times) }
        return found
    }

    private static func describe(_ path: String, times: Bool) throws -> String {
        var status = stat()
        try #require(lstat(path, &status) == 0)
        let contents =
            switch status.st_mode & S_IFMT {
            case S_IFREG: try Data(contentsOf: URL(filePath: path)).base64EncodedString()
            case S_IFLNK: "-> " + (try FileManager.default.destinationOfSymbolicLink(atPath: path))
            default: ""
            }
        let time = times ? "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)" : ""
        return "\(String(status.st_mode, radix: 8)) \(status.st_uid):\(status.st_gid) \(time) \(contents)"
    }

    func exists(_ name: String) -> Bool {
        var status = stat()
        return lstat("\(root)/\(name)", &status) == 0
    }

    func contents(_ name: String) throws -> String { try String(contentsOfFile: "\(root)/\(name)", encoding: .utf8) }

    var stateFiles: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: state).sorted() } }
}

/// What a root looks like, exactly and but for times.
struct View: Equatable {
    let exact: [String: String]
    let timeless: [String: String]

    init(_ scratch: Scratch) throws {
        exact = try scratch.tree()
        timeless = try scratch.tree(times: false)
    }

    /// The paths that aren't the same in both.
    func difference(to other: View) -> [String] {
        Set(exact.keys).union(other.exact.keys).filter { exact[$0] != other.exact[$0] }.sorted()
    }
}

/// Runs a program to its end; whether it succeeded.
func attempt(_ program: String, _ arguments: String...) throws -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
}

/// Runs a program to its end; what it wrote to its standard output.
@discardableResult
func run(_ program: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) \(arguments)")
    return String(decoding: data, as: UTF8.self)
}
