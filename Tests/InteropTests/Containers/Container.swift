import Foundation
import Testing

/// A container of the tests' engine.
struct Container: Sendable {
    let engine: TestEngine
    let name: String

    /// How the command line names it.
    var place: String { "container:\(name)" }

    /// Runs `body` with a new container, which is removed in the end.
    ///
    /// - Parameters:
    ///   - options: what `docker create` is given beside the image.
    ///   - network: whose network it has; none as a rule.
    ///   - isStarted: whether it runs.
    static func with<Value>(
        _ image: TestImage, _ options: String..., network: String = "none", isStarted: Bool = true,
        _ body: (Container) async throws -> Value
    ) async throws -> Value {
        let engine = try await TestEngine.shared
        try await image.provide(to: engine)
        let container = Container(engine: engine, name: "c\(UUID().uuidString.prefix(8).lowercased())")
        try await outcome(
            of: ["docker", "--host", engine.address, "create", "--network", network, "--name", container.name] + options
                + [image.name] + image.command
        ).checked()
        do {
            if isStarted { try await engine.docker("start", container.name) }
            let value = try await body(container)
            try await engine.docker("rm", "--force", container.name)
            return value
        } catch {
            _ = try? await engine.docker("rm", "--force", container.name)
            throw error
        }
    }

    /// Runs a command in it, which must succeed.
    @discardableResult
    func run(_ command: String...) async throws -> String {
        try await outcome(of: ["docker", "--host", engine.address, "exec", "--user", "0", name] + command).checked()
            .output
    }

    /// What a path of it holds, whether it runs or not; nil where there is no such file.
    func contents(of path: String) async throws -> [UInt8]? {
        let target = try Scratch.current.makeDirectory("copy") + "/file"
        let copy = try await outcome(of: ["docker", "--host", engine.address, "cp", "-L", "\(name):\(path)", target])
        return copy.status == 0 ? [UInt8](try Data(contentsOf: URL(filePath: target))) : nil
    }

    /// The entries that the engine says were changed since it was created, `A /path` and so on, sorted.
    func changes() async throws -> [String] {
        try await engine.docker("diff", name).split(separator: "\n").map(String.init).sorted()
    }

    /// Whether its own OpenSSL accepts a certificate: by the hash directory, and by the bundle.
    func verify(_ certificate: [UInt8]) async throws -> [Bool] {
        let file = try Scratch.current.write(certificate, to: "leaf.pem")
        try await engine.docker("cp", file, "\(name):/tmp/leaf.pem")
        let certs = "/etc/ssl/certs"
        let ways = [
            ["-no-CAfile", "-no-CAstore", "-CApath", certs],
            ["-no-CApath", "-no-CAstore", "-CAfile", certs + "/ca-certificates.crt"],
        ]
        var verdicts: [Bool] = []
        for way in ways {
            let command =
                ["docker", "--host", engine.address, "exec", name, "openssl", "verify"] + way + ["/tmp/leaf.pem"]
            verdicts.append(try await outcome(of: command).status == 0)
        }
        try await run("rm", "/tmp/leaf.pem")
        return verdicts
    }
}
