internal import Caisson
internal import Crypto
internal import RootFS

/// A record's file, version 1: the line `caisson record 1`, the length of a table (8 bytes), the table, the SHA-256 of
/// all that, and then the contents of the files as they were, one after the other.
///
/// The table holds the size and the SHA-256 of each of those, so it can be read and trusted without them. Numbers are
/// big-endian; a text, a path or a value is its length (4 bytes) and its bytes; a list is its count (4 bytes) and its
/// members.
extension StoredRecord {
    static let header = Array("caisson record 1\n".utf8)

    func encoded() -> [UInt8] {
        var table = RecordWriter()
        table.write(run)
        table.write(place)
        table.write(directories) { writer, directory in
            writer.write(directory.path.bytes)
            writer.write(directory.modified)
        }
        table.write(entries) { writer, entry in
            writer.write(entry.path.bytes)
            writer.write(entry.before)
            writer.write(entry.after)
        }
        return Self.file(
            table: table.bytes,
            contents: entries.compactMap { entry in
                if case .file(let contents, _) = entry.before { contents } else { nil }
            })
    }

    static func file(table: [UInt8], contents: [[UInt8]]) -> [UInt8] {
        var file = RecordWriter(bytes: header)
        file.write(UInt64(table.count))
        file.bytes += table
        file.bytes += Array(SHA256.hash(data: file.bytes))
        for bytes in contents { file.bytes += bytes }
        return file.bytes
    }
}
