public import RootFS

/// What a header says of a member of an archive.
public struct TarHeader: Hashable, Sendable {
    /// What a member is.
    public enum Kind: Hashable, Sendable {
        /// A file with its size in bytes.
        case file(size: Int)
        case directory
        case symlink(to: [UInt8])
        /// Another name of an earlier member.
        case hardLink(to: [UInt8])
        case fifo
        /// A device, or what isn't known.
        case other
    }

    /// As the archive has it.
    public let name: [UInt8]
    /// What it is.
    public let kind: Kind
    /// Owner, mode, time and extended attributes.
    public let attributes: Attributes
}

extension TarHeader {
    /// What a member's own header says with those before it; `size` is that of its contents in bytes.
    init(_ block: TarBlock, _ extended: ExtendedHeader, size: Int) {
        let name = extended.name ?? block.name
        let link = extended.link ?? block.link
        let kind: Kind =
            switch block.type {
            // Archives from before ustar mark a directory by its name alone.
            case 0, UInt8(ascii: "0"), UInt8(ascii: "7"):
                name.last == UInt8(ascii: "/") ? .directory : .file(size: size)
            case UInt8(ascii: "1"): .hardLink(to: link)
            case UInt8(ascii: "2"): .symlink(to: link)
            case UInt8(ascii: "5"): .directory
            case UInt8(ascii: "6"): .fifo
            default: .other
            }
        self.name = name
        self.kind = extended.isSparse ? .other : kind
        attributes = Attributes(
            mode: block.mode, owner: extended.owner ?? block.owner, group: extended.group ?? block.group,
            modified: extended.modified ?? Timestamp(seconds: block.modified),
            extended: extended.attributes.sorted { $0.name < $1.name })
    }
}
