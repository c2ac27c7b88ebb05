/// One entry of a root, before and after: enough to show, to check for a conflict, to make and to take back.
public struct Change: Hashable, Sendable {
    /// The physical path of the entry.
    public let path: RootPath
    public let before: Node
    public let after: Node

    public init(path: RootPath, before: Node, after: Node) {
        self.path = path
        self.before = before
        self.after = after
    }

    /// The change that takes this one back.
    public var inverse: Change { Change(path: path, before: after, after: before) }
}

/// A change with the store that asks for it and, for people, why.
public struct Step: Hashable, Sendable {
    public let change: Change
    public let store: String
    public let purpose: String

    public init(_ change: Change, store: String, purpose: String) {
        self.change = change
        self.store = store
        self.purpose = purpose
    }
}
