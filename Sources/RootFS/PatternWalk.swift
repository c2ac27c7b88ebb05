/// Looks around in a root by patterns. A walk notes whatever it is asked for here: what was found, the links on the way to
/// it, and where it leads if it is one.
package protocol PatternWalk {
    associatedtype Failure: Error

    /// What stands at a physical path; nil if nothing does.
    mutating func kind(at path: RootPath) throws(Failure) -> Entry.Kind?

    /// The names in the directory at a physical path.
    mutating func list(_ directory: RootPath) throws(Failure) -> [[UInt8]]

    /// The physical path that names lead to from a physical directory, over links; nil beyond `Snapshot.linkLimit` of them.
    mutating func resolve(_ names: [ArraySlice<UInt8>], from directory: RootPath) throws(Failure) -> RootPath?
}

extension PatternWalk {
    /// Asks for every entry that the patterns match.
    @inlinable package mutating func look(
        for patterns: PatternTree, in directory: RootPath = .root
    ) throws(Failure) {
        for branch in patterns.branches {
            guard let found = try resolve([branch.name[...]], from: directory), try kind(at: found) == .directory
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
    @inlinable package mutating func lookInto(
        _ name: [UInt8], in directory: RootPath, followingLinks: Bool
    ) throws(Failure) -> RootPath? {
        let path = directory.appending(name)
        switch try kind(at: path) {
        case .directory?: return path
        case .symlink?:
            guard let target = try resolve([name[...]], from: directory), try kind(at: target) == .directory,
                followingLinks
            else { return nil }
            return target
        default: return nil
        }
    }

    /// Lists everything below a directory. `seen` says how many levels below a directory were already looked at, so
    /// that links which lead around in a circle end.
    @inlinable package mutating func descend(
        into directory: RootPath, levels: Int, _ seen: inout [RootPath: Int], followingLinks: Bool
    ) throws(Failure) {
        guard levels > 0, seen[directory, default: 0] < levels else { return }
        seen[directory] = levels
        for name in try list(directory) {
            guard let inner = try lookInto(name, in: directory, followingLinks: followingLinks) else { continue }
            try descend(into: inner, levels: levels - 1, &seen, followingLinks: followingLinks)
        }
    }
}
