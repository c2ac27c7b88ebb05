internal import Caisson
internal import Crypto
internal import RootFS

extension StoredRecord {
    /// The record that the bytes of its file hold.
    init(decoding bytes: [UInt8]) throws(CorruptRecord) {
        var file = RecordReader(bytes[...])
        guard bytes.starts(with: Self.header) else { throw CorruptRecord("it isn't a record of version 1") }
        _ = try file.take(Self.header.count)
        var table = RecordReader(try file.take(try file.count(UInt64.self)))
        let signed = bytes[..<table.rest.endIndex]
        guard try file.take(SHA256.byteCount).elementsEqual(SHA256.hash(data: signed)) else {
            throw CorruptRecord("its checksum is wrong")
        }
        run = try table.run()
        place = try table.text()
        directories = try table.list { reader throws(CorruptRecord) in
            DirectoryTime(path: try reader.path(), modified: try reader.time())
        }
        entries = try table.list { reader throws(CorruptRecord) in
            let path = try reader.path()
            let before = try reader.node(contentsFrom: &file)
            return Record.Entry(path: path, before: before, after: try reader.digest())
        }
        guard table.rest.isEmpty, file.rest.isEmpty else { throw CorruptRecord("it is longer than it should be") }
    }
}

/// Why a record cannot be read.
struct CorruptRecord: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
