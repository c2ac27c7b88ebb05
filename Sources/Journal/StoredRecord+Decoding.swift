internal import Caisson
internal import Crypto
internal import RootFS

extension StoredRecord {
    /// The record that the bytes of its file hold.
    init(decoding bytes: [UInt8]) throws(CorruptRecord) {
        let table = try RecordTable(decoding: bytes)
        var contents = RecordReader(bytes.dropFirst(try RecordTable.end(in: bytes)))
        var entries: [Entry] = []
        for entry in table.entries {
            entries.append(
                Entry(path: entry.path, before: try contents.node(entry.before), after: entry.after))
        }
        guard contents.rest.isEmpty else { throw CorruptRecord("it is longer than it should be") }
        self.init(run: table.run, place: table.place, directories: table.directories, entries: entries)
    }
}

extension RecordReader {
    /// The node of an outline, with the bytes that are next.
    fileprivate mutating func node(_ outline: RecordTable.Outline) throws(CorruptRecord) -> Node {
        switch outline {
        case .other(let node): return node
        case .file(let size, let sha256, let attributes):
            let bytes = try take(size)
            guard sha256.elementsEqual(SHA256.hash(data: bytes)) else { throw CorruptRecord("its checksum is wrong") }
            return .file(contents: Array(bytes), attributes)
        }
    }
}

/// Why a record cannot be read.
struct CorruptRecord: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
