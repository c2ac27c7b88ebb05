public import RootFS
internal import Tar

/// What one new layer does to a root: nodes by physical path, with what stands there below it.
public struct LayerChanges: Sendable {
    private var before: [RootPath: Node] = [:]
    private var after: [RootPath: Node] = [:]

    /// No changes.
    public init() {}

    /// Takes changes that are made one after the other.
    public mutating func add(_ changes: some Sequence<Change>) {
        for change in changes {
            if before[change.path] == nil { before[change.path] = change.before }
            after[change.path] = change.after
        }
    }

    /// The changes that aren't taken back by others; times don't count.
    private var remaining: [RootPath: Node] {
        after.filter { path, node in !node.matches(before[path] ?? .absent) }
    }

    /// Whether nothing is to do.
    public var isEmpty: Bool { remaining.isEmpty }

    /// The paths that are made new.
    public var created: Set<RootPath> { Set(remaining.keys.filter { before[$0] == .absent }) }

    /// The layer as a tar archive: sorted, with each new entry's time `time` (seconds since 1970), and with the
    /// directories above as they are below, since unpackers would give them a mode of their own otherwise.
    ///
    /// - Parameter tree: the layers below.
    public func archive(on tree: LayerTree, time: Int64) -> [UInt8] {
        let stamp = Timestamp(seconds: time)
        var entries: [RootPath: TarEntry] = [:]
        for (path, node) in remaining {
            if let entry = Self.entry(node, at: path, stamp) {
                entries[path] = entry
            } else if let whiteout = Whiteout.name(hiding: path) {
                let attributes = Attributes(mode: 0, modified: stamp)
                entries[whiteout] = TarEntry(name: Self.name(whiteout), kind: .file([]), attributes: attributes)
            }
            var above = path.parent
            while let directory = above, directory != .root {
                if entries[directory] == nil, after[directory].map({ $0 == .absent }) ?? true,
                    let node = tree.node(at: directory)
                {
                    entries[directory] = TarEntry(
                        name: Self.name(directory), kind: .directory, attributes: tree.nodes[node].attributes)
                }
                above = directory.parent
            }
        }
        let hidden = Set(remaining.filter { $0.value == .absent }.keys)
        // What stands below something that is taken away goes with it.
        let shown = entries.filter { path, _ in !Self.isBelow(hidden, path) }
        return TarWriter.archive(of: shown.sorted { $0.key < $1.key }.map(\.value))
    }

    private static func isBelow(_ hidden: Set<RootPath>, _ path: RootPath) -> Bool {
        var above: RootPath? = path
        while let here = above {
            if hidden.contains(here) { return true }
            above = here.parent
        }
        return false
    }

    private static func name(_ path: RootPath) -> [UInt8] { Array(path.bytes.dropFirst()) }

    private static func entry(_ node: Node, at path: RootPath, _ stamp: Timestamp) -> TarEntry? {
        func stamped(_ attributes: Attributes) -> Attributes {
            var copy = attributes
            copy.modified = stamp
            return copy
        }
        switch node {
        case .absent: return nil
        case .file(let contents, let attributes):
            return TarEntry(name: name(path), kind: .file(contents), attributes: stamped(attributes))
        case .symlink(let target, let attributes):
            var link = stamped(attributes)
            link.mode = 0o777
            return TarEntry(name: name(path), kind: .symlink(to: target), attributes: link)
        case .directory(let attributes):
            return TarEntry(name: name(path), kind: .directory, attributes: stamped(attributes))
        }
    }
}
