import Foundation
import Testing

/// A Docker engine of the tests' own: its data, socket and state are in a scratch directory, and it ends with the tests.
///
/// There is one for all tests, started when the first needs it.
struct TestEngine: Sendable {
    /// Its address, as `DOCKER_HOST` has it.
    let address: String

    /// The engine, or why there is none.
    private static let start = Task { () -> Result<TestEngine, any Error> in
        do { return .success(try await started()) } catch { return .failure(error) }
    }

    static var shared: TestEngine {
        get async throws { try await start.value.get() }
    }

    /// Whether one can be had on this machine: dockerd is installed, and this user may run it.
    static var isUsable: Bool {
        get async {
            if ProcessInfo.processInfo.environment["CI"] != nil { return true }
            do {
                _ = try await shared
                return true
            } catch {
                FileHandle.standardError.write(Data("no test engine: \(error)\n".utf8))
                return false
            }
        }
    }

    /// The script ends the engine, its containers first, when the process that runs the tests is gone, however it went.
    private static let script = """
        mkdir -p "$0/data" "$0/exec"
        dockerd --data-root "$0/data" --exec-root "$0/exec" --host "unix://$0/docker.sock" --pidfile "$0/docker.pid" \
            --bridge=none --iptables=false >"$0/log" 2>&1 &
        engine=$!
        while kill -0 "$1" 2>/dev/null && kill -0 $engine 2>/dev/null; do sleep 0.5; done
        containers=$(docker --host "unix://$0/docker.sock" ps --all --quiet)
        [ -z "$containers" ] || docker --host "unix://$0/docker.sock" rm --force $containers
        kill $engine
        wait $engine
        umount "$0"/data/* "$0"/exec/* 2>/dev/null
        rm -rf "$0"
        """

    private static func started() async throws -> TestEngine {
        var template = Array("/tmp/caisson-engine.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        let directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/setsid")
        process.arguments = ["sh", "-c", script, directory, "\(ProcessInfo.processInfo.processIdentifier)"]
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        for stream in [\Process.standardInput, \.standardOutput, \.standardError] {
            process[keyPath: stream] = FileHandle.nullDevice
        }
        try process.run()
        let engine = TestEngine(address: "unix://\(directory)/docker.sock")
        for _ in 0..<300 {
            if try await outcome(of: ["docker", "--host", engine.address, "info"]).status == 0 { return engine }
            if !process.isRunning { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        let log = (try? text(ofFile: "\(directory)/log")) ?? "dockerd isn't installed"
        throw ServerFailure(command: ["dockerd"], log: String(log.suffix(2000)))
    }

    /// Runs docker's own command, which must succeed.
    @discardableResult
    func docker(_ arguments: String...) async throws -> String {
        try await outcome(of: ["docker", "--host", address] + arguments).checked().output
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs the built `caisson` with this engine.
    func caisson(_ arguments: String..., environment: [String: String] = [:]) async throws -> Outcome {
        try await caisson(arguments, environment: environment)
    }

    /// The same with a list of arguments.
    func caisson(_ arguments: [String], environment: [String: String] = [:]) async throws -> Outcome {
        try await outcome(
            of: [caissonExecutable] + arguments,
            environment: ["DOCKER_HOST": address].merging(environment) { _, given in given })
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs only where an engine of the tests' own can be started.
    static var needsEngine: Self {
        .enabled("needs root and dockerd (docker.io)") { await TestEngine.isUsable }
    }
}
