/// Changes to a JSON document that leave every other byte as it is. Adding and then removing gives the first bytes again.
public struct JSONEdit: Sendable {
    private let document: JSONDocument
    private var replacements: [(range: Range<Int>, text: [UInt8])] = []

    /// No change to `document`, yet.
    public init(_ document: JSONDocument) { self.document = document }

    /// Puts other text, itself JSON, in a value's place.
    public mutating func replace(_ value: JSONValue, with text: String) {
        replacements.append((value.range, Array(text.utf8)))
    }

    /// Adds an element, given as JSON, at the end of an array.
    public mutating func append(_ text: String, to array: JSONValue) {
        insert(text, after: array.elements.last, in: array)
    }

    /// Adds members, with values given as JSON, at the end of an object.
    public mutating func append(_ members: [(name: String, text: String)], to object: JSONValue) {
        let text = members.map { "\(Self.quoted($0.name)):\($0.text)" }.joined(separator: ",")
        guard !members.isEmpty else { return }
        insert(text, after: object.members.last?.value, in: object)
    }

    private mutating func insert(_ text: String, after last: JSONValue?, in container: JSONValue) {
        let offset = last?.range.upperBound ?? container.range.lowerBound + 1
        replacements.append((offset..<offset, Array(((last == nil ? "" : ",") + text).utf8)))
    }

    /// Takes elements out of an array.
    public mutating func remove(elements unwanted: Set<Int>, from array: JSONValue) {
        remove(unwanted, of: array.elements.map(\.range))
    }

    /// Takes members out of an object, where it has them.
    public mutating func remove(members unwanted: Set<String>, from object: JSONValue) {
        let members = object.members
        remove(
            Set(members.indices.filter { unwanted.contains(members[$0].name) }),
            of: members.map { $0.start..<$0.value.range.upperBound })
    }

    /// What follows something that stays goes with the comma before it; what stands before that, with the one after it.
    private mutating func remove(_ unwanted: Set<Int>, of ranges: [Range<Int>]) {
        let firstKept = ranges.indices.first { !unwanted.contains($0) }
        for index in unwanted.sorted() {
            if let firstKept, index < firstKept {
                replacements.append((ranges[index].lowerBound..<ranges[index + 1].lowerBound, []))
            } else {
                let start = index == 0 ? ranges[index].lowerBound : ranges[index - 1].upperBound
                replacements.append((start..<ranges[index].upperBound, []))
            }
        }
    }

    /// The document with the changes made.
    public var result: [UInt8] {
        var result: [UInt8] = []
        var offset = 0
        // Two at one place stay in the order in which they were asked for.
        let ordered = replacements.enumerated().sorted {
            ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
        }
        for (_, (range, text)) in ordered where range.lowerBound >= offset {
            result += document.bytes[offset..<range.lowerBound] + text
            offset = range.upperBound
        }
        return result + document.bytes[offset...]
    }

    /// Text as a JSON string.
    public static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case ..<" ":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// An object of strings as JSON, its names sorted.
    public static func object(_ strings: [String: String]) -> String {
        let members = strings.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
        return "{" + members.joined(separator: ",") + "}"
    }
}
