@testable import TrustStores

/// `os-release`: what a root says of itself.
enum OSReleaseFuzzing {
    static func check(_ input: [UInt8]) throws(Violation) {
        let identifiers = OSRelease(input).identifiers
        // A byte that isn't UTF-8 becomes a replacement character of three.
        try require(
            identifiers.reduce(0) { $0 + $1.utf8.count } <= 3 * input.count, "words are no larger than the file")
        for identifier in identifiers {
            try require(!identifier.isEmpty && !identifier.utf8.contains(0x20), "a word is one word")
        }
        let overridden = OSRelease(input + Array("\nID=last\nID_LIKE='one  two'\n".utf8)).identifiers
        try require(overridden == ["last", "one", "two"], "the last line of a name counts")
    }
}
