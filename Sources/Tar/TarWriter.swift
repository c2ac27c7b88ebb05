internal import RootFS

/// Writes tar archives: ustar, with pax headers where a name, a number or a time needs one. The same members make the same
/// bytes.
public struct TarWriter {
    private var archive: [UInt8] = []

    /// An archive without members.
    public init() {}

    /// The archive of these members, in their order.
    public static func archive(of entries: [TarEntry]) -> [UInt8] {
        var writer = TarWriter()
        for entry in entries { writer.append(entry) }
        return writer.finished()
    }

    /// Adds a member; `TarEntry.Kind.other` is left out.
    public mutating func append(_ entry: TarEntry) {
        let type: UInt8
        var (body, link): ([UInt8], [UInt8]) = ([], [])
        switch entry.kind {
        case .file(let contents): (type, body) = (UInt8(ascii: "0"), contents)
        case .hardLink(let target): (type, link) = (UInt8(ascii: "1"), target)
        case .symlink(let target): (type, link) = (UInt8(ascii: "2"), target)
        case .directory: type = UInt8(ascii: "5")
        case .other: return
        }
        let records = Self.records(for: entry, link: link, size: body.count)
        if !records.isEmpty {
            let plain = Attributes(mode: 0o644)
            header(Array("pax".utf8), [], UInt8(ascii: "x"), size: records.count, plain)
            append(body: records)
        }
        header(entry.name, link, type, size: body.count, entry.attributes)
        append(body: body)
    }

    /// The archive, with its end.
    public func finished() -> [UInt8] { archive + [UInt8](repeating: 0, count: 2 * TarBlock.size) }

    // MARK: Parts

    private mutating func append(body: [UInt8]) {
        archive += body
        let filling = (TarBlock.size - body.count % TarBlock.size) % TarBlock.size
        archive += [UInt8](repeating: 0, count: filling)
    }

    /// The pax records for what doesn't fit into the header.
    private static func records(for entry: TarEntry, link: [UInt8], size: Int) -> [UInt8] {
        var records: [UInt8] = []
        func add(_ key: String, _ value: some Collection<UInt8>) {
            let rest = " \(key)=".utf8.count + value.count + 1
            var length = rest + 1
            // The length counts its own digits.
            while length != rest + String(length).utf8.count { length = rest + String(length).utf8.count }
            records += Array("\(length) \(key)=".utf8) + value + [UInt8(ascii: "\n")]
        }
        let attributes = entry.attributes
        if entry.name.count > 100 { add("path", entry.name) }
        if link.count > 100 { add("linkpath", link) }
        if size >= 1 << 33 { add("size", "\(size)".utf8) }
        if attributes.owner >= 1 << 21 { add("uid", "\(attributes.owner)".utf8) }
        if attributes.group >= 1 << 21 { add("gid", "\(attributes.group)".utf8) }
        if let time = attributes.modified, time.nanoseconds > 0 || time.seconds < 0 || time.seconds >= 1 << 33 {
            let digits = String(time.nanoseconds)
            let fraction = String(repeating: "0", count: max(0, 9 - digits.utf8.count)) + digits
            add("mtime", (time.nanoseconds > 0 ? "\(time.seconds).\(fraction)" : "\(time.seconds)").utf8)
        }
        for attribute in attributes.extended { add("SCHILY.xattr.\(attribute.name)", attribute.value) }
        return records
    }

    private mutating func header(
        _ name: [UInt8], _ link: [UInt8], _ type: UInt8, size: Int, _ attributes: Attributes
    ) {
        var block = [UInt8](repeating: 0, count: TarBlock.size)
        func put(_ bytes: some Collection<UInt8>, at offset: Int, limit: Int) {
            for (index, byte) in bytes.prefix(limit).enumerated() { block[offset + index] = byte }
        }
        func put(_ number: Int64, at offset: Int, digits: Int) {
            let text = String(max(0, number), radix: 8)
            // What doesn't fit has a pax record, and readers that know none see the largest that does.
            let shown = text.utf8.count > digits ? String(repeating: "7", count: digits) : text
            put(
                String(repeating: "0", count: digits - shown.utf8.count).utf8 + Array(shown.utf8), at: offset,
                limit: digits)
        }
        put(name, at: 0, limit: 100)
        put(Int64(attributes.mode), at: 100, digits: 7)
        put(Int64(attributes.owner), at: 108, digits: 7)
        put(Int64(attributes.group), at: 116, digits: 7)
        put(Int64(size), at: 124, digits: 11)
        put(attributes.modified?.seconds ?? 0, at: 136, digits: 11)
        block[156] = type
        put(link, at: 157, limit: 100)
        put("ustar\u{0}00".utf8, at: 257, limit: 8)
        put("        ".utf8, at: 148, limit: 8)
        put(Int64(block.reduce(0) { $0 + Int($1) }), at: 148, digits: 6)
        block[154] = 0
        block[155] = 0x20
        archive += block
    }
}
