#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Terminal {
    /// Writes a result as JSON: keys sorted, two spaces of indentation, so that it can be compared as text.
    static func print(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(bytes: Array(try encoder.encode(value)) + [UInt8(ascii: "\n")])
    }
}
