import RootFS

@testable import TrustStores

/// A directory as `openssl rehash` meets it. A line is `NAME>TARGET` for a link, or `NAME=` and a byte for a file: its low
/// bits are the hash, its high ones the contents.
enum HashDirectoryFuzzing {
    /// What a link leads to, by name; nil for a file.
    private typealias Directory = [[UInt8]: [UInt8]?]

    static func check(_ input: [UInt8]) throws(Violation) {
        var directory: Directory = [:]
        var contents: [[UInt8]: UInt8] = [:]
        for line in input.split(separator: 0x0A).prefix(400) {
            guard let mark = line.firstIndex(where: { $0 == 0x3E || $0 == 0x3D }), mark > line.startIndex else {
                continue
            }
            let name = Array(line[..<mark])
            let rest = Array(line[(mark + 1)...])
            guard directory[name] == nil, !name.contains(0x2F) else { continue }
            directory.updateValue(line[mark] == 0x3E ? rest : nil, forKey: name)
            if line[mark] == 0x3D { contents[name] = rest.first ?? 0 }
        }
        func rehash(_ directory: Directory) -> HashDirectory.Result {
            let items = directory.map { name, target in
                HashDirectory.Item(name: name, kind: target.map { .link(target: $0) } ?? .file)
            }
            return HashDirectory.rehash(items) { name in
                contents[directory[name].flatMap { $0 } ?? name].map {
                    .init(isRevocationList: $0 & 4 != 0, hash: UInt32($0 & 3), der: [$0])
                }
            }
        }
        // One run takes away one of the links that lead to the same name.
        var before: Directory
        var runs = 0
        repeat {
            before = directory
            let result = rehash(directory)
            try check(result)
            directory = applied(result, to: directory)
            runs += 1
        } while directory != before && runs < 20
        try require(directory == before || directory.count > 10, "after some runs nothing changes")
    }

    private static func check(_ result: HashDirectory.Result) throws(Violation) {
        let created = result.created.map(\.name)
        try require(Set(created).count == created.count, "a link is made once")
        try require(Set(created).isDisjoint(with: result.removed), "what is made isn't removed")
        for name in created { try require(HashLink(name)?.name == name, "a link has the form of one") }
        for name in result.removed { try require(HashLink(name) != nil, "only links by hash are removed") }
    }

    private static func applied(_ result: HashDirectory.Result, to directory: Directory) -> Directory {
        var directory = directory
        for name in result.removed { directory.removeValue(forKey: name) }
        for link in result.created { directory.updateValue(link.target, forKey: link.name) }
        return directory
    }
}
