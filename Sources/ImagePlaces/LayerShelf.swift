internal import Caisson
internal import ImageFormat
internal import ImageLayers
internal import RootFS
internal import Tar

/// The layers of a layout as they are needed: each is read once, however many images share it.
actor LayerShelf {
    private let layout: ImageLayout
    private let wanted: PatternTree
    private var listings: [Digest: Task<Result<LayerListing, CaissonError>, Never>] = [:]

    /// - Parameter patterns: which files' contents are kept at once.
    init(_ layout: ImageLayout, keeping patterns: [PathPattern]) {
        self.layout = layout
        wanted = PatternTree(patterns)
    }

    /// What is in each layer; they are read at the same time.
    func listings(of layers: [Descriptor]) async throws(CaissonError) -> [LayerListing] {
        let tasks = layers.map { listing(of: $0) }
        var found: [LayerListing] = []
        for task in tasks { found.append(try await task.value.get()) }
        return found
    }

    private func listing(of layer: Descriptor) -> Task<Result<LayerListing, CaissonError>, Never> {
        if let known = listings[layer.digest] { return known }
        let (layout, wanted) = (layout, wanted)
        let task = Task {
            Result { () throws(CaissonError) in
                try Self.read(layer, from: layout) { _, path in wanted.matches(path) }
            }
        }
        listings[layer.digest] = task
        return task
    }

    /// The contents of files that weren't kept, by another pass over the layers that have them.
    func contents(
        of sources: some Sequence<LayerTree.Source>, in layers: [Descriptor]
    ) throws(CaissonError) -> [LayerTree.Source: [UInt8]] {
        var contents: [LayerTree.Source: [UInt8]] = [:]
        for (layer, sources) in Dictionary(grouping: sources, by: \.layer) {
            let members = Set(sources.map(\.member))
            let listing = try Self.read(layers[layer], from: layout) { number, _ in members.contains(number) }
            for source in sources { contents[source] = listing.members[source.member].contents }
        }
        return contents
    }

    private static func read(
        _ layer: Descriptor, from layout: ImageLayout, keeping isWanted: (Int, RootPath) -> Bool
    ) throws(CaissonError) -> LayerListing {
        guard layer.mediaType.compression != nil else {
            throw CaissonError(
                .badImage, layout.name,
                "the layer \(layer.digest) is of the type \(printable(layer.mediaType.text)), which isn't known")
        }
        let reader = LayerReader(try layout.open(layer), layer)
        do throws(TarError) { return try LayerListing(reader, keeping: isWanted) } catch {
            throw CaissonError(.badImage, layout.name, "the layer \(layer.digest) \(error.reason)")
        }
    }
}

extension TarError {
    /// What is wrong, after the name of the archive.
    var reason: String {
        switch self {
        case .truncated: "ends in the middle of a file"
        case .badHeader: "has a header that isn't tar's"
        case .badExtendedHeader: "has a pax header that can't be read, or is too large"
        case .tooManyEntries(let limit): "has more than \(limit) entries"
        case .sparse: "has a sparse file"
        case .source(.corrupt(let reason)): "is corrupt: \(reason)"
        case .source(.unreadable(let reason)): "can't be read: \(reason)"
        }
    }
}
