import RootFS
import TrustAnchors

/// An extracted directory as it is in a root.
struct ExtractedListing {
    private let directory: RootPath
    private let root: Snapshot
    /// What `trust extract` has written, or would delete: files, and links that lead somewhere.
    private let items: [ByteKey: ExtractedDirectory.Item]
    /// Names that it leaves alone: directories, links that lead nowhere, and what the family's tool adds.
    private let others: Set<ByteKey>

    init(of directory: RootPath, in root: Snapshot, besides links: [String: String]) throws(PlanError) {
        self.directory = directory
        self.root = root
        var items: [ByteKey: ExtractedDirectory.Item] = [:]
        var others: Set<ByteKey> = []
        for name in try root.names(in: directory) {
            let path = directory.appending(name)
            switch try root.entry(at: path)?.kind {
            case .file:
                items[ByteKey(name)] = .file(try root.contents(of: path) ?? [])
            case .symlink(let target):
                let isKept = links[String(decoding: name, as: UTF8.self)].map { target.elementsEqual($0.utf8) } ?? false
                let leadsSomewhere = try Self.leadsSomewhere(path, in: root)
                if leadsSomewhere, !isKept {
                    items[ByteKey(name)] = .link(to: target)
                } else {
                    others.insert(ByteKey(name))
                }
            default: others.insert(ByteKey(name))
            }
        }
        self.items = items
        self.others = others
    }

    private static func leadsSomewhere(_ path: RootPath, in root: Snapshot) throws(PlanError) -> Bool {
        guard let target = try? root.resolve(path) else { return false }
        return try root.entry(at: target) != nil
    }

    func isAccounted(by expected: ExtractedDirectory) -> Bool {
        items.allSatisfy { expected.items[$0.key] == $0.value }
    }

    /// The certificates that OpenSSL finds here by their hashes.
    func reachable() -> [[UInt8]] {
        var found: [[UInt8]] = []
        let names = items.keys.compactMap { HashLink($0.bytes) }.filter { $0.number == 0 && !$0.isRevocationList }
        for first in names.sorted(by: { $0.hash < $1.hash }) {
            var next = first
            while case .link(let target)? = items[ByteKey(next.name)] {
                if case .file(let bytes)? = items[ByteKey(target)] {
                    found += PEM.blocks(in: bytes).compactMap(\.certificate)
                }
                next = HashLink(hash: next.hash, number: next.number + 1)
            }
        }
        return found
    }

    /// The steps that make the directory hold just these items beside what is left alone.
    func steps(to wanted: [ByteKey: ExtractedDirectory.Item], store: String) throws(PlanError) -> [Step] {
        var steps: [Step] = []
        let changed =
            wanted.filter { items[$0.key] != $0.value }.map(\.key.bytes)
            + items.keys.filter { wanted[$0] == nil }.map(\.bytes)
        for name in changed.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let path = directory.appending(name)
            let change: Change? =
                switch wanted[ByteKey(name)] {
                case .file(let bytes): try root.change(path, to: bytes, mode: 0o444)
                case .link(let target): try root.change(path, toLink: target)
                case nil: try root.removal(of: path)
                }
            guard let change else { continue }
            let isHashLink = HashLink(name) != nil
            steps.append(
                Step(
                    change, store: store,
                    purpose: isHashLink ? "link by subject hash for OpenSSL" : "extracted certificate"))
        }
        return steps
    }

    /// The steps that add certificates that aren't there, and take out the files of others with the links to them.
    func patch(
        adding entries: [TrustModule.Entry], as form: ExtractedDirectory.Form, removing withdrawn: Set<Fingerprint>,
        in dialect: ExtractionDialect, store: String
    ) throws(PlanError) -> [Step] {
        var wanted = items
        var present: Set<[UInt8]> = []
        var removed: Set<ByteKey> = []
        for case (let name, .file(let bytes)) in items {
            let certificates = PEM.blocks(in: bytes).compactMap(\.certificate)
            present.formUnion(certificates)
            if !certificates.isEmpty, certificates.allSatisfy({ withdrawn.contains(Fingerprint(of: $0)) }) {
                removed.insert(name)
                wanted[name] = nil
            }
        }
        for case (let name, .link(let target)) in items where removed.contains(ByteKey(target)) { wanted[name] = nil }
        if !removed.isEmpty { Self.closeGaps(in: &wanted) }
        var added = ExtractedDirectory(taken: Set(wanted.keys).union(others))
        for entry in entries where !present.contains(entry.der) { added.add(entry, as: form, in: dialect) }
        return try steps(to: wanted.merging(added.items) { first, _ in first }, store: store)
    }

    /// OpenSSL stops at the first number of a hash that is missing, so the last link of a hash moves into a gap.
    private static func closeGaps(in items: inout [ByteKey: ExtractedDirectory.Item]) {
        var numbers: [UInt32: [Int]] = [:]
        for case (let name, .link) in items {
            guard let link = HashLink(name.bytes), !link.isRevocationList else { continue }
            numbers[link.hash, default: []].append(link.number)
        }
        for (hash, found) in numbers {
            var rest = found.sorted()
            var next = 0
            while next < rest.count {
                if rest[next] != next, let last = rest.popLast() {
                    items[ByteKey(HashLink(hash: hash, number: next).name)] = items.removeValue(
                        forKey: ByteKey(HashLink(hash: hash, number: last).name))
                    rest.insert(next, at: next)
                }
                next += 1
            }
        }
    }
}
