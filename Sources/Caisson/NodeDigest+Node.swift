import Crypto
public import RootFS

extension NodeDigest {
    /// The digest of a node.
    public init(of node: Node) {
        switch node {
        case .absent: self.init(kind: .absent, sha256: [], mode: 0, owner: 0, group: 0)
        case .file(let contents, let attributes): self.init(.file, contents, attributes, mode: attributes.mode)
        case .symlink(let target, let attributes): self.init(.symlink, target, attributes, mode: 0)
        case .directory(let attributes):
            self.init(
                kind: .directory, sha256: [], mode: attributes.mode, owner: attributes.owner, group: attributes.group)
        }
    }

    private init(_ kind: Kind, _ bytes: [UInt8], _ attributes: Attributes, mode: UInt16) {
        self.init(
            kind: kind, sha256: Array(SHA256.hash(data: bytes)), mode: mode, owner: attributes.owner,
            group: attributes.group)
    }
}
