/// A point in time as file systems keep it, in seconds and nanoseconds since 1970-01-01 UTC.
public struct Timestamp: Hashable, Sendable {
    public var seconds: Int64
    public var nanoseconds: UInt32

    public init(seconds: Int64, nanoseconds: UInt32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }
}

/// One extended attribute, such as `security.selinux`.
public struct ExtendedAttribute: Hashable, Sendable {
    public var name: String
    public var value: [UInt8]

    public init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }
}

/// What a file system keeps of an entry beside its contents.
public struct Attributes: Hashable, Sendable {
    /// Permission, set-ID and sticky bits (`07777`).
    public var mode: UInt16
    public var owner: UInt32
    public var group: UInt32
    /// When the contents last changed; nil in a plan means the moment of the commit.
    public var modified: Timestamp?
    /// Sorted by name.
    public var extended: [ExtendedAttribute]

    public init(
        mode: UInt16, owner: UInt32 = 0, group: UInt32 = 0, modified: Timestamp? = nil,
        extended: [ExtendedAttribute] = []
    ) {
        self.mode = mode
        self.owner = owner
        self.group = group
        self.modified = modified
        self.extended = extended
    }

    /// The same owner, mode and extended attributes for contents that are yet to be written.
    public var rewritten: Attributes {
        var copy = self
        copy.modified = nil
        return copy
    }
}
