/// A value in a JSON document, with the place that it has there.
public struct JSONValue: Hashable, Sendable {
    /// What a value is.
    public enum Kind: Hashable, Sendable {
        case object([Member])
        case array([JSONValue])
        case string(String)
        /// A number; nil where it isn't a whole one that fits.
        case number(Int?)
        case bool(Bool)
        case null
    }

    /// A name and value of an object.
    public struct Member: Hashable, Sendable {
        /// The name, unescaped.
        public let name: String
        /// Where the name begins: its quotation mark.
        public let start: Int
        /// The value.
        public let value: JSONValue
    }

    /// What it is.
    public let kind: Kind
    /// Its bytes in the document.
    public let range: Range<Int>

    /// The member of an object; nil where there is none, or this is no object.
    public subscript(name: String) -> JSONValue? { members.first { $0.name == name }?.value }

    /// An object's members in their order; none for anything else.
    public var members: [Member] {
        guard case .object(let members) = kind else { return [] }
        return members
    }

    /// An array's elements; none for anything else.
    public var elements: [JSONValue] {
        guard case .array(let elements) = kind else { return [] }
        return elements
    }

    /// A string, unescaped; nil for anything else.
    public var string: String? {
        guard case .string(let text) = kind else { return nil }
        return text
    }

    /// A whole number; nil for anything else.
    public var integer: Int? {
        guard case .number(let number) = kind else { return nil }
        return number
    }

    /// An object's strings by name.
    public var strings: [String: String] {
        members.reduce(into: [:]) { strings, member in
            if let text = member.value.string { strings[member.name] = text }
        }
    }
}
