import Foundation
import Testing

/// A release of p11-kit from Debian's packages, in a root that holds little else; `Scripts/test-roots.sh` made it.
enum P11KitRelease: String, CaseIterable, Sendable {
    /// 0.24.1: reads files as the directory lists them.
    case bookworm
    /// 0.25.5: likewise.
    case trixie
    /// 0.26: reads files sorted by path, and takes the last common name.
    case sid

    var readsSorted: Bool { self == .sid }

    private var directory: String { "\(TestRoots.directory)/\(rawValue)-p11-kit/root" }

    static let areUsable: Bool =
        ProcessInfo.processInfo.environment["CI"] != nil
        || geteuid() == 0
            && allCases.allSatisfy { FileManager.default.fileExists(atPath: $0.directory + "/usr/bin/trust") }

    /// Runs the tool of a family on a root, as its script does, with this release.
    func update(_ root: Root, as family: P11KitFamily) async throws {
        for output in family.outputs {
            let parent = URL(filePath: root.local(output.path)).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        }
        let module = try Scratch.current.write(
            Array(
                """
                module: p11-kit-trust.so
                trust-policy: yes
                x-init-reserved: paths=\(family.tokens.map { "/w" + $0 }.joined(separator: ":"))

                """.utf8), to: "p11-kit-trust.module")
        let commands = family.outputs.map { output in
            "chroot \"$0\" /usr/bin/trust extract --overwrite \(output.options) /w\(output.path)"
        }
        let script = """
            mount --bind "$1" "$0/w" && mount --bind "$2" "$0/usr/share/p11-kit/modules/p11-kit-trust.module" || exit
            export SOURCE_DATE_EPOCH=1700000000 P11_KIT_NO_USER_CONFIG=1
            \(commands.joined(separator: " &&\n"))
            """
        try await run(
            "unshare", "--mount", "--propagation", "private", "sh", "-c", script, directory, root.path, module)
        try family.finish(root)
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs only where the releases of p11-kit are, and as root.
    static var needsP11Kit: Self {
        .enabled(
            if: P11KitRelease.areUsable,
            "needs root and p11-kit's releases: run `make test` as root, or Scripts/test-roots.sh")
    }
}
