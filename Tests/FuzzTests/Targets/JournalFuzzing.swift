@testable import Journal

/// A record of the journal, as it is and as a table under a checksum that is right.
enum JournalFuzzing {
    static func check(_ input: [UInt8]) throws(Violation) {
        try check(file: input)
        try check(file: StoredRecord.file(table: input, contents: []))
        // What the contents of a file were comes first, after how many bytes they are.
        guard let size = input.first else { return }
        let rest = input.dropFirst()
        try check(
            file: StoredRecord.file(table: Array(rest.dropFirst(Int(size))), contents: [Array(rest.prefix(Int(size)))]))
    }

    private static func check(file: [UInt8]) throws(Violation) {
        guard let record = try? StoredRecord(decoding: file) else { return }
        try require(record.encoded() == file, "a record has one form only")
    }
}
