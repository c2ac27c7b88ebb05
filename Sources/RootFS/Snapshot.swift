/// What was seen of one root: entries by their physical path, and the contents of those that were read.
///
/// Absent and unseen are different answers: asking for a path that was never looked at throws `PlanError.notCaptured`.
/// A physical path has no link among its directories; `resolve` turns any path into one without leaving the root.
public struct Snapshot: Sendable {
    /// How many links may be followed on the way to one path, as in Linux (path_resolution(7)).
    public static let linkLimit = 40

    /// The name of the root for people, such as `rootfs:/srv/root`.
    public let root: String
    private var entries: [RootPath: Entry]
    private var contents: [RootPath: [UInt8]]
    private var missing: Set<RootPath>
    /// Names by directory, for directories whose every entry is known.
    private var listings: [RootPath: Set<ByteKey>]
    /// Paths that Caisson made itself in earlier runs that still stand.
    public var createdHere: Set<RootPath>
    /// Lower-case hexadecimal SHA-256 of the public roots that such runs have put into a bundle of their own.
    public var publicRootsHere: Set<String>

    /// Physical paths that `applying` changed.
    public private(set) var changed: Set<RootPath>

    public init(root: String) {
        self.root = root
        changed = []
        createdHere = []
        publicRootsHere = []
        entries = [:]
        contents = [:]
        missing = []
        listings = [:]
    }

    // MARK: What a place puts in

    /// Notes what stands at a physical path; nil means that nothing does.
    public mutating func record(_ entry: Entry?, at path: RootPath) {
        if let entry {
            entries[path] = entry
            if !missing.isEmpty { missing.remove(path) }
        } else {
            entries[path] = nil
            contents[path] = nil
            missing.insert(path)
        }
    }

    /// Notes the bytes of the regular file at a physical path.
    public mutating func record(contents bytes: [UInt8], at path: RootPath) { contents[path] = bytes }

    /// Notes that every entry of a directory is known: `names`.
    public mutating func record(listing names: some Sequence<[UInt8]>, of directory: RootPath) {
        listings[directory] = names.reduce(into: Set(minimumCapacity: names.underestimatedCount)) {
            $0.insert(ByteKey($1))
        }
    }

    // MARK: What a planner takes out

    /// What stands at a physical path; nil if nothing does.
    public func entry(at path: RootPath) throws(PlanError) -> Entry? {
        if let entry = entries[path] { return entry }
        if missing.contains(path) || path == .root { return nil }
        guard let parent = path.parent else { return nil }
        if let names = listings[parent] {
            guard names.contains(ByteKey(path.name)) else { return nil }
            throw .notCaptured(path)
        }
        // What lies below nothing, or below a file, is absent too.
        if entries[parent] == nil, try entry(at: parent) == nil { return nil }
        if let above = entries[parent], above.kind != .directory { return nil }
        throw .notCaptured(path)
    }

    /// Whether a place has looked at this physical path.
    public func isCaptured(_ path: RootPath) -> Bool { entries[path] != nil || missing.contains(path) }

    /// Whether a regular file's contents were read.
    public func isRead(_ path: RootPath) -> Bool { contents[path] != nil }

    /// The physical path that `path` leads to, every link resolved inside the root; its last component may be absent.
    public func resolve(_ path: RootPath) throws(PlanError) -> RootPath {
        try resolve(path, followingLast: true)
    }

    /// The physical path of the entry itself: the links among its directories are resolved, the last one isn't.
    public func locate(_ path: RootPath) throws(PlanError) -> RootPath {
        try resolve(path, followingLast: false)
    }

    private func resolve(_ path: RootPath, followingLast: Bool) throws(PlanError) -> RootPath {
        var here = RootPath.root
        var followed = 0
        var pending: [ArraySlice<UInt8>]
        if let entry = entries[path] {
            // What is known under its own path is there without links; only it may be one itself.
            guard followingLast, case .symlink = entry.kind else { return path }
            here = path
            while case .symlink(let target)? = entries[here]?.kind, let next = directTarget(target, of: here) {
                followed += 1
                guard followed <= Self.linkLimit else { throw .tooManyLinks(path) }
                here = next
            }
            guard case .symlink? = entries[here]?.kind, let parent = here.parent else { return here }
            pending = [here.name]
            here = parent
        } else {
            pending = path.components.reversed()
        }
        while let name = pending.popLast() {
            let next = here.appending(component: name)
            guard followingLast || !pending.isEmpty, next != here,
                case .symlink(let target)? = try entry(at: next)?.kind
            else {
                here = next
                continue
            }
            followed += 1
            guard followed <= Self.linkLimit else { throw .tooManyLinks(path) }
            if target.first == UInt8(ascii: "/") { here = .root }
            pending.append(contentsOf: target.split(separator: UInt8(ascii: "/")).reversed())
        }
        return here
    }

    /// What a link points to, where its target is a name beside it or an absolute path without links on the way; nil
    /// where finding out takes walking.
    private func directTarget(_ target: [UInt8], of link: RootPath) -> RootPath? {
        let slash = UInt8(ascii: "/")
        if target.first == slash {
            // A physical path that is spelt out has no `..` to go wrong over a link.
            guard let end = RootPath(bytes: target), end.bytes == target, entries[end] != nil else { return nil }
            return end
        }
        guard let first = target.first, first != UInt8(ascii: "."), !target.contains(slash) else { return nil }
        return link.parent?.appending(target)
    }

    /// The names in a directory, sorted by bytes; `directory` may be reached over links. Empty where there is none.
    public func names(in directory: RootPath) throws(PlanError) -> [[UInt8]] {
        let physical = try resolve(directory)
        guard case .directory? = try entry(at: physical)?.kind else { return [] }
        guard let names = listings[physical] else { throw .notCaptured(physical) }
        return names.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The bytes of the regular file that `path` leads to; nil where it leads to nothing or to something else.
    public func contents(of path: RootPath) throws(PlanError) -> [UInt8]? {
        let physical = try resolve(path)
        guard case .file? = try entry(at: physical)?.kind else { return nil }
        guard let bytes = contents[physical] else { throw .notCaptured(physical) }
        return bytes
    }

    /// The regular file that `path` leads to, without reading it; nil where it leads to nothing or to something else.
    public func file(at path: RootPath) throws(PlanError) -> (path: RootPath, entry: Entry)? {
        let physical = try resolve(path)
        guard let entry = try entry(at: physical), case .file = entry.kind else { return nil }
        return (physical, entry)
    }

    /// Everything that stands at a physical path, for a change's `before`.
    public func node(at path: RootPath) throws(PlanError) -> Node {
        guard let entry = try entry(at: path) else { return .absent }
        switch entry.kind {
        case .directory: return .directory(entry.attributes)
        case .symlink(let target): return .symlink(to: target, entry.attributes)
        case .file:
            guard let bytes = contents[path] else { throw .notCaptured(path) }
            return .file(contents: bytes, entry.attributes)
        case .special(let kind):
            throw .special(path, kind)
        }
    }

    /// The same root, taken as it is now: nothing in it counts as changed.
    public var unchanged: Snapshot {
        var copy = self
        copy.changed = []
        return copy
    }

    /// The root as it will be when `changes` are made.
    public func applying(_ changes: some Sequence<Change>) -> Snapshot {
        var copy = self
        for change in changes { copy.apply(change) }
        return copy
    }

    /// Puts an entry at a physical path, or takes away what is there: its directory's listing follows.
    public mutating func set(_ entry: Entry?, at path: RootPath) {
        record(entry, at: path)
        guard let parent = path.parent else { return }
        if entry != nil {
            listings[parent]?.insert(ByteKey(path.name))
        } else {
            listings[parent]?.remove(ByteKey(path.name))
        }
    }

    private mutating func apply(_ change: Change) {
        changed.insert(change.path)
        switch change.after {
        case .absent:
            set(nil, at: change.path)
            listings[change.path] = nil
        case .file(let bytes, let attributes):
            set(Entry(kind: .file(size: bytes.count, links: 1), attributes: attributes), at: change.path)
            record(contents: bytes, at: change.path)
        case .symlink(let target, let attributes):
            set(Entry(kind: .symlink(to: target), attributes: attributes), at: change.path)
        case .directory(let attributes):
            set(Entry(kind: .directory, attributes: attributes), at: change.path)
            if change.before == .absent { listings[change.path] = [] }
        }
    }
}
