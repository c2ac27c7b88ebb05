internal import Crypto
internal import FoundationEssentials
internal import RootFS
internal import SystemPackage

/// Finds the engine that the docker command would talk to, and those of other products where there is none.
///
/// The order is that of docker/cli 20.10 and later (cli/command/cli.go): what the command line names, `DOCKER_HOST`,
/// `DOCKER_CONTEXT`, the current context of `config.json`, the default sockets.
package struct EngineDiscovery: Sendable {
    private let variables: [String: String]

    /// Looks with these environment variables.
    package init(variables: [String: String]) { self.variables = variables }

    /// The engine; `named` is an address or the name of a docker context.
    ///
    /// - Throws: `EngineError.badAddress` where a name means nothing, `.noneFound` where no socket is there.
    package func address(named: String? = nil) throws(EngineError) -> EngineAddress {
        if let named { return try named.contains("://") ? address(of: named) : address(ofContext: named) }
        if let host = variables["DOCKER_HOST"], !host.isEmpty { return try address(of: host) }
        if let context = variables["DOCKER_CONTEXT"], !context.isEmpty { return try address(ofContext: context) }
        if let context = currentContext, !context.isEmpty { return try address(ofContext: context) }
        return try defaultSocket()
    }

    /// The sockets of the engines that are known, the usual one first.
    package var knownSockets: [String] {
        var paths = ["/var/run/docker.sock"]
        if let runtime = variables["XDG_RUNTIME_DIR"], runtime.hasPrefix("/") { paths.append("\(runtime)/docker.sock") }
        if let home {
            // Docker Desktop, OrbStack, Colima, Rancher Desktop.
            paths += [
                ".docker/run/docker.sock", ".docker/desktop/docker.sock", ".orbstack/run/docker.sock",
                ".colima/default/docker.sock", ".config/colima/default/docker.sock", ".rd/docker.sock",
            ].map { "\(home)/\($0)" }
        }
        paths.append("/run/podman/podman.sock")
        if let runtime = variables["XDG_RUNTIME_DIR"], runtime.hasPrefix("/") {
            paths.append("\(runtime)/podman/podman.sock")
        }
        if let home { paths.append("\(home)/.local/share/containers/podman/machine/podman.sock") }
        return paths
    }

    // MARK: Parts

    private var home: String? { variables["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } }

    private var configuration: String? {
        if let named = variables["DOCKER_CONFIG"], !named.isEmpty { return named }
        return home.map { "\($0)/.docker" }
    }

    private func defaultSocket() throws(EngineError) -> EngineAddress {
        for path in knownSockets where access(path) { return .socket(path) }
        throw .noneFound
    }

    private func access(_ path: String) -> Bool {
        // Opening a socket always fails; only that there is none fails with this.
        do {
            try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking]).close()
            return true
        } catch {
            let errno = error as? Errno
            return errno != .noSuchFileOrDirectory && errno != .notDirectory
        }
    }

    /// An address, with the TLS files that the environment, or a context with the same host, has for it.
    private func address(of text: String) throws(EngineError) -> EngineAddress {
        guard !text.hasPrefix("unix://") else { return try EngineAddress(text) }
        return try EngineAddress(text, tls: environmentTLS ?? contextTLS(for: text))
    }

    private var environmentTLS: EngineTLS? {
        let directory = variables["DOCKER_CERT_PATH"].flatMap { $0.isEmpty ? nil : $0 } ?? configuration
        guard let verify = variables["DOCKER_TLS_VERIFY"], !verify.isEmpty, let directory else { return nil }
        return EngineTLS(directory: directory, isVerified: true)
    }

    private var currentContext: String? {
        struct Configuration: Decodable { let currentContext: String? }
        guard let configuration, let bytes = Self.contents(of: "\(configuration)/config.json") else { return nil }
        return try? JSONDecoder().decode(Configuration.self, from: Data(bytes)).currentContext
    }

    private func address(ofContext name: String) throws(EngineError) -> EngineAddress {
        if name == "default" { return try defaultSocket() }
        guard let configuration, let context = DockerContext(named: name, in: configuration) else {
            throw .badAddress(
                name, hint: "docker context ls lists the contexts; an address begins with unix:// or tcp://")
        }
        return try EngineAddress(context.host, tls: context.tls(in: configuration))
    }

    /// The files of the current context where it has this very host: a journal names an engine by its address alone.
    private func contextTLS(for host: String) -> EngineTLS? {
        let name = variables["DOCKER_CONTEXT"].flatMap { $0.isEmpty ? nil : $0 } ?? currentContext
        guard let configuration, let name, let context = DockerContext(named: name, in: configuration),
            context.host == host
        else { return nil }
        return context.tls(in: configuration)
    }

    /// A small file, whole; nil where it isn't there or can't be read.
    static func contents(of path: String, limit: Int = 1 << 20) -> [UInt8]? {
        guard
            let file = try? FileDescriptor.open(
                FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
        else { return nil }
        defer { try? file.close() }
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            guard
                let part = try? [UInt8](
                    unsafeUninitializedCapacity: 64 * 1024,
                    initializingWith: { buffer, count in
                        count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                    })
            else { return nil }
            if part.isEmpty { return bytes }
            bytes += part
        }
        return nil
    }
}

extension EngineTLS {
    /// The files that Docker's tools write into a directory; those that aren't there aren't used.
    init(directory: String, isVerified: Bool) {
        func file(_ name: String) -> String? {
            EngineDiscovery.contents(of: "\(directory)/\(name)") == nil ? nil : "\(directory)/\(name)"
        }
        self.init(
            authority: file("ca.pem"), certificate: file("cert.pem"), key: file("key.pem"), isVerified: isVerified)
    }
}

/// A docker context as it is on disk: `contexts/meta/SHA256-OF-NAME/meta.json` below docker's configuration.
private struct DockerContext {
    let host: String
    let skipsVerification: Bool
    private let folder: String

    init?(named name: String, in configuration: String) {
        struct Metadata: Decodable {
            struct Endpoint: Decodable {
                let host: String?
                let skipTLSVerify: Bool?
                enum CodingKeys: String, CodingKey { case host = "Host", skipTLSVerify = "SkipTLSVerify" }
            }
            let endpoints: [String: Endpoint]?
            enum CodingKeys: String, CodingKey { case endpoints = "Endpoints" }
        }
        let digest = SHA256.hash(data: Array(name.utf8)).map { hexadecimal($0) }.joined()
        guard let bytes = EngineDiscovery.contents(of: "\(configuration)/contexts/meta/\(digest)/meta.json"),
            let metadata = try? JSONDecoder().decode(Metadata.self, from: Data(bytes)),
            let endpoint = metadata.endpoints?["docker"], let host = endpoint.host
        else { return nil }
        self.host = host
        skipsVerification = endpoint.skipTLSVerify ?? false
        folder = digest
    }

    func tls(in configuration: String) -> EngineTLS? {
        let directory = "\(configuration)/contexts/tls/\(folder)/docker"
        let files = EngineTLS(directory: directory, isVerified: !skipsVerification)
        return files == EngineTLS(isVerified: !skipsVerification) && !skipsVerification ? nil : files
    }
}
