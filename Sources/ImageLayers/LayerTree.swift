internal import RootFS
internal import Tar

/// The root that layers make, each put on those below it, with whiteouts and opaque directories honoured.
public struct LayerTree: Sendable {
    /// Which layer, counted from the lowest, and which of its members a file's bytes are in.
    public struct Source: Hashable, Sendable {
        /// The layer's number, 0 for the lowest.
        public let layer: Int
        /// The member's number in the layer.
        public let member: Int
    }

    struct Node: Sendable {
        var kind: Entry.Kind
        var attributes: Attributes
        var children: [ByteKey: Int] = [:]
        var source: Source?
        var contents: [UInt8]?
    }

    private(set) var nodes: [Node]
    private var layers = 0
    /// The directory that was last put something into: archives come directory by directory.
    private var last: (path: RootPath, node: Int)?

    /// An empty root.
    public init() { nodes = [Node(kind: .directory, attributes: Attributes(mode: 0o755))] }

    /// Puts a layer on top.
    public mutating func apply(_ listing: LayerListing) {
        // What a layer takes away is below it, wherever in its archive that stands.
        for path in listing.opaque {
            if let node = node(at: path) { nodes[node].children = [:] }
        }
        for path in listing.whiteouts {
            guard let parent = path.parent, let node = node(at: parent) else { continue }
            nodes[node].children[ByteKey(path.name)] = nil
        }
        last = nil
        for (number, member) in listing.members.enumerated() {
            put(member, Source(layer: layers, member: number))
        }
        last = nil
        layers += 1
    }

    // MARK: Looking

    /// The node at a path, the links among its directories followed, the last component not.
    func node(at path: RootPath) -> Int? {
        guard let parent = path.parent else { return 0 }
        guard let directory = directory(at: parent) else { return nil }
        return nodes[directory].children[ByteKey(path.name)]
    }

    /// The directory that a path leads to; nil where it leads to none, or over too many links.
    private func directory(at path: RootPath) -> Int? {
        var followed = 0
        var here: [Int] = [0]
        var pending = Array(path.components.reversed())
        while let name = pending.popLast() {
            if name.elementsEqual(".".utf8) { continue }
            if name.elementsEqual("..".utf8) {
                if here.count > 1 { here.removeLast() }
                continue
            }
            guard let above = here.last, let next = nodes[above].children[ByteKey(name)] else { return nil }
            switch nodes[next].kind {
            case .directory: here.append(next)
            case .symlink(let target):
                followed += 1
                guard followed <= Snapshot.linkLimit else { return nil }
                if target.first == UInt8(ascii: "/") { here = [0] }
                pending.append(contentsOf: target.split(separator: UInt8(ascii: "/")).reversed())
            default: return nil
            }
        }
        return here.last
    }

    // MARK: Putting

    private mutating func put(_ member: LayerListing.Member, _ source: Source) {
        guard let parent = member.path.parent else {
            if member.kind == .directory { nodes[0].attributes = member.attributes }
            return
        }
        let directory = makeDirectory(at: parent)
        let name = ByteKey(member.path.name)
        var node = Node(kind: .directory, attributes: member.attributes)
        switch member.kind {
        case .directory:
            if let old = nodes[directory].children[name], nodes[old].kind == .directory {
                nodes[old].attributes = member.attributes
                return
            }
        case .file(let size):
            node.kind = .file(size: size, links: 1)
            (node.source, node.contents) = (source, member.contents)
        case .symlink(let target): node.kind = .symlink(to: target)
        case .hardLink(let target):
            // A name of what isn't there is left out, as unpackers would stop at it.
            guard let path = RootPath(bytes: target), let first = self.node(at: path), nodes[first].kind != .directory
            else { return }
            if case .file(let size, let links) = nodes[first].kind {
                nodes[first].kind = .file(size: size, links: links + 1)
            }
            node = nodes[first]
        case .fifo: node.kind = .special(.fifo)
        case .other: node.kind = .special(.device)
        }
        nodes.append(node)
        nodes[directory].children[name] = nodes.count - 1
    }

    /// The directory that a path leads to, made where it isn't there: archives need not have their directories.
    private mutating func makeDirectory(at path: RootPath) -> Int {
        if let last, last.path == path { return last.node }
        if let found = directory(at: path) {
            last = (path, found)
            return found
        }
        var absent = [path.name]
        var above = path.parent
        var node = 0
        while let here = above {
            if let found = directory(at: here) {
                node = found
                break
            }
            absent.append(here.name)
            above = here.parent
        }
        for name in absent.reversed() {
            nodes.append(Node(kind: .directory, attributes: Attributes(mode: 0o755, modified: Timestamp(seconds: 0))))
            nodes[node].children[ByteKey(name)] = nodes.count - 1
            node = nodes.count - 1
        }
        last = (path, nodes.count - 1)
        return nodes.count - 1
    }
}
