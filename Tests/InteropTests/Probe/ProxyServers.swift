import Foundation
import Testing

/// mitmproxy, as `Scripts/install-mitmproxy.sh` put it beside the build.
struct Mitmproxy: Sendable {
    /// Where the environment is: `CAISSON_MITMPROXY`, else where `make test` puts it.
    static let directory: String =
        ProcessInfo.processInfo.environment["CAISSON_MITMPROXY"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../.build/mitmproxy")
        .standardized.path

    static let isInstalled =
        ProcessInfo.processInfo.environment["CI"] != nil
        || FileManager.default.isExecutableFile(atPath: directory + "/bin/mitmdump")

    let process: BackgroundProcess
    /// The proxy's URL, as `--proxy` takes it.
    let url: String
    /// The CA as mitmproxy wrote it.
    let certificate: [UInt8]

    /// Starts one with a CA of its own.
    ///
    /// - Parameter sendsChain: has it send its CA, by putting that into its key file twice.
    static func start(mode: String, sendsChain: Bool, options: [String] = []) async throws -> Mitmproxy {
        let configuration = try Scratch.current.makeDirectory("mitmproxy")
        let command =
            [
                directory + "/bin/mitmdump", "--set", "confdir=\(configuration)", "--listen-host", "127.0.0.1", "-p",
                "0",
                "-k",
                "--mode", mode, "--set", "connection_strategy=lazy",
            ] + options
        let listening = #"listening at (?:[^ ]*://)?127\.0\.0\.1:(\d+)"#
        var (process, port) = try await BackgroundProcess.start(command, until: listening)
        if sendsChain {
            process.stop()
            let certificate = try text(ofFile: configuration + "/mitmproxy-ca-cert.pem")
            let both = try text(ofFile: configuration + "/mitmproxy-ca.pem") + certificate
            try Data(both.utf8).write(to: URL(filePath: configuration + "/mitmproxy-ca.pem"))
            (process, port) = try await BackgroundProcess.start(command, until: listening)
        }
        let certificate = try Data(contentsOf: URL(filePath: configuration + "/mitmproxy-ca-cert.pem"))
        let scheme = mode == "socks5" ? "socks5h" : "http"
        return Mitmproxy(process: process, url: "\(scheme)://127.0.0.1:\(port)", certificate: [UInt8](certificate))
    }
}

extension Trait where Self == ConditionTrait {
    static var needsMitmproxy: Self {
        .enabled(if: Mitmproxy.isInstalled, "needs mitmproxy: run `make test`, or Scripts/install-mitmproxy.sh")
    }
}

/// tinyproxy, which passes everything on and may ask for a password.
struct Tinyproxy: Sendable {
    let process: BackgroundProcess
    let port: Int

    var address = "127.0.0.1"

    var url: String { "http://\(address.contains(":") ? "[\(address)]" : address):\(port)" }

    static func start(login: String? = nil, address: String = "127.0.0.1") async throws -> Tinyproxy {
        let port = try freePort()
        var lines = ["Port \(port)", "Listen \(address)", "Allow \(address)", "LogLevel Info"]
        if let login { lines.append("BasicAuth \(login.replacing(":", with: " "))") }
        let path = try Scratch.current.write(
            Array((lines.joined(separator: "\n") + "\n").utf8), to: "tinyproxy-\(port).conf")
        let (process, _) = try await BackgroundProcess.start(
            ["tinyproxy", "-d", "-c", path], until: "(Setting the various signals)")
        return Tinyproxy(process: process, port: port, address: address)
    }

    /// A port that nobody listens on just now.
    private static func freePort() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(socket, generic, length) == 0 ? getsockname(socket, generic, &length) : -1
            }
        }
        try #require(status == 0)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// An HTTPS server on loopback whose name is `localhost`.
struct LocalServer: Sendable {
    let process: BackgroundProcess
    let port: Int
    let root: Mint.Coin

    var url: String { "https://localhost:\(port)" }

    /// - Parameter options: more of `openssl s_server`.
    static func start(
        _ mint: Mint, _ recipe: Mint.Recipe = .server("localhost"), options: [String] = []
    ) async throws -> LocalServer {
        let root = try await mint.make(.root("Origin Root"))
        let leaf = try await mint.make(recipe, by: root)
        let (process, port) = try await BackgroundProcess.start(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", leaf.certificate, "-key", leaf.key]
                + options,
            until: #"ACCEPT 127\.0\.0\.1:(\d+)"#)
        return LocalServer(process: process, port: try #require(Int(port)), root: root)
    }
}
