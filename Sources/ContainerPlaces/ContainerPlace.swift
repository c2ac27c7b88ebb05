package import Caisson
package import Engine
package import Journal
internal import LocalDisk
internal import LocalPlaces
package import RootFS

/// A container at an engine: `container:NAME`.
///
/// Where its processes run on this machine its root is changed like any directory, all or nothing. Elsewhere, and where
/// no process of it runs, the engine's archive endpoint is used.
package struct ContainerPlace: Place {
    /// As the user named it, such as `container:web`.
    package let name: String
    /// What the engine said of it when it was opened.
    package let container: ContainerDetails
    let client: EngineClient
    /// Whether it is proven to be on this machine.
    private let isLocal: Bool
    private let mountGuard: MountGuard
    private let reading: any Place
    private let changing: any Place

    /// Opens a container.
    ///
    /// - Parameters:
    ///   - reference: its name, its ID or the beginning of one.
    ///   - name: what it is called in messages.
    ///   - mounts: the mounts that may be changed, by their paths in the container.
    /// - Throws: `CaissonError` of kind `noInput` where the engine has no such container.
    package init(
        _ reference: String, named name: String, at client: EngineClient, journal: Journal,
        throughMounts mounts: [RootPath] = []
    ) async throws(CaissonError) {
        let container: ContainerDetails
        let local: LocalContainer?
        do throws(EngineError) {
            container = try await client.inspect(reference)
            local = try await LocalContainer.proven(container, at: client)
        } catch {
            if error.isNotFound {
                // A record's full ID names nothing but that container.
                try journal.forget(PlaceKey(uniqueName: "container:\(reference)@\(client.address)"))
                throw CaissonError(.noInput, name, "the engine at \(client.address) has no such container")
            }
            throw CaissonError(error, name, engine: client.address.description)
        }
        // Nobody knows a container by its full ID.
        let name = reference == container.id ? "container:\(printable(container.name))" : name
        // The full ID, so that what was done to a container says nothing of another that has its name now.
        let recorded = "container:\(container.id)@\(client.address)"
        let identity = PlaceIdentity(name: recorded, shown: name, key: PlaceKey(uniqueName: recorded))
        self.name = name
        self.container = container
        self.client = client
        isLocal = local != nil
        if let local {
            // What clients see is looked at; only the container's own files, and what was allowed, are changed.
            func place(entering mounts: [RootPath]) -> DirectoryPlace {
                let root = Root(local.root, resolver: .withinMount(entering: mounts))
                return DirectoryPlace(root, named: name, identity: identity, journal: journal)
            }
            reading = place(entering: container.mountPaths)
            changing = place(entering: mounts)
        } else {
            let place = ArchivePlace(
                name: name, container: container, client: client, identity: identity, journal: journal)
            (reading, changing) = (place, place)
        }
        mountGuard = MountGuard(
            container: container, place: name, mounts: local?.mounts ?? container.mountTable, allowed: mounts,
            reachesTmpfs: local != nil)
    }

    /// Looks for entries (see `Place`), on the container's mounts too.
    package func discover(_ patterns: [PathPattern]) async throws(CaissonError) -> Snapshot {
        try await reading.discover(patterns)
    }

    /// Reads regular files (see `Place`), on the container's mounts too.
    package func read(_ paths: [RootPath], into snapshot: Snapshot) async throws(CaissonError) -> Snapshot {
        try await reading.read(paths, into: snapshot)
    }

    /// Refuses what lies on a mount that wasn't named, and what can't be written (see `Place`).
    package func accepting(_ plan: Plan) async throws(CaissonError) -> Plan {
        try mountGuard.check(plan)
        return try await changing.accepting(plan)
    }

    /// Makes every change of a plan, or none (see `Place`); the caller holds the lock, by `exclusively`.
    package func commit(_ plan: Plan, as run: Run) async throws(CaissonError) {
        try mountGuard.check(plan)
        try await changing.commit(plan, as: run)
    }

    /// What earlier runs did here (see `Place`), as the journal has it.
    package func records() async throws(CaissonError) -> [Record] { try await changing.records() }

    /// What stood before (see `Place`), byte for byte.
    package func originals(of record: Record) async throws(CaissonError) -> [RootPath: Node] {
        try await changing.originals(of: record)
    }

    /// Keeps other runs out (see `Place`), and rolls back what one of them left cut off.
    package func exclusively<Value: Sendable>(
        waiting timeout: Duration, _ body: () async throws(CaissonError) -> Value
    ) async throws(CaissonError) -> Value {
        try await changing.exclusively(waiting: timeout, body)
    }

    /// The programs that run in it now, each once and sorted; none where that can't be told.
    package func programs() async -> [String] {
        guard container.hasProcesses else { return [] }
        // The engine runs ps for it, which takes as long as all the rest.
        if isLocal, let programs = ProcessTree.programs(around: container.state.pid) { return programs.sorted() }
        return Set((try? await client.programs(in: container.id)) ?? []).sorted()
    }
}
