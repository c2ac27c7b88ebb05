/// What a directory listing tells of a path, before anything is read.
public struct Entry: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// A regular file with its size in bytes and the number of names it has.
        case file(size: Int, links: Int)
        case directory
        case symlink(to: [UInt8])
        /// A FIFO, socket or device: never opened.
        case special(Special)
    }

    public enum Special: String, Hashable, Sendable {
        case fifo = "a FIFO"
        case socket = "a socket"
        case device = "a device"
    }

    public var kind: Kind
    public var attributes: Attributes

    public init(kind: Kind, attributes: Attributes) {
        self.kind = kind
        self.attributes = attributes
    }
}
