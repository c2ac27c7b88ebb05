import Foundation
import Testing

/// Which containers a command is about, at which engine.
@Suite("Choosing containers and engines", .serialized, .scratch, .needsDebianRoots, .needsEngine)
struct SelectionTests {
    @Test("fifty containers at once: all of them trust the CA, none partly, and one undo takes all back")
    func fifty() async throws {
        let ca = try await Authority.make()
        let engine = try await TestEngine.shared
        try await TestImage.distroless.provide(to: engine)
        let label = "fleet=\(UUID().uuidString)"
        var names: [String] = []
        for _ in 0..<50 {
            names.append(
                try await engine.docker(
                    "run", "--detach", "--network", "none", "--label", label, TestImage.distroless.name, "/app/sleep",
                    "600"))
        }
        let trusted = try await engine.caisson("trust", ca.certificate, "--label", label)
        #expect(trusted.status == 0, "\(trusted.errors)")
        #expect(trusted.output.components(separatedBy: "made\n").count == 51)
        let status = try await engine.caisson("status", "container:*", "--label", label, "--json").checked().output
        #expect(status.components(separatedBy: "CN=Acme Proxy CA").count == 51)
        try await engine.caisson("undo").checked()
        let after = try await engine.caisson("status", "container:*", "--label", label, "--json").checked().output
        #expect(!after.contains("Acme Proxy CA"))
        try await outcome(of: ["docker", "--host", engine.address, "rm", "--force"] + names).checked()
    }

    @Test("patterns, labels and compose projects name running containers only")
    func patterns() async throws {
        let ca = try await Authority.make()
        try await Container.with(.distroless, "--label", "com.docker.compose.project=shop") { one in
            try await Container.with(.distroless, "--label", "com.docker.compose.project=shop", isStarted: false) {
                two in
                let dry = try await one.engine.caisson("trust", ca.certificate, "--compose", "shop", "--dry-run")
                    .checked()
                #expect(dry.output.contains(one.place) && !dry.output.contains(two.place))
                let pattern = "container:\(one.name.prefix(6))*"
                #expect(try await one.engine.caisson("status", pattern).checked().output.contains(one.place))
                let none = try await one.engine.caisson("status", "container:nothing-*")
                #expect(none.status == 66)
                #expect(none.errors.contains("no running container matches"))
            }
        }
    }

    @Test("a container that is gone is pruned from the journal")
    func gone() async throws {
        let ca = try await Authority.make()
        let engine = try await TestEngine.shared
        try await Container.with(.distroless) { container in
            try await engine.caisson("trust", ca.certificate, container.place).checked()
            #expect(try await engine.caisson("history").checked().output.contains("container:"))
        }
        #expect(try await engine.caisson("undo").status == 66)
        #expect(!(try await engine.caisson("history").checked().output.contains("container:")))
    }

    @Test("no engine is 69, a socket of others 77, no such container 66; each says what to do")
    func failures() async throws {
        let engine = try await TestEngine.shared
        let none = try await engine.caisson("status", "container:x", "--engine", "unix:///nonexistent/docker.sock")
        #expect(none.status == 69)
        #expect(none.errors.contains("no engine answers at unix:///nonexistent/docker.sock: there is no such socket"))
        #expect(try await engine.caisson("status", "container:nobody").status == 66)
        let socket = engine.address.dropFirst("unix://".count)
        let directory = URL(filePath: String(socket)).deletingLastPathComponent().path
        try await run("chmod", "755", directory)
        let forbidden = try await outcome(
            of: [
                "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", caissonExecutable, "status",
                "container:x",
            ],
            environment: ["DOCKER_HOST": engine.address, "HOME": "/nonexistent", "XDG_STATE_HOME": "/nonexistent"])
        #expect(forbidden.status == 77)
        #expect(forbidden.errors.contains("may not talk to the engine"))
    }

    @Test("what isn't an engine is found out, also if it is slow to say so")
    func garbage() async throws {
        let script = """
            import socket, sys
            server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen()
            print("port", server.getsockname()[1])
            while True:
                peer = server.accept()[0]; peer.recv(4096); peer.sendall(sys.argv[1].encode().decode("unicode_escape").encode()); peer.close()
            """
        for answer in [
            "garbage\\r\\n\\r\\n", "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nOK",
            "HTTP/1.1 302 Found\\r\\nLocation: /x\\r\\nContent-Length: 0\\r\\n\\r\\n", "",
        ] {
            let (server, port) = try await BackgroundProcess.start(
                ["python3", "-c", script, answer], until: "port ([0-9]+)")
            let refused = try await caisson("status", "container:x", "--engine", "tcp://127.0.0.1:\(port)")
            server.stop()
            #expect(refused.status == 69, "\(answer): \(refused.errors)")
        }
    }
}
