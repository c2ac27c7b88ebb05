public import RootFS

extension PatternTree {
    /// Whether some pattern may match this path, links aside.
    public func matches(_ path: RootPath) -> Bool { matches(path.components[...]) }

    private func matches(_ components: ArraySlice<ArraySlice<UInt8>>) -> Bool {
        guard let name = components.first else { return true }
        if everything != nil { return true }
        let rest = components.dropFirst()
        for branch in branches where branch.name.elementsEqual(name) {
            if branch.below.isLeaf ? rest.isEmpty : branch.below.matches(rest) { return true }
        }
        for wildcard in wildcards where PathPattern.matches(name, wildcard.pattern) {
            if wildcard.below.isLeaf ? rest.isEmpty : wildcard.below.matches(rest) { return true }
        }
        return false
    }

    private var isLeaf: Bool { branches.isEmpty && wildcards.isEmpty && everything == nil }
}
