import Foundation
import Testing

/// `caisson verify --inside`: the clients of a container, run in it, through a proxy that inspects.
@Suite(
    "Verify from inside containers", .serialized, .scratch, .needsDebianRoots, .needsEngine, .needsMitmproxy)
struct InsideTests {
    /// A server behind a proxy that signs for it anew, and the file of the proxy's CA.
    private struct Inspection {
        let server: LocalServer
        let proxy: Mitmproxy
        let certificate: String

        static func start(options: [String] = []) async throws -> Inspection {
            let server = try await LocalServer.start(Mint())
            let proxy = try await Mitmproxy.start(mode: "regular", sendsChain: false, options: options)
            let file = try Scratch.current.write(proxy.certificate, to: "proxy.crt")
            return Inspection(server: server, proxy: proxy, certificate: file)
        }

        func stop() {
            server.process.stop()
            proxy.process.stop()
        }
    }

    /// What each client said, by `--json`.
    private func results(_ outcome: Outcome) throws -> [String: String] {
        struct Document: Decodable {
            struct Report: Decodable { let rows: [Row] }
            struct Row: Decodable { let client: String, result: String }
            let inside: [Report]
        }
        let document = try JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8))
        return Dictionary(document.inside.flatMap(\.rows).map { ($0.client, $0.result) }) { first, _ in first }
    }

    @Test("OpenSSL and Java refuse the proxy's CA before it is trusted, and accept it after")
    func java() async throws {
        let inspection = try await Inspection.start()
        defer { inspection.stop() }
        try await Container.with(.java, network: "host") { container in
            let engine = container.engine
            let ask = ["verify", "--inside", container.place, inspection.server.url, "--proxy", inspection.proxy.url]
            let before = try await engine.caisson(ask + ["--json"])
            #expect(before.status == 1)
            #expect(try results(before) == ["openssl": "refused", "java": "refused"], "\(before.output)")
            try await engine.caisson("trust", inspection.certificate, container.place).checked()
            let after = try await engine.caisson(ask).checked()
            #expect(after.output.contains("  client   \(inspection.server.url)\n  openssl  works\n  java     works\n"))
            try await engine.caisson("undo").checked()
            #expect(try results(try await engine.caisson(ask + ["--json"])) == results(before))
            #expect(try await container.changes().filter { $0.hasPrefix("A ") } == [])
        }
    }

    @Test("curl and Python work through a proxy that wants a password, which shows in no argument and no message")
    func password() async throws {
        let login = try Scratch.current.write(Array("user:pass/w%rd\n".utf8), to: "login")
        let inspection = try await Inspection.start(options: ["--set", "proxyauth=user:pass/w%rd"])
        defer { inspection.stop() }
        // This machine's own programs, in the container's root.
        try await Container.with(
            .debian, "--volume", "/usr/bin:/usr/bin:ro", "--volume", "/usr/lib:/usr/lib:ro", network: "host"
        ) { container in
            let engine = container.engine
            let started = Date()
            let ask = ["verify", "--inside", container.place, inspection.server.url, "--proxy", inspection.proxy.url]
            let without = try results(try await engine.caisson(ask + ["--json"]))
            #expect(without["curl"] == "failed")
            let before = try await engine.caisson(ask + ["--proxy-login", login, "--json"])
            #expect(try results(before)["curl"] == "refused", "\(before.output)")
            #expect(try results(before)["python"] == "refused", "\(before.output)")
            #expect(try results(before)["openssl"] == "unasked", "\(before.output)")
            try await engine.caisson("trust", inspection.certificate, container.place).checked()
            let after = try await engine.caisson(ask + ["--proxy-login", login, "--json"])
            #expect(try results(after)["curl"] == "works", "\(after.output)")
            #expect(try results(after)["python"] == "works", "\(after.output)")
            let events = try await engine.docker(
                "events", "--since", "\(started.timeIntervalSince1970)", "--until",
                "\(Date().timeIntervalSince1970)", "--filter", "container=\(container.name)")
            #expect(events.contains("/usr/bin/curl --silent"))
            for text in [events, before.output, before.errors, after.output, after.errors] {
                #expect(!text.contains("w%rd") && !text.contains("w%25rd"))
            }
        }
    }

    @Test("where nothing can be run, the container's stores are tried from outside, and that is said")
    func fallback() async throws {
        let server = try await LocalServer.start(Mint())
        defer { server.process.stop() }
        try await Container.with(.distroless) { container in
            let engine = container.engine
            let before = try await engine.caisson("verify", "--inside", container.place, server.url)
            #expect(before.status == 1)
            #expect(before.errors.contains("no client that could be asked is in it, so its stores are tried from"))
            try await engine.caisson("trust", server.root.certificate, container.place).checked()
            let after = try await engine.caisson("verify", "--inside", container.place, server.url).checked()
            #expect(after.output.contains("trusted by openssl, curl"))
            try await engine.docker("pause", container.name)
            let paused = try await engine.caisson("verify", "--inside", container.place, server.url).checked()
            #expect(paused.errors.contains("nothing can be run in it: it is paused"))
            try await engine.docker("unpause", container.name)
        }
        #expect(try await caisson("verify", "--inside", "rootfs:/srv", "https://localhost").status != 0)
    }

    @Test("a place whose engine is down is a warning of a bare status, and nothing else fails")
    func engineDown() async throws {
        let ca = try await Authority.make()
        try await Container.with(.distroless) { container in
            try await container.engine.caisson("trust", ca.certificate, container.place).checked()
            // The record names the engine that it was made at; where the socket is, nobody answers there.
            let state = Scratch.current.path + "/state"
            let hidden = try await outcome(
                of: [
                    "unshare", "--mount", "sh", "-c", #"mount -t tmpfs none "$1" && exec "$2" status"#, "sh",
                    URL(filePath: String(container.engine.address.dropFirst("unix://".count)))
                        .deletingLastPathComponent().path, caissonExecutable,
                ])
            #expect(FileManager.default.fileExists(atPath: state))
            #expect(hidden.status == 0, "\(hidden.errors)")
            #expect(hidden.errors.contains("warning:") && hidden.errors.contains("it is left out"))
            try await container.engine.caisson("undo").checked()
        }
    }
}
