import ArgumentParser
import Caisson
import ChainVerification
import ContainerPlaces
import NIOCore
import RootFS
import SystemPackage
import TLSProbe

/// The way that connections take.
struct ProxyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Go through this proxy (http, https, socks5, socks5h). Else HTTPS_PROXY, ALL_PROXY and NO_PROXY hold.",
            valueName: "url"))
    var proxy: String?

    @Option(
        help: ArgumentHelp(
            "A file that holds USER:PASSWORD for the proxy; else ~/.netrc is looked into.", valueName: "file"))
    var proxyLogin: String?

    @Option(help: ArgumentHelp("How many seconds each step of a connection may take.", valueName: "seconds"))
    var timeout = 10

    func validate() throws {
        guard (1...3600).contains(timeout) else { throw ValidationError("--timeout takes 1 to 3600 seconds") }
    }

    /// A probe that goes the way these options and the environment name.
    func probe(in environment: Environment) throws(CaissonError) -> TLSProbe {
        let override = try self.override()
        let login = try proxyLogin.map { path throws(CaissonError) in try Self.login(from: path) }
        let netrc = Self.netrc(in: environment)
        let variables = environment.variables
        let timeouts = Timeouts(each: .seconds(Int64(timeout)))
        return TLSProbe(timeouts: timeouts) { url throws(CaissonError) in
            var route = try ProxyRoute.choose(for: url, override: override) { variables[$0] }
            if case .proxy(var proxy) = route {
                proxy.credentials = login ?? proxy.credentials ?? netrc?.credentials(for: proxy.host)
                route = .proxy(proxy)
            }
            return route
        }
    }

    /// The proxy of `--proxy` for clients in a container; nil where none is named, and the container's own environment
    /// holds.
    func insideProxy(in environment: Environment) throws(CaissonError) -> InsideProxy? {
        guard let proxy = try override() else { return nil }
        let login = try proxyLogin.map { path throws(CaissonError) in try Self.login(from: path) }
        let credentials = login ?? Self.netrc(in: environment)?.credentials(for: proxy.host)
        let kind: InsideProxy.Kind =
            switch proxy.kind {
            case .http: .http
            case .https: .https
            case .socks5, .socks5h: .socks
            }
        let user = credentials.map { $0.userInformation + "@" } ?? ""
        return InsideProxy(
            kind: kind, host: proxy.host, port: proxy.port,
            url: "\(proxy.kind.rawValue)://\(user)\(proxy.host.urlForm):\(proxy.port)",
            secrets: credentials?.secrets ?? [])
    }

    /// The proxy of `--proxy`. A password there would be seen by everyone on the machine.
    private func override() throws(CaissonError) -> Proxy? {
        guard let text = proxy else { return nil }
        let found: Proxy
        do throws(ProxyURLError) {
            found = try Proxy(url: text)
        } catch {
            throw CaissonError(.usage, "--proxy", error.reason, hint: "write http://PROXY:PORT")
        }
        guard found.credentials == nil else {
            throw CaissonError(
                .usage, "--proxy", "a password on the command line can be seen by everyone on this machine",
                hint:
                    "put USER:PASSWORD into a file for --proxy-login, the URL into HTTPS_PROXY, or a login into ~/.netrc"
            )
        }
        return found
    }

    private static func login(from path: String) throws(CaissonError) -> ProxyCredentials {
        let name = printable(path)
        guard let contents = contents(of: FilePath(path)) else {
            throw CaissonError(.noInput, name, "it can't be read")
        }
        guard let credentials = ProxyCredentials(file: contents) else {
            throw CaissonError(.usage, name, "its first line isn't USER:PASSWORD")
        }
        return credentials
    }

    private static func netrc(in environment: Environment) -> Netrc? {
        let path = environment.variables["NETRC"] ?? environment.variables["HOME"].map { $0 + "/.netrc" }
        return path.flatMap { contents(of: FilePath($0)) }.map { Netrc($0) }
    }

    /// A small file; nil where it can't be read or isn't small.
    private static func contents(of path: FilePath) -> [UInt8]? {
        guard let descriptor = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking]) else {
            return nil
        }
        return try? descriptor.closeAfter {
            let limit = 1 << 20
            let bytes = try [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            return bytes.count < limit ? bytes : nil
        }
    }
}
