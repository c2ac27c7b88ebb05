import Foundation
import Testing

/// Servers and proxies that mean no good.
@Suite("Hostile servers", .serialized, .scratch)
struct HostileServerTests {
    @Test("that send more certificates than any client takes are told so, as by openssl and curl")
    func manyCertificates() async throws {
        let mint = try Mint()
        let root = try await mint.make(.root("Origin Root"))
        let leaf = try await mint.make(.server("localhost"), by: root)
        let padding = "nsComment=" + String(repeating: "x", count: 60_000)
        let ballast = try await mint.make(.root("Ballast").adding(padding))
        let (server, port) = try await BackgroundProcess.start(
            [
                "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", leaf.certificate, "-key", leaf.key,
                "-cert_chain", try mint.bundle([ballast, ballast, ballast]), "-no_tls1_3",
            ], until: #"ACCEPT 127\.0\.0\.1:(\d+)"#)
        defer { server.stop() }

        let fetch = try await caisson("fetch", "https://localhost:\(port)")
        #expect(fetch.status == 69)
        #expect(fetch.errors.contains("its certificates are larger than 100 kB"), "\(fetch.errors)")

        let openssl = try await outcome(of: ["openssl", "s_client", "-connect", "127.0.0.1:\(port)"])
        #expect(openssl.errors.contains("excessive message size"))
        let curl = try await outcome(of: ["curl", "--silent", "--noproxy", "*", "-k", "https://localhost:\(port)"])
        #expect(curl.status != 0)
    }

    @Test("can't pass with the certificates of others, and break off")
    func stolenCertificates() async throws {
        let server = try await LocalServer.start(Mint(), options: ["-tls1_2"])
        let script = """
            import socket, sys, threading
            def message(peer):
                head = b""
                while len(head) < 5: head += peer.recv(5 - len(head)) or sys.exit()
                body = b""
                while len(body) < int.from_bytes(head[3:], "big"): body += peer.recv(65536)
                return head, body
            def records(data):
                while data:
                    length = int.from_bytes(data[3:5], "big")
                    yield data[:5], data[5:5 + length]
                    data = data[5 + length:]
            def serve(near):
                far = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
                far.sendall(near.recv(65536))
                flight = b""
                while b"\\x0e\\0\\0\\0" not in flight: flight += far.recv(65536)
                for head, body in records(flight):
                    # The signature at the end of ServerKeyExchange is what takes the key.
                    if body[0] == 12: body = body[:-1] + bytes([body[-1] ^ 1])
                    near.sendall(head + body)
                near.recv(65536)
                near.close()
            listener = socket.create_server(("127.0.0.1", 0))
            print("port", listener.getsockname()[1], flush=True)
            while True: threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
            """
        let (thief, port) = try await BackgroundProcess.start(
            ["python3", "-c", script, "\(server.port)"], until: #"port (\d+)"#)
        defer {
            server.process.stop()
            thief.stop()
        }
        let root = try Root.empty()
        try root.write(try server.root.pem, to: "/etc/ssl/certs/ca-certificates.crt")
        try await caisson("verify", root.place, server.url).checked()

        let verify = try await caisson("verify", root.place, "https://localhost:\(port)")

        #expect(verify.status == 1)
        #expect(
            verify.output.contains("the server didn't show that it holds the certificate's key"), "\(verify.output)")
        let fetch = try await caisson("fetch", "https://localhost:\(port)")
        #expect(!fetch.output.contains("not inspected"))
    }

    @Test("get no escape sequence onto the terminal, by certificates or by a proxy's words")
    func escapeSequences() async throws {
        let mint = try Mint()
        var recipe = Mint.Recipe.server("localhost")
        recipe.subject = "/CN=\u{1B}[31mred\u{1B}]0;title\u{07}"
        let server = try await LocalServer.start(mint, recipe)
        let proxy = try await ScriptedProxy.start(#"HTTP/1.1 302 \x1b[31mred\r\nLocation: http://\x1b[2Jx\r\n\r\n"#)
        defer {
            server.process.stop()
            proxy.process.stop()
        }
        let root = try Root.empty()
        try root.write(try server.root.pem, to: "/etc/ssl/certs/ca-certificates.crt")
        for outcome in [
            try await caisson("fetch", server.url), try await caisson("fetch", server.url, "--json"),
            try await caisson("verify", root.place, server.url),
            try await caisson("verify", root.place, "--json", server.url),
            try await caisson("fetch", server.url, "--proxy", proxy.url),
        ] {
            let controls = (outcome.output + outcome.errors).unicodeScalars.filter { $0.value < 0x20 && $0 != "\n" }
            #expect(controls.isEmpty)
            #expect((outcome.output + outcome.errors).contains("[31mred"))
        }
    }

    @Test("lead an AIA search through no cycle, no long chain of redirects, and no other file")
    func search() async throws {
        let mint = try Mint()
        let folder = try Scratch.current.makeDirectory("web")
        let script = """
            import http.server, os, sys
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    path = self.path
                    if path.startswith("/moved/"):
                        self.send_response(302)
                        self.send_header("Location", path[6:])
                        self.end_headers()
                    elif path == "/loop" or path == "/away":
                        self.send_response(301)
                        self.send_header("Location", path if path == "/loop" else "file:///etc/passwd")
                        self.end_headers()
                    elif path == "/endless":
                        self.send_response(200)
                        self.end_headers()
                        try:
                            while True: self.wfile.write(bytes(65536))
                        except OSError: pass
                    else:
                        self.send_response(200)
                        self.end_headers()
                        with open(sys.argv[1] + path, "rb") as file: self.wfile.write(file.read())
                def log_message(self, *_): pass
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            print("port", server.server_port, flush=True)
            server.serve_forever()
            """
        let (web, port) = try await BackgroundProcess.start(["python3", "-c", script, folder], until: #"port (\d+)"#)
        defer { web.stop() }
        func access(_ path: String) -> String { "authorityInfoAccess=caIssuers;URI:http://127.0.0.1:\(port)/\(path)" }
        func publish(_ coin: Mint.Coin, as name: String) async throws {
            try await run("openssl", "x509", "-in", coin.certificate, "-outform", "DER", "-out", "\(folder)/\(name)")
        }
        func fetch(_ leaf: Mint.Coin) async throws -> Outcome {
            let (server, port) = try await BackgroundProcess.start(
                ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", leaf.certificate, "-key", leaf.key],
                until: #"ACCEPT 127\.0\.0\.1:(\d+)"#)
            defer { server.stop() }
            return try await caisson("fetch", "https://localhost:\(port)", "--timeout", "3").checked()
        }

        let root = try await mint.make(.root("Origin Root"))
        try await publish(root, as: "root.der")
        let moved = try await fetch(mint.make(.server("localhost").adding(access("moved/root.der")), by: root))
        #expect(moved.output.contains("CN=Origin Root, from http://127.0.0.1:\(port)/moved/root.der"))

        for (path, reason) in [
            ("loop", "redirects too often"), ("away", "redirects to no web server"),
            ("endless", "is larger than 1 MiB"), ("moved/moved/moved/moved/root.der", "redirects too often"),
        ] {
            let outcome = try await fetch(mint.make(.server("localhost").adding(access(path)), by: root))
            #expect(outcome.output.contains(reason), "\(path): \(outcome.output)")
            #expect(outcome.output.contains("not found: who signed wasn't sent"))
        }

        // Two authorities that vouch for each other.
        let first = try await mint.make(.root("First"))
        let second = try await mint.make(.intermediate("Second").adding(access("first.der")), by: first)
        let cycle = try await mint.make(.intermediate("First").adding(access("second.der")), by: second, keyOf: first)
        try await publish(cycle, as: "first.der")
        try await publish(second, as: "second.der")
        let outcome = try await fetch(mint.make(.server("localhost").adding(access("second.der")), by: second))
        #expect(outcome.output.contains("an intermediate: who signed it wasn't sent"), "\(outcome.output)")
    }
}

/// A proxy that says the same to everybody.
struct ScriptedProxy: Sendable {
    let process: BackgroundProcess
    let url: String

    /// `answer` is the inside of a Python literal.
    static func start(_ answer: String) async throws -> ScriptedProxy {
        let script = """
            import socket
            listener = socket.create_server(("127.0.0.1", 0))
            print("port", listener.getsockname()[1], flush=True)
            while True:
                peer, _ = listener.accept()
                peer.recv(65536)
                peer.sendall(b"\(answer)")
                peer.close()
            """
        let (process, port) = try await BackgroundProcess.start(["python3", "-c", script], until: #"port (\d+)"#)
        return ScriptedProxy(process: process, url: "http://127.0.0.1:\(port)")
    }
}
