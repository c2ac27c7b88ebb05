public import RootFS
public import TrustStores

extension Place {
    /// Sees what `stores` need to know of this place: first where things are, then what is in them.
    public func capture(for stores: [any TrustStore]) async throws(CaissonError) -> Snapshot {
        let provenance = Provenance(try await records())
        let made = provenance.directories.map { PathPattern(entriesOf: $0) }
        let listing = try await discover(made + stores.flatMap(\.patterns))
        var paths: [RootPath] = []
        var wanted: Set<RootPath> = []
        for store in stores {
            do throws(PlanError) {
                for path in try store.reads(in: listing) where wanted.insert(path).inserted { paths.append(path) }
            } catch {
                throw CaissonError(error, in: name)
            }
        }
        var snapshot = try await read(paths, into: listing)
        snapshot.createdHere = provenance.created
        snapshot.publicRootsHere = provenance.publicRoots
        return snapshot
    }

    /// What would bring this place to `intent`; nothing is changed.
    public func plan(_ intent: Intent, using stores: [any TrustStore]) async throws(CaissonError) -> Plan {
        let snapshot = try await capture(for: stores)
        let plan: Plan
        do throws(PlanError) {
            plan = try Plan(intent, for: snapshot, using: stores)
        } catch {
            throw CaissonError(error, in: name)
        }
        return try await accepting(plan)
    }
}

extension PathPattern {
    /// The pattern of everything that stands directly in `directory`.
    init(entriesOf directory: RootPath) {
        self.init(components: directory.components.map { .literal(Array($0)) } + [.wildcard([UInt8(ascii: "*")])])
    }
}
