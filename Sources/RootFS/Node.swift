/// What stands at a path: the whole of it, so that a node can be put back exactly.
public enum Node: Hashable, Sendable {
    case absent
    case file(contents: [UInt8], Attributes)
    /// A symbolic link with the bytes of its target; links have no mode of their own on Linux.
    case symlink(to: [UInt8], Attributes)
    case directory(Attributes)

    /// Whether both are of one type, with the same bytes, owner and mode.
    ///
    /// Times and extended attributes are left out: a distribution's tool rewrites files without changing them, and that
    /// is no conflict.
    public func matches(_ other: Node) -> Bool {
        switch (self, other) {
        case (.absent, .absent): true
        case (.file(let left, let a), .file(let right, let b)): a.agrees(with: b) && left == right
        case (.symlink(let left, let a), .symlink(let right, let b)):
            a.owner == b.owner && a.group == b.group && left == right
        case (.directory(let a), .directory(let b)): a.agrees(with: b)
        default: false
        }
    }
}

extension Attributes {
    fileprivate func agrees(with other: Attributes) -> Bool {
        mode == other.mode && owner == other.owner && group == other.group
    }
}
