/// Bytes as a key, such as a name in a directory: they are hashed and compared at once, where an array's are taken one by
/// one.
package struct ByteKey: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

    package static func == (left: ByteKey, right: ByteKey) -> Bool { left.bytes.isIdentical(to: right.bytes) }

    package func hash(into hasher: inout Hasher) { bytes.hashAtOnce(into: &hasher) }
}
