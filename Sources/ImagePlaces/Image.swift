public import Caisson
internal import ImageFormat
internal import ImageLayers
public import RootFS

/// An image, or an index of images, in a place from which it can be read.
public struct Image: Sendable {
    /// Where it is.
    public let location: ImageLocation
    private let layout: ImageLayout
    /// As the layout's index lists it.
    private let descriptor: Descriptor

    /// Opens an image.
    ///
    /// - Throws: `CaissonError` of kind `noInput` where there is no such image.
    public init(_ location: ImageLocation) throws(CaissonError) {
        self.location = location
        layout = try ImageLayout(location)
        descriptor = try layout.listed(under: location.tag)
    }

    /// The digest of its manifest or index.
    public var digest: String { descriptor.digest.description }

    /// What an intent makes of it; nothing is written.
    public func changed(by intent: ImageIntent) async throws(CaissonError) -> ChangedImage {
        var change = try ImageChange(intent, in: layout)
        let new = try await change.outcome(of: descriptor)
        return ChangedImage(
            plans: change.plans, notes: change.notes, descriptor: new, kept: change.kept, blobs: change.blobs,
            source: layout, former: descriptor)
    }

    /// The roots of its images, to look at, one a platform.
    ///
    /// - Parameter patterns: which files' contents will be wanted.
    public func roots(keeping patterns: [PathPattern]) async throws(CaissonError) -> [any Place] {
        let shelf = LayerShelf(layout, keeping: patterns)
        var roots: [any Place] = []
        var pending = [descriptor]
        var looked = 0
        while let next = pending.popLast() {
            looked += 1
            guard looked <= ImageIndex.manifestLimit else { break }
            if next.mediaType.isIndex {
                pending += try layout.index(next).manifests.filter { !$0.isAttestation }.reversed()
            } else if next.mediaType.isManifest, let image = try PlatformImage(next, in: layout), !image.isWindows {
                let platform = next.platform ?? image.config.platform
                let name = next.digest == descriptor.digest ? layout.name : "\(layout.name) (\(platform))"
                roots.append(try await PlatformView(of: image, named: name, on: shelf).whole)
            }
        }
        guard !roots.isEmpty else {
            throw CaissonError(.badImage, layout.name, "there is no image that can be looked at")
        }
        return roots
    }
}

/// What became of an image, before it is written anywhere.
public struct ChangedImage: Sendable {
    /// What is done to each platform's image that was looked at.
    public let plans: [Plan]
    /// What its owner should know.
    public let notes: [Diagnostic]
    let descriptor: Descriptor
    /// What the result doesn't name, but `distrust` needs to give it back.
    let kept: [Descriptor]
    let blobs: [Digest: [UInt8]]
    let source: ImageLayout
    let former: Descriptor

    /// The digest of its manifest or index.
    public var digest: String { descriptor.digest.description }

    /// Writes it: first every blob that isn't there, last the one file that makes them this image.
    ///
    /// - Parameter replacing: whether it takes the place of the image that it was made from, which must still be there.
    public func write(to location: ImageLocation, replacing: Bool) throws(CaissonError) {
        let target = replacing ? source : try ImageLayout.opened(orMadeAt: location)
        for descriptor in kept + [descriptor] { try copy(descriptor, to: target, depth: 0) }
        let index = try target.index()
        if replacing {
            let present = try target.listed(under: location.tag)
            guard present.digest == former.digest else {
                throw CaissonError(
                    .locked, location.name, "it is another image than when it was read", hint: "try again")
            }
        }
        guard let text = try target.tagging(descriptor, as: location, in: index) else { return }
        try target.replaceIndex(by: text)
    }

    private func copy(_ descriptor: Descriptor, to target: ImageLayout, depth: Int) throws(CaissonError) {
        guard descriptor.mediaType.isIndex || descriptor.mediaType.isManifest, depth <= 10 else {
            return try copyBlob(descriptor, to: target)
        }
        let bytes: [UInt8]
        if let new = blobs[descriptor.digest] { bytes = new } else { bytes = try source.bytes(of: descriptor) }
        for blob in try named(by: bytes, descriptor) { try copy(blob, to: target, depth: depth + 1) }
        try target.add(bytes, descriptor)
    }

    /// The blobs that a manifest or an index names.
    private func named(by bytes: [UInt8], _ descriptor: Descriptor) throws(CaissonError) -> [Descriptor] {
        do throws(ImageFormatError) {
            if descriptor.mediaType.isIndex { return try ImageIndex(bytes).manifests }
            let manifest = try ImageManifest(bytes, mediaType: descriptor.mediaType)
            return [manifest.config] + manifest.layers
        } catch { throw CaissonError(.badImage, source.name, "\(descriptor.digest): \(error)") }
    }

    private func copyBlob(_ descriptor: Descriptor, to target: ImageLayout) throws(CaissonError) {
        if let bytes = blobs[descriptor.digest] { return try target.add(bytes, descriptor) }
        // A foreign layer may be had elsewhere.
        if descriptor.mediaType.isForeign, try !source.has(descriptor) { return }
        try target.copy(descriptor, from: source)
    }
}
