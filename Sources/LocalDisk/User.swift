internal import Glibc

/// Who the process acts as.
public struct User: Hashable, Sendable {
    /// The user ID; 0 for root.
    public let id: UInt32
    /// The group ID.
    public let group: UInt32

    /// A user with one group.
    public init(id: UInt32, group: UInt32) {
        self.id = id
        self.group = group
    }

    /// The effective user and group of this process.
    public static var current: User { User(id: geteuid(), group: getegid()) }

    /// Whether nothing is forbidden to this user.
    public var isRoot: Bool { id == 0 }
}
