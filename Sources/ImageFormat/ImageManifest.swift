/// The manifest of one image: its config and its layers (OCI image-spec 1.1, manifest.md; Docker's schema 2).
public struct ImageManifest: Sendable {
    /// How many layers an image may have: Docker's overlay2 driver mounts 128 directories, one of which is the container's
    /// own, and one its initial one; what more would do is pulled, and can't be run.
    public static let layerLimit = 125

    /// The document.
    public let document: JSONDocument
    /// Its media type, as it says itself or as its descriptor does.
    public let mediaType: MediaType
    /// The config's blob.
    public let config: Descriptor
    /// The layers' blobs, the lowest first.
    public let layers: [Descriptor]
    /// Its annotations.
    public let annotations: [String: String]

    /// Reads a manifest that its descriptor says to be of `mediaType`.
    public init(_ bytes: [UInt8], mediaType: MediaType) throws(ImageFormatError) {
        document = try JSONDocument(image: bytes)
        self.mediaType = document.root["mediaType"]?.string.map { MediaType($0) } ?? mediaType
        guard let config = document.root["config"] else { throw .missing("config") }
        self.config = try Descriptor(config, at: "config")
        var layers: [Descriptor] = []
        for (number, value) in (document.root["layers"]?.elements ?? []).enumerated() {
            layers.append(try Descriptor(value, at: "layers[\(number)]"))
        }
        self.layers = layers
        annotations = document.root["annotations"]?.strings ?? [:]
    }

    /// Whether it is of an image, and not of something else that is kept as one is, such as a signature.
    public var isOfImage: Bool {
        ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"]
            .contains(config.mediaType.text)
    }

    /// The type of a layer that is put on this image: Docker's on Docker's, OCI's otherwise.
    public var newLayerType: MediaType { mediaType == .dockerManifest ? .dockerLayer : .layer }

    /// The manifest with one layer more, another config, and the mark in its annotations where it can have any.
    public func appending(_ layer: Descriptor, config: Descriptor, mark: LayerMark) -> [UInt8] {
        var edit = JSONEdit(document)
        edit.set(config, in: self.config.value)
        if let list = document.root["layers"] { edit.append(layer.json, to: list) }
        if mediaType == .manifest { edit.annotate(mark.annotations(over: annotations), in: document.root) }
        return edit.result
    }

    /// The bytes that it may have had before `appending`; the right ones have the digest of the mark's base.
    public func candidatesBelow(config: Descriptor) -> [[UInt8]] {
        let former = annotations[LayerMark.formerBaseKey]
        var keys: Set<String> = [LayerMark.anchorsKey, LayerMark.versionKey, LayerMark.formerBaseKey]
        if former == nil { keys.insert(LayerMark.baseKey) }
        return JSONEdit.candidates(without: keys, from: document) { edit in
            edit.set(config, in: self.config.value)
            if let list = document.root["layers"] { edit.remove(elements: [layers.count - 1], from: list) }
            if let former, let base = document.root["annotations"]?[LayerMark.baseKey] {
                edit.replace(base, with: JSONEdit.quoted(former))
            }
        }
    }
}
