/// A JSON document (RFC 8259) in which every value knows its place, so that some can be changed and every other byte kept.
///
/// It may be hostile: its size, its depth and the number of its values are bounded, and an object that has a name twice
/// is refused, since two readers could see two documents.
public struct JSONDocument: Sendable {
    /// How deeply values may be nested.
    public static let depthLimit = 32
    /// How many values there may be.
    public static let valueLimit = 200_000
    /// How large a manifest may be, in bytes; registries and other tools refuse more too.
    public static let sizeLimit = 4 * 1024 * 1024

    /// The document as it was given.
    public let bytes: [UInt8]
    /// Its value.
    public let root: JSONValue

    /// Reads a document of up to `limit` bytes.
    public init(_ bytes: [UInt8], limit: Int = sizeLimit) throws(JSONError) {
        guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        var scanner = JSONScanner(bytes)
        root = try scanner.document()
        self.bytes = bytes
    }
}

/// Why a document can't be read.
public enum JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    case tooLarge(limit: Int)
    case tooDeep
    case tooManyValues
    /// An object has a name twice.
    case repeatedName(at: Int)
    /// Something that isn't JSON, at this byte.
    case syntax(at: Int)

    /// What is wrong, as part of a sentence.
    public var description: String {
        switch self {
        case .tooLarge(let limit): "it is larger than \(limit >> 20) MiB"
        case .tooDeep: "its values are nested more than \(JSONDocument.depthLimit) deep"
        case .tooManyValues: "it has more than \(JSONDocument.valueLimit) values"
        case .repeatedName(let offset): "a name stands twice in one object, at byte \(offset)"
        case .syntax(let offset): "it isn't JSON, from byte \(offset) on"
        }
    }
}
