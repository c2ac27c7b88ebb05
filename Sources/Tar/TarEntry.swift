public import RootFS

/// One member of a tar archive.
public struct TarEntry: Hashable, Sendable {
    /// What it is.
    public enum Kind: Hashable, Sendable {
        case file([UInt8])
        case directory
        case symlink(to: [UInt8])
        /// Another name of an earlier member.
        case hardLink(to: [UInt8])
        /// A device, a FIFO, or what isn't known.
        case other
    }

    /// As the archive has it: usually relative, a directory's with a slash at its end or without.
    public var name: [UInt8]
    /// What it is, with its contents.
    public var kind: Kind
    /// Owner, mode, time and, from `SCHILY.xattr` records, extended attributes.
    public var attributes: Attributes

    /// A member by its parts.
    public init(name: [UInt8], kind: Kind, attributes: Attributes) {
        self.name = name
        self.kind = kind
        self.attributes = attributes
    }
}

/// Why an archive can't be read.
public enum TarError: Error, Hashable, Sendable {
    /// It ends in the middle of a member.
    case truncated
    /// A header's checksum or a number in it is wrong.
    case badHeader
    /// An extended header isn't as POSIX says.
    case badExtendedHeader
    /// More than this many members.
    case tooManyEntries(Int)
    /// A file that is stored without its holes, which isn't supported.
    case sparse
    /// The archive's bytes can't be had.
    case source(ByteSourceError)
}
