internal import Caisson
internal import ImageFormat
internal import ImageLayers
internal import RootFS

/// The root of one platform's image, to look at: the view that the planner sees.
///
/// What is to be changed in it is made into a layer by `ImageChange`, for all platforms at once.
struct PlatformRoot: Place {
    let name: String
    let tree: LayerTree
    let layers: [Descriptor]
    let shelf: LayerShelf
    /// What Caisson's own layer did, if it has one.
    var record: Record?

    func discover(_ patterns: [PathPattern]) async throws(CaissonError) -> Snapshot {
        tree.discover(patterns, named: name)
    }

    func read(_ paths: [RootPath], into snapshot: Snapshot) async throws(CaissonError) -> Snapshot {
        let missing = tree.missing(paths, in: snapshot)
        let fetched = missing.isEmpty ? [:] : try await shelf.contents(of: missing.values, in: layers)
        return tree.read(paths, into: snapshot, fetched: fetched)
    }

    func commit(_ plan: Plan, as run: Run) async throws(CaissonError) {
        throw CaissonError(.usage, name, "an image isn't changed where it is", hint: "use --to or --in-place")
    }

    func records() async throws(CaissonError) -> [Record] { record.map { [$0] } ?? [] }

    func originals(of record: Record) async throws(CaissonError) -> [RootPath: Node] {
        throw CaissonError(.usage, name, "an image has no runs to take back", hint: "use distrust")
    }

    func exclusively<Value: Sendable>(
        waiting timeout: Duration, _ body: () async throws(CaissonError) -> Value
    ) async throws(CaissonError) -> Value { try await body() }

    /// What stands at each of these physical paths.
    func nodes(at paths: [RootPath]) async throws(CaissonError) -> [RootPath: Node] {
        let snapshot = try await read(paths, into: try await discover(paths.map { PathPattern($0) }))
        var nodes: [RootPath: Node] = [:]
        for path in paths {
            do throws(PlanError) { nodes[path] = try snapshot.node(at: path) } catch {
                throw CaissonError(error, in: name)
            }
        }
        return nodes
    }
}

/// One platform's image as it is and as it is without Caisson's layer.
struct PlatformView: Sendable {
    let whole: PlatformRoot
    let base: PlatformRoot?
    /// What Caisson's layer does to its base.
    let changes: LayerChanges

    init(of image: PlatformImage, named name: String, on shelf: LayerShelf) async throws(CaissonError) {
        let layers = image.manifest.layers
        let listings = try await shelf.listings(of: layers)
        var tree = LayerTree()
        for listing in listings.dropLast() { tree.apply(listing) }
        guard let base = image.base, let top = listings.last else {
            if let top = listings.last { tree.apply(top) }
            whole = PlatformRoot(name: name, tree: tree, layers: layers, shelf: shelf)
            (self.base, changes) = (nil, LayerChanges())
            return
        }
        let below = tree
        tree.apply(top)
        var whole = PlatformRoot(name: name, tree: tree, layers: layers, shelf: shelf)
        let root = PlatformRoot(name: name, tree: below, layers: layers.dropLast(), shelf: shelf)
        let paths = Set(top.members.map(\.path) + top.whiteouts).subtracting([.root]).sorted()
        let (before, after) = (try await root.nodes(at: paths), try await whole.nodes(at: paths))
        let made = paths.map { Change(path: $0, before: before[$0] ?? .absent, after: after[$0] ?? .absent) }
        var changes = LayerChanges()
        changes.add(made)
        whole.record = Record(
            run: Run(
                id: "layer \(layers.count)", started: Timestamp(seconds: 0), command: .trust,
                anchors: base.mark.anchors.map { .init(fingerprint: $0, subject: "") },
                publicRoots: base.mark.publicRoots),
            place: name, state: .done,
            entries: made.filter { !$0.before.matches($0.after) }.map {
                .init(path: $0.path, before: NodeDigest(of: $0.before), after: NodeDigest(of: $0.after))
            })
        (self.whole, self.base, self.changes) = (whole, root, changes)
    }
}
