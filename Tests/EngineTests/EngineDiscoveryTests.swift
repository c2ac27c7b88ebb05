import Crypto
import Foundation
import Testing

@testable import Engine

/// The order is that of docker's own command.
@Suite("Finding the engine")
struct EngineDiscoveryTests {
    @Test("the command line comes before DOCKER_HOST, that before DOCKER_CONTEXT, that before the current context")
    func order() throws {
        let home = try Home()
        try home.context("work", host: "unix:///work.sock")
        try home.context("home", host: "unix:///home.sock")
        try home.write(#"{"currentContext": "home", "auths": {}}"#, to: "config.json")
        var variables = ["HOME": home.path]
        #expect(try EngineDiscovery(variables: variables).address() == .socket("/home.sock"))
        variables["DOCKER_CONTEXT"] = "work"
        #expect(try EngineDiscovery(variables: variables).address() == .socket("/work.sock"))
        variables["DOCKER_HOST"] = "unix:///host.sock"
        #expect(try EngineDiscovery(variables: variables).address() == .socket("/host.sock"))
        #expect(try EngineDiscovery(variables: variables).address(named: "unix:///x.sock") == .socket("/x.sock"))
        #expect(try EngineDiscovery(variables: variables).address(named: "home") == .socket("/home.sock"))
    }

    @Test("TLS files come from DOCKER_CERT_PATH, and from the context's own directory")
    func tls() throws {
        let home = try Home()
        try home.context("far", host: "tcp://engine.example:2376")
        let digest = Home.digest("far")
        for name in ["ca.pem", "cert.pem", "key.pem"] {
            try home.write("x", to: "contexts/tls/\(digest)/docker/\(name)")
            try home.write("x", to: name)
        }
        let files = "\(home.path)/.docker/contexts/tls/\(digest)/docker"
        let context = EngineTLS(
            authority: "\(files)/ca.pem", certificate: "\(files)/cert.pem", key: "\(files)/key.pem")
        let far = EngineAddress.tcp(host: "engine.example", port: 2376, context)
        #expect(try EngineDiscovery(variables: ["HOME": home.path]).address(named: "far") == far)

        let variables = ["HOME": home.path, "DOCKER_TLS_VERIFY": "1", "DOCKER_HOST": "tcp://h"]
        guard case .tcp(_, 2376, let tls?) = try EngineDiscovery(variables: variables).address() else {
            Issue.record("TLS is wanted")
            return
        }
        #expect(tls.certificate == "\(home.path)/.docker/cert.pem")
    }

    @Test("a context that isn't there, or is no context, is an error and not another engine")
    func unknownContext() throws {
        let home = try Home()
        try home.write("{", to: "contexts/meta/\(Home.digest("broken"))/meta.json")
        for name in ["missing", "broken", "../../etc"] {
            #expect(throws: EngineError.self) {
                try EngineDiscovery(variables: ["HOME": home.path]).address(named: name)
            }
        }
    }

    @Test("sockets of other products are known")
    func sockets() {
        let paths = EngineDiscovery(variables: ["HOME": "/h", "XDG_RUNTIME_DIR": "/run/user/7"]).knownSockets
        for path in [
            "/var/run/docker.sock", "/run/user/7/docker.sock", "/run/podman/podman.sock",
            "/h/.orbstack/run/docker.sock",
            "/h/.colima/default/docker.sock", "/h/.rd/docker.sock", "/run/user/7/podman/podman.sock",
        ] { #expect(paths.contains(path)) }
    }

    @Test("where nobody listens the failure says so")
    func unreachable() async throws {
        let home = try Home()
        await #expect(throws: EngineError.unreachable("there is no such socket")) {
            _ = try await EngineClient(connectingTo: .socket("\(home.path)/none.sock"))
        }
        await #expect(throws: EngineError.unreachable("the connection is refused")) {
            _ = try await EngineClient(connectingTo: EngineAddress("tcp://127.0.0.1:1"))
        }
    }
}

/// A home directory with docker's configuration, gone with the value.
private final class Home {
    let path = NSTemporaryDirectory() + "caisson-home.\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static func digest(_ name: String) -> String {
        SHA256.hash(data: Data(name.utf8)).map { String(format: "%02x", $0) }.joined()
    }

    func context(_ name: String, host: String) throws {
        try write(
            #"{"Name": "\#(name)", "Metadata": {}, "Endpoints": {"docker": {"Host": "\#(host)", "SkipTLSVerify": false}}}"#,
            to: "contexts/meta/\(Self.digest(name))/meta.json")
    }

    func write(_ text: String, to name: String) throws {
        let file = URL(filePath: "\(path)/.docker/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}
