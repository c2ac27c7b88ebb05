internal import Caisson
internal import Crypto
internal import RootFS

/// A record without the contents of files: what is read to list records, which is quick however large the files were.
struct RecordTable: Hashable, Sendable {
    let run: Run
    let place: String
    let directories: [StoredRecord.DirectoryTime]
    let entries: [Entry]

    struct Entry: Hashable, Sendable {
        let path: RootPath
        let before: Outline
        let after: NodeDigest
    }

    /// A node whose contents are elsewhere in the record's file.
    enum Outline: Hashable, Sendable {
        case file(size: Int, sha256: [UInt8], Attributes)
        /// Any other node: it has no contents.
        case other(Node)

        var digest: NodeDigest {
            switch self {
            case .file(_, let sha256, let attributes):
                NodeDigest(
                    kind: .file, sha256: sha256, mode: attributes.mode, owner: attributes.owner,
                    group: attributes.group)
            case .other(let node): NodeDigest(of: node)
            }
        }
    }

    /// More than a table ever holds.
    private static let sizeLimit = 256 * 1024 * 1024
    private static let lengthSize = MemoryLayout<UInt64>.size

    /// How many bytes of a record's file the table takes, with what stands before it and its checksum; `start` is the
    /// beginning of that file, at least `StoredRecord.header.count + 8` bytes.
    static func end(in start: [UInt8]) throws(CorruptRecord) -> Int {
        guard start.starts(with: StoredRecord.header) else { throw CorruptRecord("it isn't a record of version 1") }
        var reader = RecordReader(start.dropFirst(StoredRecord.header.count))
        let size = try reader.count(UInt64.self)
        guard size <= sizeLimit else { throw CorruptRecord("it is cut off") }
        return StoredRecord.header.count + lengthSize + size + SHA256.byteCount
    }

    /// The table in the bytes of a record's file, which may go on after it.
    init(decoding file: [UInt8]) throws(CorruptRecord) {
        let end = try Self.end(in: file)
        guard end <= file.count else { throw CorruptRecord("it is cut off") }
        let signed = file[..<(end - SHA256.byteCount)]
        guard file[signed.endIndex..<end].elementsEqual(SHA256.hash(data: signed)) else {
            throw CorruptRecord("its checksum is wrong")
        }
        var reader = RecordReader(signed.dropFirst(StoredRecord.header.count + Self.lengthSize))
        run = try reader.run()
        place = try reader.text()
        directories = try reader.list { reader throws(CorruptRecord) in
            StoredRecord.DirectoryTime(path: try reader.path(), modified: try reader.time())
        }
        entries = try reader.list { reader throws(CorruptRecord) in
            Entry(path: try reader.path(), before: try reader.outline(), after: try reader.digest())
        }
        guard reader.rest.isEmpty else { throw CorruptRecord("it is longer than it should be") }
    }
}

extension Record {
    /// The record that a table tells of.
    init(_ table: RecordTable, state: State) {
        let entries = table.entries.map { Entry(path: $0.path, before: $0.before.digest, after: $0.after) }
        self.init(run: table.run, place: table.place, state: state, entries: entries)
    }
}
