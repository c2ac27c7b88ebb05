/// What a manifest or an index says of a blob (OCI image-spec 1.1, descriptor.md).
public struct Descriptor: Hashable, Sendable {
    /// What the blob is.
    public var mediaType: MediaType
    /// The blob's digest.
    public var digest: Digest
    /// The blob's size in bytes.
    public var size: Int
    /// For which platform an image is; nil where the descriptor doesn't say.
    public var platform: Platform?
    /// Annotations, by key.
    public var annotations: [String: String]
    /// Where else the blob may be had, for foreign layers.
    public var urls: [String]
    /// Its place in the document that it was read from; nil for one that was made.
    public let value: JSONValue?

    /// A descriptor of bytes that are here.
    public init(
        of bytes: [UInt8], _ mediaType: MediaType, platform: Platform? = nil, annotations: [String: String] = [:]
    ) {
        self.mediaType = mediaType
        digest = Digest(of: bytes)
        size = bytes.count
        self.platform = platform
        self.annotations = annotations
        urls = []
        value = nil
    }

    init(_ value: JSONValue, at path: String) throws(ImageFormatError) {
        guard let type = value["mediaType"]?.string else { throw .missing("\(path).mediaType") }
        guard let digest = value["digest"]?.string.flatMap({ Digest($0) }) else {
            throw .invalid("\(path).digest", "it isn't a SHA-256 digest")
        }
        guard let size = value["size"]?.integer, size >= 0 else {
            throw .invalid("\(path).size", "it isn't a number of bytes")
        }
        mediaType = MediaType(type)
        self.digest = digest
        self.size = size
        platform = value["platform"].map { Platform($0) }
        annotations = value["annotations"]?.strings ?? [:]
        urls = value["urls"]?.elements.compactMap(\.string) ?? []
        self.value = value
    }

    /// As JSON, for documents that are made anew.
    public var json: String {
        var text =
            "{\"mediaType\":\(JSONEdit.quoted(mediaType.text)),\"digest\":\"\(digest)\",\"size\":\(size)"
        if let platform { text += ",\"platform\":\(platform.json)" }
        if !annotations.isEmpty { text += ",\"annotations\":\(JSONEdit.object(annotations))" }
        return text + "}"
    }

    /// Whether it is BuildKit's attestation of an image beside it, which isn't an image itself (BuildKit,
    /// docs/attestations/attestation-storage.md).
    public var isAttestation: Bool { annotations["vnd.docker.reference.type"] == "attestation-manifest" }

    /// The image that an attestation is about.
    public var attested: Digest? { annotations["vnd.docker.reference.digest"].flatMap { Digest($0) } }
}

/// Why a manifest, an index or a config isn't one.
public enum ImageFormatError: Error, Hashable, Sendable, CustomStringConvertible {
    case json(JSONError)
    /// Something that must be there isn't.
    case missing(String)
    /// Something isn't as it must be.
    case invalid(String, String)

    /// What is wrong, as part of a sentence.
    public var description: String {
        switch self {
        case .json(let error): "\(error)"
        case .missing(let path): "\(path) is missing"
        case .invalid(let path, let reason): "\(path) is wrong: \(reason)"
        }
    }
}

extension JSONDocument {
    /// Reads a document, with its failure as one of an image's.
    init(image bytes: [UInt8]) throws(ImageFormatError) {
        do throws(JSONError) { try self.init(bytes) } catch { throw .json(error) }
    }
}
