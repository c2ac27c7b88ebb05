/// What a blob is: the media types of OCI image-spec 1.1 (media-types.md) and of Docker's image manifest version 2,
/// schema 2.
public struct MediaType: Hashable, Sendable, CustomStringConvertible {
    /// As descriptors have it, such as `application/vnd.oci.image.manifest.v1+json`.
    public let text: String

    /// A media type by its text.
    public init(_ text: String) { self.text = text }

    /// The text.
    public var description: String { text }

    /// OCI's image manifest.
    public static let manifest = MediaType("application/vnd.oci.image.manifest.v1+json")
    /// OCI's index.
    public static let index = MediaType("application/vnd.oci.image.index.v1+json")
    /// Docker's image manifest, schema 2.
    public static let dockerManifest = MediaType("application/vnd.docker.distribution.manifest.v2+json")
    /// Docker's manifest list.
    public static let dockerList = MediaType("application/vnd.docker.distribution.manifest.list.v2+json")
    /// OCI's layer, compressed by gzip.
    public static let layer = MediaType("application/vnd.oci.image.layer.v1.tar+gzip")
    /// Docker's layer, compressed by gzip.
    public static let dockerLayer = MediaType("application/vnd.docker.image.rootfs.diff.tar.gzip")

    /// Whether it is a manifest of one image.
    public var isManifest: Bool { self == .manifest || self == .dockerManifest }

    /// Whether it lists manifests.
    public var isIndex: Bool { self == .index || self == .dockerList }

    /// Whether it is of Docker's schema 1, which has no config and no layer digests to build on.
    public var isSchema1: Bool { text.hasPrefix("application/vnd.docker.distribution.manifest.v1") }

    /// How a layer's bytes are packed.
    public enum Compression: Hashable, Sendable {
        case none, gzip, zstd
    }

    /// How a layer of this type is packed; nil where this is no type of a layer.
    public var compression: Compression? {
        switch text {
        case "application/vnd.oci.image.layer.v1.tar",
            "application/vnd.oci.image.layer.nondistributable.v1.tar":
            Compression.none
        case Self.layer.text, Self.dockerLayer.text, "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip":
            .gzip
        case "application/vnd.oci.image.layer.v1.tar+zstd",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
            "application/vnd.docker.image.rootfs.diff.tar.zstd":
            .zstd
        case "application/vnd.docker.image.rootfs.diff.tar": Compression.none
        default: nil
        }
    }

    /// Whether a layer of this type isn't distributed with its image, so that it may not be here.
    public var isForeign: Bool { text.contains(".nondistributable.") || text.contains(".foreign.") }
}
