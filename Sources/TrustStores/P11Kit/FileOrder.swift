import RootFS

/// The order in which p11-kit reads the files of a directory.
enum FileOrder {
    /// Sorted by the bytes of their paths, since 0.25.6.
    case byPath
    /// As the directory lists them, before; known by what the outputs show. Files that none shows come last.
    case asShown([RootPath: Int])

    /// The files of each token, which are in path order, in this order; places keep theirs.
    func sorted(_ tokens: [[TrustModule.Group]]) -> [[TrustModule.Group]] {
        guard case .asShown(let ranks) = self else { return tokens }
        return tokens.map { groups in
            let keys = groups.enumerated().map { index, group in
                (group.file.place.rank, ranks[group.file.path] ?? Int.max, index)
            }
            return keys.sorted(by: <).map { groups[$0.2] }
        }
    }

    /// What an output shows of the order: its certificates.
    struct Evidence {
        let selection: TrustModule.Selection
        let certificates: [[UInt8]]
    }

    /// The order that outputs show; by path where they show no other.
    init(shownBy outputs: [Evidence], of module: TrustModule) {
        let chains = outputs.map { Self.files(shownBy: $0, of: module) }
        guard chains.contains(where: { !Self.isSorted($0) }) else {
            self = .byPath
            return
        }
        self = .asShown(Self.merged(chains))
    }

    /// The files that the certificates of an output come from, each once. Of several with the same certificate the first
    /// by path stands for all: which of them it was makes no difference.
    private static func files(shownBy output: Evidence, of module: TrustModule) -> [TrustToken.File] {
        var origin: [ByteKey: TrustToken.File] = [:]
        for group in module.groups.joined() {
            for entry in group.entries where output.selection.admits(entry) && origin[ByteKey(entry.der)] == nil {
                origin[ByteKey(entry.der)] = group.file
            }
        }
        var seen: Set<RootPath> = []
        return output.certificates.compactMap { origin[ByteKey($0)] }.filter { seen.insert($0.path).inserted }
    }

    private static func isSorted(_ files: [TrustToken.File]) -> Bool {
        zip(files, files.dropFirst()).allSatisfy { first, second in
            first.path.parent != second.path.parent || first.path < second.path
        }
    }

    /// One order of files that has each chain in it, as far as they agree: every output shows only a part of the files.
    private static func merged(_ chains: [[TrustToken.File]]) -> [RootPath: Int] {
        var followers: [RootPath: [RootPath]] = [:]
        var open: [RootPath: Int] = [:]
        for chain in chains.map({ $0.map(\.path) }) {
            for path in chain { open[path] = open[path] ?? 0 }
            for (first, second) in zip(chain, chain.dropFirst()) {
                followers[first, default: []].append(second)
                open[second, default: 0] += 1
            }
        }
        var ready = open.filter { $0.value == 0 }.keys.sorted(by: >)
        var ranks: [RootPath: Int] = [:]
        while let next = ready.popLast() {
            ranks[next] = ranks.count
            for follower in followers[next] ?? [] {
                let rest = (open[follower] ?? 1) - 1
                open[follower] = rest
                if rest == 0 { ready.append(follower) }
            }
        }
        return ranks
    }
}

extension TokenPlace {
    /// The order in which a token's places are read.
    fileprivate var rank: Int {
        switch self {
        case .top: 0
        case .anchors: 1
        case .blocklist: 2
        }
    }
}
