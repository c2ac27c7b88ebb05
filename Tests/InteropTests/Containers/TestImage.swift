import Foundation

/// An image that tests run containers of, imported into the tests' engine when the first test wants it.
enum TestImage: String, Sendable {
    /// Debian with ca-certificates and openssl, and without either.
    case debian = "bookworm-ca"
    case bare = "bookworm"
    /// The former with a Java runtime.
    case java = "bookworm-java"
    /// A bundle and one static program: no shell, no package manager.
    case distroless
    /// One static program and nothing else.
    case scratch

    /// The name that the engine knows it by.
    var name: String { "caisson-test/\(rawValue)" }

    /// What keeps a container of it running.
    var command: [String] {
        switch self {
        case .debian, .bare, .java: ["sleep", "600"]
        case .distroless, .scratch: ["/app/sleep", "600"]
        }
    }

    /// Imports it unless that was done.
    func provide(to engine: TestEngine) async throws { try await Self.importer.provide(self, to: engine) }

    private static let importer = Importer()

    private actor Importer {
        private var imports: [TestImage: Task<Void, any Error>] = [:]

        func provide(_ image: TestImage, to engine: TestEngine) async throws {
            let work = imports[image] ?? Task { try await image.importTree(to: engine) }
            imports[image] = work
            try await work.value
        }
    }

    private func importTree(to engine: TestEngine) async throws {
        let root: String
        switch self {
        case .debian, .bare, .java: root = "\(TestRoots.directory)/\(rawValue)/root"
        case .distroless, .scratch:
            let tree = try Root.empty()
            try FileManager.default.createDirectory(atPath: tree.local("/app"), withIntermediateDirectories: true)
            try await run("cp", "-L", "/bin/busybox", tree.local("/app/sleep"))
            if self == .distroless {
                let ca = try await Authority.make("/CN=Packaged Root")
                try tree.write(ca.pem, to: "/etc/ssl/certs/ca-certificates.crt")
                try tree.write(Array("ID=debian\nNAME=\"Debian GNU/Linux\"\n".utf8), to: "/etc/os-release")
            }
            root = tree.path
        }
        let archive = try Scratch.current.makeDirectory("image") + "/root.tar"
        try await run("tar", "--one-file-system", "-C", root, "-cf", archive, ".")
        try await engine.docker("import", archive, name)
        try FileManager.default.removeItem(atPath: archive)
    }
}
