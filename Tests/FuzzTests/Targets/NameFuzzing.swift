@testable import Journal
@testable import RootFS
@testable import TrustAnchors
@testable import TrustStores

/// Short texts: paths, fingerprints, and the names of files that mean something.
enum NameFuzzing {
    static func check(_ input: [UInt8]) throws(Violation) {
        let shown = printable(input)
        try require(shown.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "what is printed is one line")
        try require(printable(shown) == shown, "what is safe to print stays as it is")
        try checkPath(input)

        if let fingerprint = Fingerprint(String(decoding: input, as: UTF8.self)) {
            try require(Fingerprint(fingerprint.description) == fingerprint, "a fingerprint is read as it is printed")
        }
        if let name = RecordName(input) { try require(name.bytes == input, "a record's name has one form only") }
        if let run = StagedName.run(in: input) {
            try require(RunID.isValid(run.utf8), "a staged file's name carries the ID of a run")
            try require(StagedName.run(in: StagedName.make(run: run, index: 7)) == run, "and is read as it is made")
        }
        if let link = HashLink(input) { try require(HashLink(link.name) == link, "a hash link is read as it is named") }
    }

    private static func checkPath(_ input: [UInt8]) throws(Violation) {
        guard let path = RootPath(bytes: input) else {
            try require(input.contains(0), "only a NUL keeps bytes from being a path")
            return
        }
        try require(RootPath(bytes: path.bytes)?.bytes == path.bytes, "a path that was read is in its normal form")
        try require(path.bytes.first == 0x2F, "a path begins at the root")
        try require(path == .root || path.bytes.last != 0x2F, "a path doesn't end with a slash")
        let special: [[UInt8]] = [[], Array(".".utf8), Array("..".utf8)]
        let joined = path.bytes.split(separator: 0x2F, omittingEmptySubsequences: false).dropFirst().map(Array.init)
        try require(path == .root || !joined.contains(where: special.contains), "a path has no empty or dotted parts")
        try require(path.isInside(.root) && path.isInside(path), "a path is inside itself")
    }
}
