internal import Caisson
internal import RootFS

extension Walk {
    /// Notes every entry that a pattern matches, the links on the way to it, and where it leads if it is one.
    mutating func look(for pattern: PathPattern) throws(CaissonError) {
        try look(for: pattern.components[...], in: .root, followingLinks: pattern.followsLinks)
    }

    private mutating func look(
        for components: ArraySlice<PathPattern.Component>, in directory: RootPath, followingLinks: Bool
    ) throws(CaissonError) {
        switch components.first {
        case nil: return
        case .literal?:
            let names = components.prefix { $0.name != nil }.compactMap { $0.name?[...] }
            guard let found = try resolve(names, from: directory) else { return }
            let rest = components.dropFirst(names.count)
            guard try entry(at: found)?.kind == .directory else { return }
            try look(for: rest, in: found, followingLinks: followingLinks)
        case .wildcard(let wildcard)?:
            for name in try list(directory) where PathPattern.matches(name, wildcard) {
                guard let inner = try lookInto(name, in: directory, followingLinks: followingLinks) else { continue }
                try look(for: components.dropFirst(), in: inner, followingLinks: followingLinks)
            }
        case .everything?:
            var seen: [RootPath: Int] = [:]
            try descend(into: directory, levels: PathPattern.depthLimit, &seen, followingLinks: followingLinks)
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

extension PathPattern.Component {
    fileprivate var name: [UInt8]? {
        if case .literal(let name) = self { name } else { nil }
    }
}
