/// Patterns put together by what they begin with, so that a walk comes to each directory once, whatever their number.
public struct PatternTree: Sendable {
    /// What stands in a directory under one name.
    public struct Branch: Sendable {
        public let name: [UInt8]
        public fileprivate(set) var below: PatternTree
    }

    /// What a wildcard stands for in a directory.
    public struct Wildcard: Sendable {
        public let pattern: [UInt8]
        public let followsLinks: Bool
        public fileprivate(set) var below: PatternTree
    }

    public private(set) var branches: [Branch] = []
    public private(set) var wildcards: [Wildcard] = []
    /// How to look at everything below: nil where no pattern asks for that.
    public private(set) var everything: Everything?

    /// Both may be asked for: with links followed, more is seen.
    public enum Everything: Sendable {
        case asItIs
        case followingLinks
    }

    public init(_ patterns: some Sequence<PathPattern> = []) {
        for pattern in patterns { add(pattern.components[...], followingLinks: pattern.followsLinks) }
    }

    private mutating func add(_ components: ArraySlice<PathPattern.Component>, followingLinks: Bool) {
        let rest = components.dropFirst()
        switch components.first {
        case nil: return
        case .literal(let name)?:
            let index = branches.firstIndex { $0.name == name } ?? branches.endIndex
            if index == branches.endIndex { branches.append(Branch(name: name, below: PatternTree())) }
            branches[index].below.add(rest, followingLinks: followingLinks)
        case .wildcard(let pattern)?:
            let known = wildcards.firstIndex { $0.pattern == pattern && $0.followsLinks == followingLinks }
            let index = known ?? wildcards.endIndex
            if index == wildcards.endIndex {
                wildcards.append(Wildcard(pattern: pattern, followsLinks: followingLinks, below: PatternTree()))
            }
            wildcards[index].below.add(rest, followingLinks: followingLinks)
        case .everything?:
            everything = followingLinks || everything == .followingLinks ? .followingLinks : .asItIs
        }
    }
}
