import Foundation

/// The executable that was built with these tests, which lies beside them; `CAISSON_EXECUTABLE` names another.
let caissonExecutable: String = {
    if let other = ProcessInfo.processInfo.environment["CAISSON_EXECUTABLE"] { return other }
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: tests).deletingLastPathComponent().appending(path: "caisson").path
}()

/// Runs the built `caisson` to its end, whatever its exit code, with a home and a state directory of the test's own.
func caisson(_ arguments: String...) async throws -> Outcome {
    try await outcome(of: [caissonExecutable] + arguments)
}

extension Root {
    private static let kit = "/caisson-test"

    /// Runs the built `caisson` *in* the root, where `host` is the root.
    ///
    /// It brings its libraries and its loader along, because the root has no Swift runtime and may have an older
    /// C library. ``hostTraces`` are what a listing then has to ignore.
    ///
    /// - Parameter user: whom to be, as chroot's `--userspec` takes it.
    func caissonInside(_ arguments: String..., user: String = "0:0") async throws -> Outcome {
        if !exists(Self.kit) { try await packCaisson() }
        let mounted = #"mount -t proc proc "$1/proc" && exec chroot --userspec="$0" "$@""#
        return try await outcome(
            of: ["unshare", "--mount", "--propagation", "private", "sh", "-c", mounted, user, path]
                + ["env", "LD_LIBRARY_PATH=\(Self.kit)", "\(Self.kit)/caisson"] + arguments)
    }

    /// Puts the executable, its libraries and its loader into the root.
    private func packCaisson() async throws {
        try FileManager.default.createDirectory(atPath: local(Self.kit), withIntermediateDirectories: false)
        let needed = try await run("ldd", caissonExecutable).split(separator: "\n").compactMap { line in
            line.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("/") }.map(String.init)
        }
        for file in needed { try await run("cp", "-L", file, local(Self.kit)) }

        // The executable names its loader by an absolute path; here it gets the one that was brought along.
        var executable = try Data(contentsOf: URL(filePath: caissonExecutable))
        guard let loader = needed.first(where: { $0.contains("/ld-") }),
            let place = executable.firstRange(of: Data(loader.utf8))
        else { throw CocoaError(.fileReadCorruptFile) }
        try FileManager.default.moveItem(
            atPath: local(Self.kit) + "/" + URL(filePath: loader).lastPathComponent, toPath: local("/ld.so"))
        executable.replaceSubrange(place, with: Data("/ld.so".utf8) + Data(count: place.count - 6))
        try executable.write(to: URL(filePath: local(Self.kit) + "/caisson"))
        try await run("chmod", "755", local(Self.kit) + "/caisson")
    }

    /// What running `caisson` in the root leaves there: the executable, its input, and the journal, which undo needs.
    static var hostTraces: [String] { [kit, "/ld.so", "/var/lib/caisson", "/tmp"] }

    /// The one anchor in Debian's and Alpine's source directory; the name is Caisson's choice.
    func anchor() throws -> String {
        let directory = "/usr/local/share/ca-certificates"
        let anchors = names(in: directory).filter { $0.hasSuffix(".crt") }
        guard anchors.count == 1, let anchor = anchors.first else { throw UnexpectedAnchors(names: anchors) }
        return "\(directory)/\(anchor)"
    }
}

/// There had to be exactly one anchor in the source directory.
struct UnexpectedAnchors: Error { let names: [String] }

extension Outcome {
    /// The runs that `history --json` names, in its order.
    func identifiers() throws -> [String] {
        let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
        let runs = object as? [[String: Any]] ?? (object as? [String: Any])?["runs"] as? [[String: Any]] ?? []
        return runs.compactMap { $0["id"] as? String ?? $0["run"] as? String }
    }
}
