import Foundation
import Testing

/// `caisson fetch` through proxies that people really run.
@Suite("Fetch", .serialized, .scratch)
struct FetchTests {
    private func output() throws -> String { try Scratch.current.makeDirectory("out") + "/corp.crt" }

    private func contents(_ path: String) -> [UInt8]? {
        (try? Data(contentsOf: URL(filePath: path))).map { [UInt8]($0) }
    }

    @Test(
        "gets mitmproxy's CA, byte for byte as mitmproxy wrote it", .needsMitmproxy,
        arguments: ["regular", "socks5", "upstream"], [false, true])
    func mitmproxy(mode: String, sendsChain: Bool) async throws {
        let server = try await LocalServer.start(Mint())
        let relay = try await Tinyproxy.start()
        defer {
            server.process.stop()
            relay.process.stop()
        }
        let proxy = try await Mitmproxy.start(
            mode: mode == "upstream" ? "upstream:\(relay.url)" : mode, sendsChain: sendsChain)
        defer { proxy.process.stop() }
        let file = try output()

        let fetch = try await caisson("fetch", server.url, "--proxy", proxy.url, "-o", file).checked()

        #expect(contents(file) == proxy.certificate)
        #expect(fetch.output.contains("inspected by mitmproxy") || fetch.output.contains("looks like mitmproxy"))
        #expect(fetch.output.contains(sendsChain ? "sent by the server" : "from http://mitm.it/cert/pem"))
        #expect(!fetch.output.contains("BEGIN"))
    }

    @Test(
        "writes nothing where the fingerprint isn't the one that was expected, and never replaces a file",
        .needsMitmproxy)
    func refusals() async throws {
        let server = try await LocalServer.start(Mint())
        let proxy = try await Mitmproxy.start(mode: "regular", sendsChain: false)
        defer {
            server.process.stop()
            proxy.process.stop()
        }
        let file = try output()
        let other = "sha256:" + String(repeating: "0", count: 64)

        let missed = try await caisson("fetch", server.url, "--proxy", proxy.url, "-o", file, "--expect", other)
        #expect(missed.status == 65)
        #expect(contents(file) == nil)

        try Data("mine".utf8).write(to: URL(filePath: file))
        #expect(try await caisson("fetch", server.url, "--proxy", proxy.url, "-o", file).status == 73)
        #expect(contents(file) == Array("mine".utf8))
    }

    @Test("tells who signed, and writes nothing, where the root wasn't sent")
    func noRoot() async throws {
        let server = try await LocalServer.start(Mint())
        defer { server.process.stop() }
        let file = try output()

        let fetch = try await caisson("fetch", server.url, "-o", file)

        #expect(fetch.status == 69)
        #expect(fetch.errors.contains("the root wasn't sent: the chain is signed by \"O=Test, CN=Origin Root\""))
        #expect(fetch.errors.contains("ask your IT department"))
        #expect(fetch.output.contains("inspected, or a private server"), "no product is known by this name")
        #expect(contents(file) == nil)
    }

    @Test("finds the root by authorityInfoAccess, and takes only what signed the chain")
    func issuerURL() async throws {
        let mint = try Mint()
        let folder = try Scratch.current.makeDirectory("web")
        let (web, port) = try await BackgroundProcess.start(
            ["python3", "-m", "http.server", "--bind", "127.0.0.1", "--directory", folder, "0"],
            until: #"Serving HTTP on 127\.0\.0\.1 port (\d+)"#)
        defer { web.stop() }
        let recipe = Mint.Recipe.server("localhost")
            .adding("authorityInfoAccess=caIssuers;URI:http://127.0.0.1:\(port)/root.der")
        let server = try await LocalServer.start(mint, recipe)
        defer { server.process.stop() }
        let file = try output()

        let forged = try await mint.make(.root("Origin Root"))
        try await run("openssl", "x509", "-in", forged.certificate, "-outform", "DER", "-out", folder + "/root.der")
        let refused = try await caisson("fetch", server.url, "-o", file)
        #expect(refused.status == 69)
        #expect(refused.output.contains("didn't sign this chain"))

        try await run(
            "openssl", "x509", "-in", server.root.certificate, "-outform", "DER", "-out", folder + "/root.der")
        let fetch = try await caisson("fetch", server.url, "-o", file).checked()
        #expect(fetch.output.contains("from http://127.0.0.1:\(port)/root.der"))
        #expect(contents(file) == (try server.root.pem))
    }

    @Test("shows which of several servers are inspected")
    func several() async throws {
        let (one, two) = (try await LocalServer.start(Mint()), try await LocalServer.start(Mint()))
        defer {
            one.process.stop()
            two.process.stop()
        }
        let file = try output()
        let fetch = try await caisson("fetch", one.url, two.url, "-o", file)
        #expect(fetch.status == 69)
        #expect(fetch.output.contains("inspected      2 of 2: \(one.url), \(two.url)"))

        let partly = try await caisson("fetch", one.url, "https://127.0.0.1:1", "-o", file)
        #expect(partly.status == 69)
        #expect(partly.errors.contains("nothing was written, since not every server could be looked at"))
        #expect(contents(file) == nil)
    }

    @Test("says what to write instead of what isn't a server's URL")
    func usage() async throws {
        for (url, hint) in [
            ("example.com", "write https://example.com"), ("http://example.com:80/x", "write https://example.com:80"),
            ("https://user:secret@example.com", "leave out what stands before the @"),
            ("https://b\u{FC}cher.example", "xn--"), ("https://a b", "write https://HOST"),
        ] {
            let fetch = try await caisson("fetch", url)
            #expect(fetch.status == 64)
            #expect(fetch.errors.contains(hint), "\(fetch.errors)")
            #expect(!fetch.errors.contains("secret"))
        }
    }

    @Test("logs in to a proxy with what the environment, a netrc or a file holds, and prints no password")
    func login() async throws {
        let server = try await LocalServer.start(Mint())
        let proxy = try await Tinyproxy.start(login: "user:secret")
        defer {
            server.process.stop()
            proxy.process.stop()
        }
        func fetch(_ arguments: [String], _ environment: [String: String]) async throws -> Outcome {
            let outcome = try await outcome(
                of: [caissonExecutable, "fetch", server.url] + arguments, environment: environment)
            #expect(!(outcome.output + outcome.errors).contains("secret"))
            return outcome
        }
        let plain = ["HTTPS_PROXY": proxy.url]

        let unknown = try await fetch([], plain)
        #expect(unknown.status == 69)
        #expect(unknown.errors.contains("asks for a user and a password, by Basic"))

        let wrong = try await fetch([], ["HTTPS_PROXY": "http://user:wrong@127.0.0.1:\(proxy.port)"])
        #expect(wrong.status == 69)
        #expect(wrong.errors.contains("refuses the user or the password"))

        try await fetch([], ["HTTPS_PROXY": "http://user:secret@127.0.0.1:\(proxy.port)"]).checked()
        try await fetch([], ["https_proxy": proxy.url, "NO_PROXY": "localhost"]).checked()

        let file = try Scratch.current.write(Array("user:secret\n".utf8), to: "login")
        try await fetch(["--proxy", proxy.url, "--proxy-login", file], ["NO_PROXY": "*"]).checked()

        let netrc = try Scratch.current.write(Array("machine 127.0.0.1 login user password secret\n".utf8), to: "netrc")
        try await fetch([], plain.merging(["NETRC": netrc]) { $1 }).checked()

        let seen = try await fetch(["--proxy", "http://user:secret@127.0.0.1:\(proxy.port)"], [:])
        #expect(seen.status == 64)
    }

    @Test("to servers that misbehave ends soon, with the reason", arguments: Misbehaviour.allCases)
    func misbehaviour(kind: Misbehaviour) async throws {
        let (server, port) = try await BackgroundProcess.start(
            ["python3", "-c", kind.script], until: #"port (\d+)"#)
        defer { server.stop() }

        let fetch = try await caisson("fetch", "https://127.0.0.1:\(port)", "--timeout", "2")

        #expect(fetch.status == 69)
        #expect(fetch.errors.contains(kind.reason), "\(fetch.errors)")
    }
}

/// Servers that no client should have to wait for.
enum Misbehaviour: String, CaseIterable, Sendable {
    case silent, dripping, garbage, plainHTTP, closing, endless

    var reason: String {
        switch self {
        case .silent, .dripping: "doesn't finish the TLS handshake within 2 s"
        case .garbage, .plainHTTP: "what it sends isn't TLS"
        case .closing: "closed the connection before the handshake was complete"
        case .endless: "the TLS handshake with"
        }
    }

    /// Python, which prints the port that it listens on.
    var script: String {
        let behaviour =
            switch self {
            case .silent: "time.sleep(60)"
            case .dripping:
                "[(peer.sendall(bytes([byte])), time.sleep(0.1)) for byte in b'\\x16\\x03\\x03\\x40\\0\\x02\\0\\x3f\\xfc' + b'\\3' * 16000]"
            case .garbage: "peer.recv(1000); peer.sendall(bytes(range(255, 0, -1)) * 10); time.sleep(5)"
            case .plainHTTP: "peer.recv(1000); peer.sendall(b'HTTP/1.1 400 Bad Request\\r\\n\\r\\n'); time.sleep(5)"
            case .closing: "peer.recv(65536); peer.close()"
            case .endless:
                "peer.sendall((b'\\x16\\x03\\x03\\x40\\x00\\x0b\\xff\\xff\\xff' + b'\\0' * 16380) * 700); time.sleep(5)"
            }
        return """
            import socket, time
            listener = socket.create_server(("127.0.0.1", 0))
            print("port", listener.getsockname()[1], flush=True)
            while True:
                peer, _ = listener.accept()
                try:
                    \(behaviour)
                except OSError: pass
            """
    }
}

/// What `fetch` makes of servers that are odd.
@Suite("Fetch of an odd server", .serialized, .scratch)
struct OddServerTests {
    @Test("does P-521 alone, and says which key exchanges it can't do")
    func groups() async throws {
        let server = try await LocalServer.start(Mint(), options: ["-groups", "P-521"])
        defer { server.process.stop() }
        try await caisson("fetch", server.url).checked()

        let other = try await LocalServer.start(Mint(), options: ["-groups", "ffdhe2048"])
        defer { other.process.stop() }
        let fetch = try await caisson("fetch", other.url)
        #expect(fetch.status == 69)
        #expect(fetch.errors.contains("ffdhe"), "\(fetch.errors)")
    }

    @Test("whose issuer wasn't sent isn't told that the issuer is the root")
    func unsentIntermediate() async throws {
        let mint = try Mint()
        let root = try await mint.make(.root("Root"))
        let middle = try await mint.make(.intermediate("Middle"), by: root)
        let leaf = try await mint.make(.server("localhost"), by: middle)
        let (process, port) = try await BackgroundProcess.start(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", leaf.certificate, "-key", leaf.key],
            until: #"ACCEPT 127\.0\.0\.1:(\d+)"#)
        defer { process.stop() }
        let file = try Scratch.current.makeDirectory("out") + "/corp ca.crt"
        let missing = try await caisson("fetch", "https://localhost:\(port)", "-o", file)
        #expect(missing.status == 69)
        #expect(!missing.errors.contains("root certificate \"O=Test, CN=Middle\""))
        #expect(missing.errors.contains("the root above it"))

        let names = try await caisson("fetch", "https://localhost:\(port)", "--allow", "nothing")
        #expect(names.status == 64)
        #expect(names.errors.contains("intermediate"))
    }

    @Test("quotes the file's name in what it advises")
    func quoting() async throws {
        let mint = try Mint()
        let root = try await mint.make(.root("Root"))
        let leaf = try await mint.make(.server("localhost"), by: root)
        let (process, port) = try await BackgroundProcess.start(
            [
                "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", leaf.certificate, "-key", leaf.key,
                "-cert_chain", root.certificate,
            ], until: #"ACCEPT 127\.0\.0\.1:(\d+)"#)
        defer { process.stop() }
        let file = try Scratch.current.makeDirectory("out") + "/it's ours.crt"
        let fetch = try await caisson("fetch", "https://localhost:\(port)", "-o", file).checked()
        #expect(fetch.errors.contains(#"/it'\''s ours.crt' PLACE"#), "\(fetch.errors)")
    }
}
