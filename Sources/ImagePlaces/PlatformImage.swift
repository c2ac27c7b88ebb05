internal import Caisson
internal import ImageFormat
internal import ImageLayers
internal import RootFS

/// One image for one platform: its manifest, its config, and what it was before Caisson put a layer on it.
struct PlatformImage: Sendable {
    /// How the image is described where it is listed.
    let descriptor: Descriptor
    let manifest: ImageManifest
    let config: ImageConfig
    /// The image below Caisson's layer, by the bytes that it had; nil where the top layer isn't Caisson's.
    let base: Base?

    struct Base: Sendable {
        let mark: LayerMark
        let manifest: ImageManifest
        let manifestBytes: [UInt8]
        let config: ImageConfig
        let configBytes: [UInt8]
    }

    /// Reads an image; nil where the manifest is of something else, such as a signature.
    init?(_ descriptor: Descriptor, in layout: ImageLayout) throws(CaissonError) {
        self.descriptor = descriptor
        let manifestBytes = try layout.bytes(of: descriptor)
        let type = descriptor.mediaType
        manifest = try Self.reading(layout, descriptor) { () throws(ImageFormatError) in
            try ImageManifest(manifestBytes, mediaType: type)
        }
        guard manifest.isOfImage else { return nil }
        let configBytes = try layout.bytes(of: manifest.config)
        config = try Self.reading(layout, manifest.config) { () throws(ImageFormatError) in
            try ImageConfig(configBytes)
        }
        guard config.diffIDs.count == manifest.layers.count else {
            throw CaissonError(
                .badImage, layout.name,
                "\(descriptor.digest) has \(manifest.layers.count) layers, but its config tells of \(config.diffIDs.count)"
            )
        }
        base = Self.base(of: manifest, config)
    }

    private static func reading<Value>(
        _ layout: ImageLayout, _ descriptor: Descriptor, _ body: () throws(ImageFormatError) -> Value
    ) throws(CaissonError) -> Value {
        do throws(ImageFormatError) { return try body() } catch {
            throw CaissonError(.badImage, layout.name, "\(descriptor.digest): \(error)")
        }
    }

    /// Takes Caisson's parts out. What isn't the recorded base to the byte then isn't its base.
    private static func base(of manifest: ImageManifest, _ config: ImageConfig) -> Base? {
        guard let mark = config.mark, !manifest.layers.isEmpty, let configBytes = config.withoutMarkedLayer() else {
            return nil
        }
        let descriptor = Descriptor(of: configBytes, manifest.config.mediaType)
        guard let bytes = manifest.candidatesBelow(config: descriptor).first(where: { Digest(of: $0) == mark.base }),
            let below = try? ImageManifest(bytes, mediaType: manifest.mediaType),
            let configBelow = try? ImageConfig(configBytes)
        else { return nil }
        return Base(
            mark: mark, manifest: below, manifestBytes: bytes, config: configBelow, configBytes: configBytes)
    }

    /// Whether the image runs on Windows, whose trust isn't in files of layers.
    var isWindows: Bool { config.platform.os == "windows" }
}
