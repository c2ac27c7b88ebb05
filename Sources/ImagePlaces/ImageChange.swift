internal import Caisson
internal import ImageFormat
internal import ImageLayers
internal import RootFS
internal import TrustAnchors

/// Makes of an image, or of all images that an index lists, what an intent asks for. Nothing is written: new blobs are
/// collected.
struct ImageChange {
    private let layout: ImageLayout
    private let intent: ImageIntent
    private let platforms: [Platform]
    private let shelf: LayerShelf

    /// Bytes of manifests, configs and layers that aren't in the layout, or may not be.
    private(set) var blobs: [Digest: [UInt8]] = [:]
    /// What is done to each platform's image that was looked at.
    private(set) var plans: [Plan] = []
    /// Indexes that aren't in the result but are needed to get them back, since attestations were left out of it.
    private(set) var kept: [Descriptor] = []
    /// What the owner should know.
    private(set) var notes: [Diagnostic] = []

    /// How deep indexes may be nested.
    private static let depthLimit = 8

    /// What becomes of something, and what it was before Caisson first changed it.
    struct Outcome {
        var new: Descriptor
        var base: Descriptor
    }

    init(_ intent: ImageIntent, in layout: ImageLayout) throws(CaissonError) {
        self.layout = layout
        self.intent = intent
        shelf = LayerShelf(layout, keeping: intent.patterns)
        var platforms: [Platform] = []
        for text in intent.platforms {
            guard let platform = Platform(text) else {
                throw CaissonError(
                    .usage, printable(text), "it is no platform", hint: "write OS/ARCHITECTURE[/VARIANT]: linux/arm64")
            }
            platforms.append(platform)
        }
        self.platforms = platforms
    }

    /// What becomes of the image or index that a layout's index lists.
    mutating func outcome(of descriptor: Descriptor) async throws(CaissonError) -> Descriptor {
        let outcome = try await change(descriptor, depth: 0)
        guard !plans.isEmpty else {
            throw CaissonError(.noInput, layout.name, "it has no image for \(intent.platforms.joined(separator: ", "))")
        }
        return outcome.new
    }

    private mutating func note(_ id: String, _ message: String) { notes.append(Diagnostic(id, message)) }

    private mutating func change(_ descriptor: Descriptor, depth: Int) async throws(CaissonError) -> Outcome {
        if descriptor.mediaType.isIndex {
            guard depth < Self.depthLimit else {
                throw CaissonError(.badImage, layout.name, "its indexes are nested more than \(Self.depthLimit) deep")
            }
            return try await changeIndex(descriptor, depth: depth)
        }
        if descriptor.mediaType.isManifest { return try await changeImage(descriptor, isListed: depth > 0) }
        let type = printable(descriptor.mediaType.text)
        if depth > 0 {
            note("not-an-image", "\(descriptor.digest) is of the type \(type), and passes as it is")
            return Outcome(new: descriptor, base: descriptor)
        }
        let reason =
            descriptor.mediaType.isSchema1 ? "its manifest is of Docker's schema 1" : "it is of the type \(type)"
        throw CaissonError(
            .badImage, layout.name, "\(reason), which can't be changed", hint: "convert it: skopeo copy --format oci")
    }

    // MARK: Indexes

    private mutating func changeIndex(_ descriptor: Descriptor, depth: Int) async throws(CaissonError) -> Outcome {
        let (index, bytes) = try read(descriptor)
        var children: [Int: Outcome] = [:]
        for (number, child) in index.manifests.enumerated() where !child.isAttestation {
            children[number] = try await change(child, depth: depth + 1)
        }
        let origin = original(of: index, children)
        let start = origin?.index ?? index
        let startBytes = origin?.bytes ?? bytes
        var base = descriptor
        base.digest = Digest(of: startBytes)
        base.size = startBytes.count
        guard children.contains(where: { $1.new.digest != index.manifests[$0].digest }) else {
            return Outcome(new: descriptor, base: base)
        }
        if origin == nil, let recorded = index.recordedBase {
            note(
                "original-index-missing",
                "the index that this one was made from (\(recorded)) isn't here: its attestations can't be put back")
        }
        var results: [Digest: Descriptor] = [:]
        for (number, child) in children {
            results[origin == nil ? index.manifests[number].digest : child.base.digest] = child.new
        }
        let replaced = start.manifests.enumerated().reduce(into: [Int: Descriptor]()) { replaced, listed in
            guard let new = results[listed.element.digest], new.digest != listed.element.digest else { return }
            replaced[listed.offset] = new
        }
        guard !replaced.isEmpty else {
            blobs[base.digest] = startBytes
            return Outcome(new: base, base: base)
        }
        let changed = Set(replaced.keys.map { start.manifests[$0].digest })
        let dropped = dropAttestations(of: changed, in: start)
        if !dropped.isEmpty {
            blobs[base.digest] = startBytes
            kept.append(base)
        }
        let marks = start.marking(base: start.recordedBase ?? base.digest, version: intent.version)
        let text = start.replacing(replaced, leavingOut: dropped, annotating: marks)
        var new = descriptor
        new.digest = Digest(of: text)
        new.size = text.count
        blobs[new.digest] = text
        return Outcome(new: new, base: base)
    }

    private func read(_ descriptor: Descriptor) throws(CaissonError) -> (ImageIndex, [UInt8]) {
        let bytes = try layout.bytes(of: descriptor)
        do throws(ImageFormatError) { return (try ImageIndex(bytes), bytes) } catch {
            throw CaissonError(.badImage, layout.name, "\(descriptor.digest): \(error)")
        }
    }

    /// The index as it was before Caisson changed what it lists: from its own bytes or, where those have lost attestations,
    /// from the layout. Nil where it wasn't changed, or can't be had.
    private func original(
        of index: ImageIndex, _ children: [Int: Outcome]
    ) -> (index: ImageIndex, bytes: [UInt8])? {
        guard let recorded = index.recordedBase else { return nil }
        let bases = children.mapValues(\.base)
        if let bytes = index.candidatesBelow(bases).first(where: { Digest(of: $0) == recorded }),
            let original = try? ImageIndex(bytes)
        {
            return (original, bytes)
        }
        let bytes = layout.smallBlob(recorded)
        let listed = index.manifests.indices.compactMap { bases[$0]?.digest }
        if let bytes, let original = try? ImageIndex(bytes),
            original.manifests.filter({ !$0.isAttestation }).map(\.digest) == listed
        {
            return (original, bytes)
        }
        return nil
    }

    private mutating func dropAttestations(of changed: Set<Digest>, in index: ImageIndex) -> Set<Int> {
        let about = index.manifests.indices.filter {
            index.manifests[$0].isAttestation && index.manifests[$0].attested.map(changed.contains) ?? false
        }
        for number in about {
            let digest = index.manifests[number].digest
            let fate = intent.keepsAttestations ? "stays, though it is about the image as it was" : "is left out"
            note("attestation", "the attestation \(digest) no longer applies and \(fate)")
        }
        return intent.keepsAttestations ? [] : Set(about)
    }

    // MARK: Images

    private mutating func changeImage(_ descriptor: Descriptor, isListed: Bool) async throws(CaissonError) -> Outcome {
        let unchanged = Outcome(new: descriptor, base: descriptor)
        guard let image = try PlatformImage(descriptor, in: layout) else {
            guard isListed else {
                throw CaissonError(.badImage, layout.name, "it isn't an image: its config is of another type")
            }
            note("not-an-image", "\(descriptor.digest) isn't an image, and passes as it is")
            return unchanged
        }
        let platform = descriptor.platform ?? image.config.platform
        var base = descriptor
        if let below = image.base {
            (base.digest, base.size) = (below.mark.base, below.manifestBytes.count)
            blobs[base.digest] = below.manifestBytes
            blobs[below.manifest.config.digest] = below.configBytes
        }
        if image.isWindows {
            guard isListed else {
                throw CaissonError(
                    .badImage, layout.name, "it is an image for Windows, which keeps its trust in the registry")
            }
            note("windows", "the image for \(platform) (\(descriptor.digest)) passes as it is")
            return Outcome(new: descriptor, base: base)
        }
        guard platforms.isEmpty || platforms.contains(where: { platform.satisfies($0) }) else {
            return Outcome(new: descriptor, base: base)
        }
        let name = isListed ? "\(layout.name) (\(platform))" : layout.name
        let view = try await PlatformView(of: image, named: name, on: shelf)
        return Outcome(new: try await change(image, view, base), base: base)
    }

    private mutating func change(
        _ image: PlatformImage, _ view: PlatformView, _ base: Descriptor
    ) async throws(CaissonError) -> Descriptor {
        let recorded = Set(image.base?.mark.anchors ?? [])
        let anchors = recorded.union(intent.trusted).subtracting(intent.withdrawn)
        var changes = view.changes
        var tree = view.whole.tree
        if let below = view.base {
            tree = below.tree
            // With the last of its anchors Caisson's whole layer goes.
            if anchors.isEmpty, !recorded.isEmpty { changes = LayerChanges() }
        }
        let isBaseAlone = view.base != nil && changes.isEmpty
        let plan = try await intent.plan(view.whole)
        plans.append(plan)
        if plan.steps.isEmpty { return image.descriptor }
        changes.add(try await (isBaseAlone ? intent.plan(view.base ?? view.whole) : plan).steps.map(\.change))
        if view.base != nil, changes.isEmpty { return base }
        let below = image.base?.manifest ?? image.manifest
        guard below.layers.count < ImageManifest.layerLimit else {
            throw CaissonError(
                .badImage, view.whole.name,
                "it has \(below.layers.count) layers, and docker runs no image that has more than "
                    + "\(ImageManifest.layerLimit)",
                hint: "build it with fewer")
        }
        let mark = LayerMark(
            anchors: Array(anchors), base: base.digest, version: intent.version,
            publicRoots: intent.publicRoots ?? image.base?.mark.publicRoots)
        return add(changes, on: tree, to: image, mark)
    }

    /// The image with these changes as its top layer, on the image without Caisson's.
    private mutating func add(
        _ changes: LayerChanges, on tree: LayerTree, to image: PlatformImage, _ mark: LayerMark
    ) -> Descriptor {
        let manifest = image.base?.manifest ?? image.manifest
        let config = image.base?.config ?? image.config
        let archive = changes.archive(on: tree, time: intent.time)
        let packed = Gzip.stored(archive)
        let layer = Descriptor(of: packed, manifest.newLayerType)
        let created = CalendarTime(secondsSince1970: intent.time).description
        let configBytes = config.appending(diffID: Digest(of: archive), mark: mark, created: created)
        let newConfig = Descriptor(of: configBytes, manifest.config.mediaType)
        let text = manifest.appending(layer, config: newConfig, mark: mark)
        blobs[layer.digest] = packed
        blobs[newConfig.digest] = configBytes
        var new = image.descriptor
        new.digest = Digest(of: text)
        new.size = text.count
        blobs[new.digest] = text
        return new
    }
}
