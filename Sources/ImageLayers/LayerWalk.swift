public import RootFS

extension LayerTree {
    /// Looks for entries as `Place.discover` does: every entry that matches, with the links on the way to it.
    public func discover(_ patterns: [PathPattern], named name: String) -> Snapshot {
        var walk = LayerWalk(self, in: Snapshot(root: name))
        walk.look(for: PatternTree(patterns), in: .root)
        return walk.snapshot
    }

    /// The files, by physical path, that reading `paths` needs and whose bytes weren't kept.
    public func missing(_ paths: [RootPath], in snapshot: Snapshot) -> [RootPath: Source] {
        var walk = LayerWalk(self, in: snapshot)
        return paths.reduce(into: [:]) { missing, path in
            guard let (physical, node) = walk.file(at: path), node.contents == nil else { return }
            missing[physical] = node.source
        }
    }

    /// Puts files' bytes into a snapshot, over links; `fetched` has those that weren't kept.
    public func read(_ paths: [RootPath], into snapshot: Snapshot, fetched: [Source: [UInt8]]) -> Snapshot {
        var walk = LayerWalk(self, in: snapshot)
        for path in paths {
            guard let (physical, node) = walk.file(at: path),
                let bytes = node.contents ?? node.source.flatMap({ fetched[$0] })
            else { continue }
            walk.record(bytes, at: physical)
        }
        return walk.snapshot
    }
}

/// Looks around in a tree and notes everything it sees in a snapshot, under physical paths.
struct LayerWalk {
    private let tree: LayerTree
    private(set) var snapshot: Snapshot

    init(_ tree: LayerTree, in snapshot: Snapshot) {
        self.tree = tree
        self.snapshot = snapshot
        self.snapshot.record(Entry(kind: .directory, attributes: tree.nodes[0].attributes), at: .root)
    }

    mutating func record(_ bytes: [UInt8], at path: RootPath) { snapshot.record(contents: bytes, at: path) }

    /// The regular file that a path leads to.
    mutating func file(at path: RootPath) -> (RootPath, LayerTree.Node)? {
        guard let physical = resolve(path.components, from: .root), let node = tree.node(at: physical),
            case .file = tree.nodes[node].kind
        else { return nil }
        return (physical, tree.nodes[node])
    }
}

extension LayerWalk: PatternWalk {
    /// The physical path that names lead to, every link on the way noted, the last one too; nil beyond
    /// `Snapshot.linkLimit` links.
    mutating func resolve(_ names: [ArraySlice<UInt8>], from directory: RootPath) -> RootPath? {
        var pending = Array(names.reversed())
        var here = directory
        var followed = 0
        while let name = pending.popLast() {
            if name.elementsEqual(".".utf8) { continue }
            if name.elementsEqual("..".utf8) {
                here = here.parent ?? here
                continue
            }
            let next = here.appending(name)
            guard case .symlink(let target)? = kind(at: next) else {
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

    /// What stands at a physical path; it is noted.
    mutating func kind(at path: RootPath) -> Entry.Kind? {
        if path == .root { return .directory }
        let node = tree.node(at: path).map { tree.nodes[$0] }
        snapshot.record(node.map { Entry(kind: $0.kind, attributes: $0.attributes) }, at: path)
        return node?.kind
    }

    /// The names in the directory at a physical path, all of them noted with what they are.
    mutating func list(_ path: RootPath) -> [[UInt8]] {
        guard let node = path == .root ? 0 : tree.node(at: path) else { return [] }
        let children = tree.nodes[node].children
        for (name, child) in children {
            let child = tree.nodes[child]
            snapshot.record(Entry(kind: child.kind, attributes: child.attributes), at: path.appending(name.bytes))
        }
        let names = children.keys.map(\.bytes)
        snapshot.record(listing: names, of: path)
        return names
    }
}
