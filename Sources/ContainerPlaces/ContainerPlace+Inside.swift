package import Caisson
internal import Engine
package import RootFS

/// What one client in a container makes of one server.
package struct InsideVerdict: Sendable {
    package enum Result: String, Sendable {
        case works
        /// It doesn't accept the server's certificate.
        case refused
        /// Anything else is in the way.
        case failed
        /// It can't be asked in this way.
        case unasked
    }

    package let client: String
    /// The program, as it was run.
    package let program: RootPath
    package let endpoint: Endpoint
    package let result: Result
    /// Why it doesn't work, safe to print and without the proxy's credentials; empty where it does.
    package let reason: String
}

extension ContainerPlace {
    /// Has the clients that are in the container ask servers, each by an argument vector and without a shell, as the
    /// container's own user and under its own environment, with the proxy added.
    ///
    /// - Parameter seconds: how long a client may take.
    /// - Returns: a verdict for each client that is there and each server; empty where none is there.
    /// - Throws: `CaissonError` of kind `unavailable` where nothing can be run in it.
    package func ask(
        _ endpoints: [Endpoint], through proxy: InsideProxy?, seconds: Int
    ) async throws(CaissonError) -> [InsideVerdict] {
        guard container.state.status == "running" else {
            throw CaissonError(
                .unavailable, name, "nothing can be run in it: it is \(printable(container.state.status))")
        }
        let found = try await clients()
        let (client, id) = (client, container.id)
        return await withTaskGroup(of: (Int, InsideVerdict?).self) { group in
            var verdicts: [(Int, InsideVerdict?)] = []
            var index = 0
            for (asked, program) in found {
                for endpoint in endpoints {
                    // A few at a time: each is a process in somebody's container.
                    if index >= 4, let verdict = await group.next() { verdicts.append(verdict) }
                    let question = InsideQuestion(
                        client: asked, program: program, endpoint: endpoint, proxy: proxy, seconds: seconds)
                    let number = index
                    group.addTask { (number, await question.verdict(from: client, in: id)) }
                    index += 1
                }
            }
            for await verdict in group { verdicts.append(verdict) }
            return verdicts.sorted { $0.0 < $1.0 }.compactMap(\.1)
        }
    }

    /// The clients that are there, by what stands on the container's `PATH`.
    private func clients() async throws(CaissonError) -> [(client: any InsideClient, program: RootPath)] {
        let directories = searchPath
        let names = Set(InsideClients.all.flatMap(\.programs)).sorted()
        let patterns = directories.flatMap { directory in names.map { PathPattern(directory.appending($0)) } }
        let snapshot = try await discover(patterns)
        return InsideClients.all.compactMap { client in
            for name in client.programs {
                for path in directories.map({ $0.appending(name) }) {
                    guard let file = try? snapshot.file(at: path), file.entry.attributes.mode & 0o111 != 0 else {
                        continue
                    }
                    return (client, path)
                }
            }
            return nil
        }
    }

    /// The directories of its `PATH`; those that engines give a container that has none.
    private var searchPath: [RootPath] {
        let own = container.config?.environment?.last { $0.hasPrefix("PATH=") }?.dropFirst("PATH=".count)
        let text = own ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        var directories: [RootPath] = []
        for part in text.split(separator: ":") where part.hasPrefix("/") {
            guard let path = RootPath(bytes: part.utf8), !directories.contains(path) else { continue }
            directories.append(path)
        }
        return Array(directories.prefix(32))
    }
}
