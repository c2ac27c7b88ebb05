import RootFS

/// Where new entries get their owner and mode from: the directory that they are put in.
enum NewNodes {
    /// Steps that make `directory` and what is missing above it, each with the owner and mode of its parent.
    ///
    /// Below `/` itself, whose mode may be anything (a temporary directory's 0700, Fedora's 0555), it is 0755.
    static func directories(to directory: RootPath, in root: Snapshot, store: String) throws(PlanError) -> [Step] {
        var missing: [RootPath] = []
        var above = try root.resolve(directory)
        while try root.entry(at: above) == nil, let parent = above.parent {
            missing.append(above)
            above = parent
        }
        guard !missing.isEmpty else { return [] }
        guard var attributes = try root.entry(at: above)?.attributes else { throw .notCaptured(above) }
        attributes.modified = nil
        attributes.extended = []
        if above == .root { attributes.mode = 0o755 }
        return missing.reversed().map {
            let change = Change(path: $0, before: .absent, after: .directory(attributes))
            return Step(change, store: store, purpose: "directory for trust anchors")
        }
    }

    /// The attributes of a new file in `directory`, as its owner would get them by writing there.
    static func file(in directory: RootPath, of root: Snapshot, mode: UInt16 = 0o644) throws(PlanError) -> Attributes {
        guard let parent = try root.entry(at: root.resolve(directory))?.attributes else {
            throw .notCaptured(directory)
        }
        let setGroupID: UInt16 = 0o2000
        let group = parent.mode & setGroupID != 0 || parent.owner != 0 ? parent.group : 0
        return Attributes(mode: mode, owner: parent.owner, group: group)
    }

    /// A link's attributes: links have no mode.
    static func link(in directory: RootPath, of root: Snapshot) throws(PlanError) -> Attributes {
        try file(in: directory, of: root, mode: 0o777)
    }
}

extension Snapshot {
    /// The change that makes the regular file at `path` (a physical one) hold `bytes`; nil where it does already.
    ///
    /// A file that is there keeps its owner, mode and extended attributes.
    func change(_ path: RootPath, to bytes: [UInt8], mode: UInt16 = 0o644) throws(PlanError) -> Change? {
        let before = try node(at: path)
        switch before {
        case .file(let old, let attributes):
            if old.isIdentical(to: bytes) { return nil }
            return Change(path: path, before: before, after: .file(contents: bytes, attributes.rewritten))
        default:
            let attributes = try NewNodes.file(in: path.parent ?? .root, of: self, mode: mode)
            return Change(path: path, before: before, after: .file(contents: bytes, attributes))
        }
    }

    /// The change that makes `path` a link to `target`; nil where it is one already.
    func change(_ path: RootPath, toLink target: [UInt8]) throws(PlanError) -> Change? {
        if case .symlink(to: target)? = try entry(at: path)?.kind { return nil }
        let attributes = try NewNodes.link(in: path.parent ?? .root, of: self)
        return Change(path: path, before: try node(at: path), after: .symlink(to: target, attributes))
    }

    /// The change that takes away the file or link at `path`.
    func removal(of path: RootPath) throws(PlanError) -> Change {
        Change(path: path, before: try node(at: path), after: .absent)
    }
}
