public import Caisson
public import Journal
public import LocalDisk
public import RootFS
internal import SystemPackage

/// This Linux machine itself: `host`. Looking needs no permission; changing needs root.
public struct HostPlace: Place {
    private let directory: DirectoryPlace
    private let user: User

    /// This machine, for `user`, with its records in `journal`.
    public init(journal: Journal, user: User = .current) throws(CaissonError) {
        directory = try DirectoryPlace("/", named: "host", journal: journal)
        self.user = user
    }

    /// `host`.
    public var name: String { directory.name }

    /// Looks for entries (see `Place`). Links are followed inside the root only.
    public func discover(_ patterns: [PathPattern]) async throws(CaissonError) -> Snapshot {
        try await directory.discover(patterns)
    }

    /// Reads regular files (see `Place`); anything else is noted and not opened.
    public func read(_ paths: [RootPath], into snapshot: Snapshot) async throws(CaissonError) -> Snapshot {
        try await directory.read(paths, into: snapshot)
    }

    /// Makes every change of a plan, or none (see `Place`); the caller holds the lock, by `exclusively`.
    public func commit(_ plan: Plan, as run: Run) async throws(CaissonError) {
        try requireRoot()
        try await directory.commit(plan, as: run)
    }

    /// What earlier runs did here (see `Place`), as the journal has it.
    public func records() async throws(CaissonError) -> [Record] { try await directory.records() }

    /// What stood before (see `Place`), byte for byte.
    public func originals(of record: Record) async throws(CaissonError) -> [RootPath: Node] {
        try await directory.originals(of: record)
    }

    /// Keeps other runs out (see `Place`), and rolls back what one of them left cut off.
    public func exclusively<Value: Sendable>(
        waiting timeout: Duration, _ body: () async throws(CaissonError) -> Value
    ) async throws(CaissonError) -> Value {
        try requireRoot()
        return try await directory.exclusively(waiting: timeout, body)
    }

    private func requireRoot() throws(CaissonError) {
        guard user.isRoot else {
            throw CaissonError(
                .permission, name, "changing this machine's trust needs root", hint: "run the same command with sudo")
        }
    }
}
