internal import Caisson
internal import RootFS

extension Walk {
    /// Notes every entry that the patterns match, the links on the way to it, and where it leads if it is one.
    mutating func look(for patterns: PatternTree, in directory: RootPath = .root) throws(CaissonError) {
        for branch in patterns.branches {
            guard let found = try resolve([branch.name[...]], from: directory), try entry(at: found)?.kind == .directory
            else { continue }
            try look(for: branch.below, in: found)
        }
        for wildcard in patterns.wildcards {
            for name in try list(directory) where PathPattern.matches(name, wildcard.pattern) {
                guard let inner = try lookInto(name, in: directory, followingLinks: wildcard.followsLinks) else {
                    continue
                }
                try look(for: wildcard.below, in: inner)
            }
        }
        if let everything = patterns.everything {
            var seen: [RootPath: Int] = [:]
            try descend(
                into: directory, levels: PathPattern.depthLimit, &seen, followingLinks: everything == .followingLinks)
        }
    }

    /// The directory that a listed name is, or leads to if links are followed; nil where it is anything else.
    private mutating func lookInto(
        _ name: [UInt8], in directory: RootPath, followingLinks: Bool
    ) throws(CaissonError) -> RootPath? {
        let path = directory.appending(name)
        switch try entry(at: path)?.kind {
        case .directory?: return path
        case .symlink?:
            guard let target = try resolve([name[...]], from: directory), try entry(at: target)?.kind == .directory,
                followingLinks
            else { return nil }
            return target
        default: return nil
        }
    }

    /// Lists everything below a directory. `seen` says how many levels below a directory were already looked at, so
    /// that links which lead around in a circle end.
    private mutating func descend(
        into directory: RootPath, levels: Int, _ seen: inout [RootPath: Int], followingLinks: Bool
    ) throws(CaissonError) {
        guard levels > 0, seen[directory, default: 0] < levels else { return }
        seen[directory] = levels
        for name in try list(directory) {
            guard let inner = try lookInto(name, in: directory, followingLinks: followingLinks) else { continue }
            try descend(into: inner, levels: levels - 1, &seen, followingLinks: followingLinks)
        }
    }
}
