/// A name in a directory, hashed and compared at once and not byte by byte.
struct EntryName: Hashable, Sendable {
    let bytes: [UInt8]

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

    static func == (left: EntryName, right: EntryName) -> Bool {
        left.bytes.count == right.bytes.count
            && left.bytes.withUnsafeBytes { a in right.bytes.withUnsafeBytes { a.elementsEqual($0) } }
    }

    func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
}
