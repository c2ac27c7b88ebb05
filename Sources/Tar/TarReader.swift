internal import RootFS

/// Reads tar archives: ustar and pax (POSIX.1-2017, pax, "ustar Interchange Format" and "pax Extended Header"), with the
/// long names and large numbers of GNU tar. The archive may be hostile: it must only not be larger than the memory.
public struct TarReader {
    private var rest: ArraySlice<UInt8>
    private let entryLimit: Int
    private var count = 0
    private var extended = ExtendedHeader()

    /// A reader of a whole archive, which refuses more than `entryLimit` members.
    public init(_ archive: [UInt8], entryLimit: Int = 200_000) {
        rest = archive[...]
        self.entryLimit = entryLimit
    }

    /// All members of an archive, in its order.
    public static func entries(of archive: [UInt8], entryLimit: Int = 200_000) throws(TarError) -> [TarEntry] {
        var reader = TarReader(archive, entryLimit: entryLimit)
        var entries: [TarEntry] = []
        while let entry = try reader.next() { entries.append(entry) }
        return entries
    }

    /// The next member; nil at the end, which is two blocks of zeros or, as many writers have it, that of the bytes.
    public mutating func next() throws(TarError) -> TarEntry? {
        while !rest.isEmpty {
            guard rest.count >= TarBlock.size else { throw .truncated }
            let block = rest.prefix(TarBlock.size)
            if block.allSatisfy({ $0 == 0 }) { return nil }
            let header = try TarBlock(block)
            rest = rest.dropFirst(TarBlock.size)
            count += 1
            guard count <= entryLimit else { throw .tooManyEntries(entryLimit) }
            // What an extended header says of the size is about the member after it.
            let isExtension = "xgLK".utf8.contains(header.type)
            let body = try take(isExtension ? header.size : extended.size ?? header.size, type: header.type)
            switch header.type {
            case UInt8(ascii: "x"): try extended.read(body)
            case UInt8(ascii: "g"): continue
            case UInt8(ascii: "L"): extended.name = Array(body.prefix { $0 != 0 })
            case UInt8(ascii: "K"): extended.link = Array(body.prefix { $0 != 0 })
            case UInt8(ascii: "S"): throw .sparse
            default:
                guard !extended.isSparse else { throw .sparse }
                let entry = entry(header, body)
                extended = ExtendedHeader()
                return entry
            }
        }
        return nil
    }

    /// The bytes of a member, without what fills its last block. Links and directories have none, whatever they say.
    private mutating func take(_ size: Int, type: UInt8) throws(TarError) -> ArraySlice<UInt8> {
        guard !"123456".utf8.contains(type) else { return [] }
        guard size <= rest.count else { throw .truncated }
        let body = rest.prefix(size)
        let filling = (TarBlock.size - size % TarBlock.size) % TarBlock.size
        rest = rest.dropFirst(size).dropFirst(filling)
        return body
    }

    private func entry(_ block: TarBlock, _ body: ArraySlice<UInt8>) -> TarEntry {
        let header = TarHeader(block, extended, size: body.count)
        let kind: TarEntry.Kind =
            switch header.kind {
            case .file: .file(Array(body))
            case .directory: .directory
            case .symlink(let target): .symlink(to: target)
            case .hardLink(let target): .hardLink(to: target)
            case .fifo, .other: .other
            }
        return TarEntry(name: header.name, kind: kind, attributes: header.attributes)
    }
}
