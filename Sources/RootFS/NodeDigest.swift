/// A node without its bytes: enough to tell whether something else has changed it since.
public struct NodeDigest: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        case absent, file, symlink, directory
    }

    public let kind: Kind
    /// SHA-256 of a file's contents or a link's target; empty otherwise.
    public let sha256: [UInt8]
    public let mode: UInt16
    public let owner: UInt32
    public let group: UInt32

    public init(kind: Kind, sha256: [UInt8], mode: UInt16, owner: UInt32, group: UInt32) {
        self.kind = kind
        self.sha256 = sha256
        self.mode = mode
        self.owner = owner
        self.group = group
    }
}
