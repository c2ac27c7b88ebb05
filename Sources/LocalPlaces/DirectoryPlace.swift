public import Caisson
public import Journal
package import LocalDisk
public import RootFS
public import SystemPackage

/// A directory of this machine that holds a root file system, possibly a hostile one: `rootfs:DIR`.
public struct DirectoryPlace: Place {
    /// As the user named it, such as `rootfs:/srv/root`.
    public let name: String
    private let identity: PlaceIdentity
    private let root: Root
    private let journal: Journal
    private let limits: Limits

    /// The place at `path`, named as the user named it, with its records in `state`.
    ///
    /// - Throws: `CaissonError` of kind `noInput` where there is no such directory.
    public init(_ path: FilePath, named name: String, journal: Journal) throws(CaissonError) {
        try self.init(path, named: name, journal: journal, resolver: .kernel, limits: Limits())
    }

    package init(
        _ path: FilePath, named name: String, journal: Journal, resolver: Root.Resolver, limits: Limits
    ) throws(CaissonError) {
        do throws(Errno) {
            let real = try Directory.realPath(of: path)
            root = try Root(real, resolver: resolver)
            let isHost = real == "/"
            let key = PlaceKey(
                realPath: real.string.utf8, inode: isHost ? 0 : try root.top.status().inode,
                born: isHost ? nil : root.top.born())
            // A record names the place so that it is found from any directory.
            identity = PlaceIdentity(name: isHost ? "host" : "rootfs:\(real.string)", key: key)
        } catch {
            switch error {
            case .noSuchFileOrDirectory: throw CaissonError(.noInput, name, "there is no such directory")
            case .notDirectory: throw CaissonError(.noInput, name, "it isn't a directory")
            default: throw CaissonError(error, name, "cannot open it")
            }
        }
        self.name = name
        self.journal = journal
        self.limits = limits
    }

    /// A root that the caller has opened and knows by another name than a path of this machine, such as a container's.
    package init(_ root: Root, named name: String, identity: PlaceIdentity, journal: Journal) {
        self.name = name
        self.identity = identity
        self.root = root
        self.journal = journal
        limits = Limits()
    }

    /// Looks for entries (see `Place`). Links are followed inside the root only.
    public func discover(_ patterns: [PathPattern]) async throws(CaissonError) -> Snapshot {
        var walk = try Walk(root, in: Snapshot(root: name), limits: limits, report: journal.report)
        try walk.look(for: PatternTree(patterns))
        return walk.snapshot
    }

    /// Reads regular files (see `Place`); anything else is noted and not opened.
    public func read(_ paths: [RootPath], into snapshot: Snapshot) async throws(CaissonError) -> Snapshot {
        var walk = try Walk(root, in: snapshot, limits: limits, report: journal.report)
        try walk.read(paths)
        return walk.snapshot
    }

    /// Makes every change of a plan, or none (see `Place`); the caller holds the lock, by `exclusively`.
    public func commit(_ plan: Plan, as run: Run) async throws(CaissonError) {
        try journal.commit(plan, as: run, in: identity, root: root, limits: limits)
    }

    /// What earlier runs did here (see `Place`), as the journal has it.
    public func records() async throws(CaissonError) -> [Record] { try journal.standing(in: identity.key) }

    /// What stood before (see `Place`), byte for byte.
    public func originals(of record: Record) async throws(CaissonError) -> [RootPath: Node] {
        try journal.originals(of: record, in: identity.key)
    }

    /// Keeps other runs out (see `Place`), and rolls back what one of them left cut off.
    public func exclusively<Value: Sendable>(
        waiting timeout: Duration, _ body: () async throws(CaissonError) -> Value
    ) async throws(CaissonError) -> Value {
        let lock = try await Lock.take(root.top, of: name, waiting: timeout)
        defer { withExtendedLifetime(lock) {} }
        try journal.recover(identity, root: root, limits: limits)
        return try await body()
    }
}
