import Foundation
import Testing

/// Every kind of way to a server, over IPv4 and IPv6, with what people really run.
@Suite("The way of fetch", .serialized, .scratch)
struct ProxyTests {
    @Test("leads through an HTTPS proxy, whoever signed for it, as long as no password is at stake")
    func secureProxy() async throws {
        let mint = try Mint()
        let server = try await LocalServer.start(mint)
        let proxy = try await SecureProxy.start(mint)
        defer {
            server.process.stop()
            proxy.stop()
        }

        let fetch = try await caisson("fetch", server.url, "--proxy", proxy.url).checked()

        #expect(fetch.output.contains("through https://localhost:\(proxy.port), TLS 1.3"))
    }

    @Test("sends a password to an HTTPS proxy only if this machine trusts it")
    func secureLogin() async throws {
        let mint = try Mint()
        let server = try await LocalServer.start(mint)
        let proxy = try await SecureProxy.start(mint, login: "user:secret")
        defer {
            server.process.stop()
            proxy.stop()
        }
        let login = ["HTTPS_PROXY": "https://user:secret@localhost:\(proxy.port)"]

        let stranger = try await outcome(of: [caissonExecutable, "fetch", server.url], environment: login)
        #expect(stranger.status == 69)
        #expect(stranger.errors.contains("this machine doesn't trust its certificate, and a password isn't sent"))
        #expect(!(stranger.output + stranger.errors).contains("secret"))

        let nobody = try await caisson("fetch", server.url, "--proxy", proxy.url)
        #expect(nobody.errors.contains("asks for a user and a password, by Basic"))

        // A machine that trusts the proxy's CA, and nothing else.
        let mounted = #"mount --bind "$0" /etc/ssl/certs/ca-certificates.crt && exec "$@""#
        let fetch = try await outcome(
            of: ["unshare", "--mount", "--propagation", "private", "sh", "-c", mounted, proxy.root.certificate]
                + [caissonExecutable, "fetch", server.url], environment: login
        ).checked()
        #expect(fetch.output.contains("through https://localhost:\(proxy.port)"))
        #expect(!(fetch.output + fetch.errors).contains("secret"))
    }

    @Test("logs in to mitmproxy", .needsMitmproxy, arguments: ["regular", "socks5"])
    func mitmproxyLogin(mode: String) async throws {
        let server = try await LocalServer.start(Mint())
        let proxy = try await Mitmproxy.start(mode: mode, sendsChain: true, options: ["--proxyauth", "user:secret"])
        defer {
            server.process.stop()
            proxy.process.stop()
        }
        let file = try Scratch.current.write(Array("user:secret\n".utf8), to: "login")

        let unknown = try await caisson("fetch", server.url, "--proxy", proxy.url)
        #expect(unknown.status == 69)
        #expect(unknown.errors.contains("asks for a user and a password"), "\(unknown.errors)")

        try await caisson("fetch", server.url, "--proxy", proxy.url, "--proxy-login", file).checked()
    }

    @Test("leads to IPv6 servers, directly and through proxies that listen on IPv6")
    func version6() async throws {
        let mint = try Mint()
        let root = try await mint.make(.root("Origin Root"))
        let leaf = try await mint.make(.server("x", names: "IP:::1"), by: root)
        let (server, port) = try await BackgroundProcess.start(
            ["openssl", "s_server", "-accept", "[::1]:0", "-www", "-cert", leaf.certificate, "-key", leaf.key],
            until: #"ACCEPT \[::1\]:(\d+)"#)
        let proxy = try await Tinyproxy.start(address: "::1")
        defer {
            server.stop()
            proxy.process.stop()
        }
        let url = "https://[::1]:\(port)"
        func fetch(_ environment: [String: String], _ arguments: String...) async throws -> String {
            try await outcome(of: [caissonExecutable, "fetch", url] + arguments, environment: environment)
                .checked().output
        }

        #expect(try await fetch([:]).contains("reached    directly, TLS 1.3"))
        #expect(try await fetch([:], "--proxy", proxy.url).contains("through http://[::1]:\(proxy.port)"))
        #expect(try await fetch(["HTTPS_PROXY": proxy.url, "NO_PROXY": "::1"]).contains("directly"))
        #expect(try await fetch(["HTTPS_PROXY": proxy.url, "no_proxy": "fe80::/10,::/16"]).contains("directly"))
        #expect(try await fetch(["HTTPS_PROXY": proxy.url, "NO_PROXY": "::2"]).contains("through http://[::1]"))

        let place = try Root.empty()
        try place.write(try root.pem, to: "/etc/ssl/certs/ca-certificates.crt")
        let verify = try await caisson("verify", place.place, url).checked()
        #expect(verify.output.contains("trusted by openssl, curl"))
    }

    @Test("leads to IPv6 servers through SOCKS 5", .needsMitmproxy)
    func socksVersion6() async throws {
        let mint = try Mint()
        let root = try await mint.make(.root("Origin Root"))
        let leaf = try await mint.make(.server("x", names: "IP:::1"), by: root)
        let (server, port) = try await BackgroundProcess.start(
            ["openssl", "s_server", "-accept", "[::1]:0", "-www", "-cert", leaf.certificate, "-key", leaf.key],
            until: #"ACCEPT \[::1\]:(\d+)"#)
        let proxy = try await Mitmproxy.start(mode: "socks5", sendsChain: true)
        defer {
            server.stop()
            proxy.process.stop()
        }
        for scheme in ["socks5", "socks5h"] {
            let url = proxy.url.replacing("socks5h", with: scheme)
            let fetch = try await caisson("fetch", "https://[::1]:\(port)", "--proxy", url).checked()
            #expect(fetch.output.contains("mitmproxy"))
        }
    }

    @Test("is taken to a hundred servers at once, but never to more than 32 at a time")
    func hundred() async throws {
        let script = """
            import selectors, socket, threading, time
            lock, now, peak, seen = threading.Lock(), 0, 0, 0
            def serve(peer):
                global now, peak, seen
                with lock:
                    now += 1
                    peak, seen = max(peak, now), seen + 1
                peer.recv(65536)
                time.sleep(0.2)
                with lock: now -= 1
                peer.close()
                if seen == 100 and now == 0: print("peak", peak, flush=True)
            first = socket.create_server(("127.0.0.1", 0))
            port = first.getsockname()[1]
            selector = selectors.DefaultSelector()
            for listener in [first] + [socket.create_server((f"127.0.0.{n}", port)) for n in range(2, 101)]:
                selector.register(listener, selectors.EVENT_READ)
            print("port", port, flush=True)
            while True:
                for key, _ in selector.select():
                    threading.Thread(target=serve, args=(key.fileobj.accept()[0],), daemon=True).start()
            """
        let (server, port) = try await BackgroundProcess.start(["python3", "-c", script], until: #"port (\d+)"#)
        defer { server.stop() }
        let urls = (1...100).map { "https://127.0.0.\($0):\(port)" }

        let fetch = try await outcome(of: [caissonExecutable, "fetch"] + urls)

        #expect(fetch.status == 69)
        #expect(fetch.errors.ranges(of: "closed the connection").count == 100, "\(fetch.errors)")
        let peak = try await server.found(#"peak (\d+)"#).flatMap { Int($0) }
        #expect(peak.map { (2...32).contains($0) } == true, "\(peak ?? 0) at a time")
    }
}

/// tinyproxy behind TLS: an HTTPS proxy whose name is `localhost`.
struct SecureProxy: Sendable {
    let inner: Tinyproxy
    let front: BackgroundProcess
    let port: Int
    let root: Mint.Coin

    var url: String { "https://localhost:\(port)" }

    static func start(_ mint: Mint, login: String? = nil) async throws -> SecureProxy {
        let root = try await mint.make(.root("Proxy Root"))
        let leaf = try await mint.make(.server("localhost"), by: root)
        let inner = try await Tinyproxy.start(login: login)
        let script = """
            import asyncio, ssl, sys
            async def pass_on(source, sink):
                try:
                    while data := await source.read(65536):
                        sink.write(data)
                        await sink.drain()
                except OSError: pass
                finally: sink.close()
            async def serve(reader, writer):
                far = await asyncio.open_connection("127.0.0.1", int(sys.argv[3]))
                await asyncio.gather(pass_on(reader, far[1]), pass_on(far[0], writer))
            async def main():
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                context.load_cert_chain(sys.argv[1], sys.argv[2])
                server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
                print("port", server.sockets[0].getsockname()[1], flush=True)
                await server.serve_forever()
            asyncio.run(main())
            """
        let (front, port) = try await BackgroundProcess.start(
            ["python3", "-c", script, leaf.certificate, leaf.key, "\(inner.port)"], until: #"port (\d+)"#)
        return SecureProxy(inner: inner, front: front, port: try #require(Int(port)), root: root)
    }

    func stop() {
        front.stop()
        inner.process.stop()
    }
}
