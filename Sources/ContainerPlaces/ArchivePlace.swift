internal import Caisson
internal import Engine
internal import Journal
internal import LocalPlaces
internal import RootFS

/// A container whose root isn't to be had here: it is read and written through the engine.
///
/// The lock is this user's alone, since the engine keeps none.
struct ArchivePlace: Place {
    let name: String
    let container: ContainerDetails
    let client: EngineClient
    let identity: PlaceIdentity
    let journal: Journal

    func discover(_ patterns: [PathPattern]) async throws(CaissonError) -> Snapshot {
        var walk = ArchiveWalk(root(now: nil), in: Snapshot(root: name))
        for pattern in patterns { try await walk.look(for: pattern) }
        return walk.snapshot
    }

    func read(_ paths: [RootPath], into snapshot: Snapshot) async throws(CaissonError) -> Snapshot {
        var walk = ArchiveWalk(root(now: nil), in: snapshot)
        try await walk.read(paths)
        return walk.snapshot
    }

    /// A removal needs the container's own `rm`, and is named.
    func accepting(_ plan: Plan) async throws(CaissonError) -> Plan {
        let removals = plan.steps.filter { $0.change.after == .absent }
        guard !removals.isEmpty else { return plan }
        if let obstacle = try await root(now: nil).obstacleToRemoval() {
            let paths = removals.prefix(3).map { "\($0.change.path)" }.joined(separator: ", ")
            throw CaissonError(
                .unavailable, name,
                "\(paths) must be removed, which only the container's own rm could do, and \(obstacle); nothing was changed",
                hint: container.hasProcesses
                    ? "run this as root on the engine's own machine" : "start the container and try again")
        }
        let word = removals.count == 1 ? "file is" : "files are"
        let note = Diagnostic(
            "removed-by-exec",
            "\(removals.count) \(word) removed by the container's own rm and rmdir, run in it as root")
        return Plan(root: plan.root, steps: plan.steps, diagnostics: plan.diagnostics + [note])
    }

    func commit(_ plan: Plan, as run: Run) async throws(CaissonError) {
        try await journal.commit(plan, as: run, in: identity, of: root(now: run.started))
    }

    func records() async throws(CaissonError) -> [Record] { try journal.standing(in: identity.key) }

    func originals(of record: Record) async throws(CaissonError) -> [RootPath: Node] {
        try journal.originals(of: record, in: identity.key)
    }

    func exclusively<Value: Sendable>(
        waiting timeout: Duration, _ body: () async throws(CaissonError) -> Value
    ) async throws(CaissonError) -> Value {
        let lock = try await Lock.take(try journal.stateRoot(), of: name, waiting: timeout)
        defer { withExtendedLifetime(lock) {} }
        try await journal.recover(identity, of: root(now: nil))
        return try await body()
    }

    private func root(now: Timestamp?) -> ArchiveRoot {
        ArchiveRoot(place: name, container: container, client: client, now: now)
    }
}
