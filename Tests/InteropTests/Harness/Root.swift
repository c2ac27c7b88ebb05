import Foundation

/// A root file system in the test's scratch directory.
struct Root: Sendable {
    let path: String

    /// How the command line names it.
    var place: String { "rootfs:" + path }

    /// An empty one.
    static func empty() throws -> Root {
        Root(path: try Scratch.current.makeDirectory("root"))
    }

    /// A private copy, with owners, modes and times, of one of the roots that `Scripts/test-roots.sh` made.
    static func copy(of name: String) async throws -> Root {
        let path = try Scratch.current.makeDirectory("root")
        try await run("cp", "-aT", "--reflink=auto", "\(TestRoots.directory)/\(name)/root", path)
        return Root(path: path)
    }

    /// A copy of this root as it is now.
    func copy() async throws -> Root {
        let path = try Scratch.current.makeDirectory("root")
        try await run("cp", "-aT", "--reflink=auto", self.path, path)
        return Root(path: path)
    }

    /// Runs one of the root's own tools in it, by chroot, as far as it succeeds.
    ///
    /// - Parameter proc: mounts /proc (Java wants it) in a mount namespace that ends with the command.
    @discardableResult
    func runInside(_ command: String..., input: [UInt8] = [], proc: Bool = false) async throws -> String {
        try await outcomeInside(of: command, input: input, proc: proc).checked().output
    }

    /// Runs one of the root's own tools in it, by chroot, whatever its exit code.
    func outcomeInside(of command: [String], input: [UInt8] = [], proc: Bool = false) async throws -> Outcome {
        guard proc else { return try await outcome(of: ["chroot", path] + command, input: input) }
        let mounted = #"mount -t proc proc "$0/proc" && exec chroot "$0" "$@""#
        return try await outcome(
            of: ["unshare", "--mount", "--propagation", "private", "sh", "-c", mounted, path] + command, input: input)
    }
}

// MARK: - Changing it by hand

extension Root {
    /// Where a path of the root is on this machine. The caller makes sure that no link leads out.
    func local(_ path: String) -> String { self.path + path }

    func exists(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: local(path))) != nil
    }

    /// What a link says; nil if the path is no link.
    func target(of path: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: local(path))
    }

    func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: local(path)))) }

    /// Writes a file with mode 0644, and the directories above it where they are missing.
    func write(_ bytes: [UInt8], to path: String) throws {
        let file = URL(filePath: local(path))
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    }

    func append(_ text: String, to path: String) throws {
        try write(bytes(path) + Array(text.utf8), to: path)
    }

    func link(_ path: String, to target: String) throws {
        let parent = URL(filePath: local(path)).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: local(path), withDestinationPath: target)
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: local(path)) }

    /// The names in a directory, sorted; none if there is no such directory.
    func names(in directory: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: local(directory))) ?? []).sorted()
    }
}
