internal import Caisson
internal import Engine
internal import RootFS
internal import Tar

/// Looks around in a container through the archive endpoint, and notes everything in a snapshot, under physical paths.
///
/// A directory that must be listed comes as a whole, with what is in its files: few requests, each bounded.
struct ArchiveWalk {
    private let root: ArchiveRoot
    private(set) var snapshot: Snapshot
    private var listings: [RootPath: [[UInt8]]] = [:]

    init(_ root: ArchiveRoot, in snapshot: Snapshot) {
        self.root = root
        self.snapshot = snapshot
        self.snapshot.record(Entry(kind: .directory, attributes: Attributes(mode: 0o755)), at: .root)
    }

    /// Notes every entry that a pattern matches, and the links on the way to it.
    mutating func look(for pattern: PathPattern) async throws(CaissonError) {
        try await look(for: pattern.components[...], in: .root, followingLinks: pattern.followsLinks)
    }

    /// Reads regular files, over links.
    mutating func read(_ paths: [RootPath]) async throws(CaissonError) {
        for path in paths {
            guard let physical = try await resolve(path.components), case .file? = try await entry(at: physical)?.kind,
                !snapshot.isRead(physical)
            else { continue }
            try await fetch(physical)
        }
    }

    // MARK: Patterns

    private mutating func look(
        for components: ArraySlice<PathPattern.Component>, in directory: RootPath, followingLinks: Bool
    ) async throws(CaissonError) {
        switch components.first {
        case nil: return
        case .literal?:
            var names: [ArraySlice<UInt8>] = []
            for case .literal(let name) in components.prefix(while: { if case .literal = $0 { true } else { false } }) {
                names.append(name[...])
            }
            guard let found = try await resolve(names, from: directory) else { return }
            let rest = components.dropFirst(names.count)
            guard try await entry(at: found)?.kind == .directory else { return }
            try await look(for: rest, in: found, followingLinks: followingLinks)
        case .wildcard(let wildcard)?:
            for name in try await list(directory) where PathPattern.matches(name, wildcard) {
                guard let inner = try await lookInto(name, in: directory, followingLinks) else { continue }
                try await look(for: components.dropFirst(), in: inner, followingLinks: followingLinks)
            }
        case .everything?:
            var seen: [RootPath: Int] = [:]
            try await descend(into: directory, levels: PathPattern.depthLimit, &seen, followingLinks)
        }
    }

    /// The directory that a listed name is, or leads to if links are followed; nil where it is anything else.
    private mutating func lookInto(
        _ name: [UInt8], in directory: RootPath, _ followingLinks: Bool
    ) async throws(CaissonError) -> RootPath? {
        let path = directory.appending(name)
        switch try await entry(at: path)?.kind {
        case .directory?: return path
        case .symlink?:
            guard let target = try await resolve([name[...]], from: directory),
                try await entry(at: target)?.kind == .directory, followingLinks
            else { return nil }
            return target
        default: return nil
        }
    }

    private mutating func descend(
        into directory: RootPath, levels: Int, _ seen: inout [RootPath: Int], _ followingLinks: Bool
    ) async throws(CaissonError) {
        guard levels > 0, seen[directory, default: 0] < levels else { return }
        seen[directory] = levels
        for name in try await list(directory) {
            guard let inner = try await lookInto(name, in: directory, followingLinks) else { continue }
            try await descend(into: inner, levels: levels - 1, &seen, followingLinks)
        }
    }

    // MARK: Entries

    /// The physical path that names lead to, every link on the way noted, the last one too; nil beyond
    /// `Snapshot.linkLimit` links.
    private mutating func resolve(
        _ names: [ArraySlice<UInt8>], from directory: RootPath = .root
    ) async throws(CaissonError) -> RootPath? {
        var pending = Array(names.reversed())
        var here = directory
        var followed = 0
        while let name = pending.popLast() {
            if name.elementsEqual("..".utf8) {
                here = here.parent ?? here
                continue
            }
            if name.elementsEqual(".".utf8) { continue }
            let next = here.appending(name)
            guard case .symlink(let target)? = try await entry(at: next)?.kind else {
                here = next
                continue
            }
            followed += 1
            guard followed <= Snapshot.linkLimit else { return nil }
            if target.first == UInt8(ascii: "/") { here = .root }
            pending.append(contentsOf: target.split(separator: UInt8(ascii: "/")).reversed())
        }
        return here
    }

    /// What stands at a physical path, from the snapshot or from the engine.
    private mutating func entry(at path: RootPath) async throws(CaissonError) -> Entry? {
        do throws(PlanError) { return try snapshot.entry(at: path) } catch {
            // Nobody has looked yet.
        }
        if let parent = path.parent, try await entry(at: parent)?.kind != .directory {
            snapshot.record(nil, at: path)
            return nil
        }
        let stat = try await root.stat(path)
        switch stat?.kind {
        case nil: snapshot.record(nil, at: path)
        case .symlink?: try await noteLink(at: path, leadingTo: stat?.linkTarget ?? "")
        case .directory?:
            let attributes = Attributes(mode: stat?.permissions ?? 0o755)
            snapshot.record(Entry(kind: .directory, attributes: attributes), at: path)
        case .file?:
            // The owner comes with the contents, for files that are read.
            let size = Int(clamping: stat?.size ?? 0)
            let attributes = Attributes(mode: stat?.permissions ?? 0o644)
            snapshot.record(Entry(kind: .file(size: size, links: 1), attributes: attributes), at: path)
        case .other?:
            snapshot.record(Entry(kind: .special(.device), attributes: Attributes(mode: 0)), at: path)
        }
        return try? snapshot.entry(at: path)
    }

    /// The endpoint tells where a link leads in the end; what it says itself is in its archive, or with Podman in that of
    /// its directory. Where that is too large, as that of all programs is, where it leads is good enough to follow it.
    private mutating func noteLink(at path: RootPath, leadingTo end: String) async throws(CaissonError) {
        guard root.client.isPodman, !end.isEmpty else { return try await fetch(path) }
        var entry = Entry(kind: .symlink(to: Array(end.utf8)), attributes: Attributes(mode: 0o777))
        if let link = await root.linkByDirectory(path), case .symlink(let target) = link.kind {
            entry = Entry(kind: .symlink(to: target), attributes: link.attributes)
        }
        snapshot.record(entry, at: path)
    }

    /// The names in the directory at a physical path.
    private mutating func list(_ path: RootPath) async throws(CaissonError) -> [[UInt8]] {
        if let known = listings[path] { return known }
        try await fetch(path)
        return listings[path] ?? []
    }

    /// Notes what stands at a path with all below it.
    private mutating func fetch(_ path: RootPath) async throws(CaissonError) {
        guard let tree = try await root.tree(at: path) else {
            snapshot.record(nil, at: path)
            return
        }
        for (path, entry) in tree {
            let kind: Entry.Kind
            switch entry.kind {
            case .file(let bytes):
                kind = .file(size: bytes.count, links: 1)
                snapshot.record(contents: bytes, at: path)
            case .directory:
                kind = .directory
                listings[path] = listings[path] ?? []
            case .symlink(let target): kind = .symlink(to: target)
            case .hardLink, .other: kind = .special(.device)
            }
            snapshot.record(Entry(kind: kind, attributes: entry.attributes), at: path)
            if path != tree.first?.path, let parent = path.parent {
                listings[parent, default: []].append(Array(path.name))
            }
        }
        for (directory, names) in listings where directory.isInside(path) {
            snapshot.record(listing: names, of: directory)
        }
    }
}
