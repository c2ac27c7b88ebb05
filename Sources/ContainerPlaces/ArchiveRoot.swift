internal import Caisson
internal import Engine
internal import Journal
internal import RootFS
internal import Tar

/// The root of a container through the engine's archive endpoint: no process of it is needed, nor that it is here.
struct ArchiveRoot: RemoteRoot {
    /// The place for people.
    let place: String
    let container: ContainerDetails
    let client: EngineClient
    /// The time that new files get, in seconds since 1970.
    let now: Timestamp?

    /// More than any file of a trust store, or directory of them, is.
    private static let sizeLimit = 512 * 1024 * 1024

    // MARK: Looking

    /// What stands at a path, by its type alone; nil where nothing does.
    func stat(_ path: RootPath) async throws(CaissonError) -> PathStat? {
        do throws(EngineError) { return try await client.stat(path.bytes, in: container.id) } catch {
            throw failed(error, "looking at \(path)")
        }
    }

    /// What stands at a path with all below it, by physical paths and in the archive's order; nil where nothing does.
    func tree(
        at path: RootPath, limit: Int = sizeLimit
    ) async throws(CaissonError) -> [(path: RootPath, entry: TarEntry)]? {
        let archive: [UInt8]?
        do throws(EngineError) {
            archive = try await client.archive(of: path.bytes, in: container.id, limit: limit)
        } catch { throw failed(error, "reading \(path)") }
        guard let archive else { return nil }
        do throws(TarError) { return try Self.located(try TarReader.entries(of: archive), at: path) } catch {
            throw CaissonError(.unavailable, place, "the engine's archive of \(path) can't be read: \(error)")
        }
    }

    /// The names of an archive begin with the last component of the path that was asked for.
    private static func located(
        _ entries: [TarEntry], at path: RootPath
    ) throws(TarError) -> [(path: RootPath, entry: TarEntry)] {
        var contents: [RootPath: [UInt8]] = [:]
        var located: [(path: RootPath, entry: TarEntry)] = []
        func place(_ name: [UInt8]) -> RootPath? {
            let below = name.drop { $0 != UInt8(ascii: "/") }
            return RootPath(bytes: path.bytes + below).flatMap { $0.isInside(path) ? $0 : nil }
        }
        for var entry in entries {
            guard let path = place(entry.name) else { throw .badHeader }
            switch entry.kind {
            case .file(let bytes): contents[path] = bytes
            case .hardLink(let target):
                guard let first = place(target), let bytes = contents[first] else { throw .badHeader }
                entry.kind = .file(bytes)
                contents[path] = bytes
            default: break
            }
            located.append((path, entry))
        }
        return located
    }

    func nodes(at paths: [RootPath]) async throws(CaissonError) -> [RootPath: Node] {
        var nodes: [RootPath: Node] = [:]
        for path in paths {
            guard let stat = try await stat(path) else {
                nodes[path] = .absent
                continue
            }
            guard let found = try await member(at: path, stat) else {
                throw CaissonError(.locked, place, "\(path) vanished as it was looked at", hint: "try again")
            }
            switch found.kind {
            case .file(let bytes): nodes[path] = .file(contents: bytes, found.attributes)
            case .symlink(let target): nodes[path] = .symlink(to: target, found.attributes)
            case .directory: nodes[path] = .directory(found.attributes)
            case .hardLink, .other:
                throw CaissonError(.unavailable, place, "\(path) is neither a file nor a directory (\(stat.kind))")
            }
        }
        return nodes
    }

    /// What stands at a path itself.
    private func member(at path: RootPath, _ stat: PathStat) async throws(CaissonError) -> TarEntry? {
        if client.isPodman, stat.kind == .symlink, let link = await linkByDirectory(path) { return link }
        return try await tree(at: path)?.first { $0.path == path }?.entry
    }

    /// What a link says, which is with Podman in its directory's archive alone; nil where that is too large to fetch.
    func linkByDirectory(_ path: RootPath) async -> TarEntry? {
        guard let parent = path.parent, parent != .root else { return nil }
        return try? await tree(at: parent, limit: Self.directoryLimit)?.first { $0.path == path }?.entry
    }

    /// More than a directory of certificates has, and quickly fetched.
    private static let directoryLimit = 16 * 1024 * 1024

    // MARK: Changing

    /// Removes what is to go, then writes the rest as one archive.
    func make(_ changes: [Change]) async throws(CaissonError) {
        let removed = changes.filter { $0.after == .absent }
        try await remove(removed)
        let entries = changes.compactMap { entry(for: $0) }
        guard !entries.isEmpty else { return }
        do throws(EngineError) {
            try await client.unpack(TarWriter.archive(of: entries), into: RootPath.root.bytes, of: container.id)
        } catch { throw failed(error, "writing") }
    }

    private func entry(for change: Change) -> TarEntry? {
        let name = Array(change.path.bytes.dropFirst())
        func timed(_ attributes: Attributes) -> Attributes {
            var copy = attributes
            copy.modified = attributes.modified ?? now
            return copy
        }
        switch change.after {
        case .absent: return nil
        case .file(let bytes, let attributes):
            return TarEntry(name: name, kind: .file(bytes), attributes: timed(attributes))
        case .symlink(let target, let attributes):
            return TarEntry(name: name, kind: .symlink(to: target), attributes: timed(attributes))
        case .directory(let attributes):
            return TarEntry(name: name, kind: .directory, attributes: timed(attributes))
        }
    }

    /// The archive endpoint can't remove: the container's own `rm` and `rmdir` do, without a shell.
    private func remove(_ changes: [Change]) async throws(CaissonError) {
        var files: [[UInt8]] = []
        for change in changes {
            if case .directory = change.before { continue }
            files.append(change.path.bytes)
        }
        if !files.isEmpty { try await run(["rm", "-f", "--"], on: files) }
        // What is in a directory goes before it; one that others keep files in stays.
        for change in changes.sorted(by: { $0.path > $1.path }) {
            if case .directory = change.before { try await run(["rmdir", "--"], on: [change.path.bytes]) }
        }
    }

    private func run(_ command: [String], on paths: [[UInt8]]) async throws(CaissonError) {
        let outcome: EngineClient.Outcome
        do throws(EngineError) {
            outcome = try await client.run(command.map { Array($0.utf8) } + paths, in: container.id)
        } catch { throw failed(error, "removing files") }
        guard outcome.status == 0 else {
            throw CaissonError(
                .inputOutput, place, "\(command[0]) in the container failed: \(printable(outcome.output.prefix(300)))")
        }
    }

    /// Whether the container's own tools can be run now; if not, why.
    func obstacleToRemoval() async throws(CaissonError) -> String? {
        let state = container.state.status
        guard state == "running" else { return "it is \(printable(state))" }
        for tool in ["rm", "rmdir"] {
            var isThere = false
            for directory in ["/bin", "/usr/bin"] as [RootPath] where !isThere {
                isThere = try await stat(directory.appending(tool)) != nil
            }
            if !isThere { return "it has no \(tool)" }
        }
        return nil
    }

    private func failed(_ error: EngineError, _ what: String) -> CaissonError {
        let cause = CaissonError(error, place, engine: client.address.description)
        return CaissonError(cause.kind, place, "\(what): \(cause.reason)", hint: cause.hint)
    }
}
