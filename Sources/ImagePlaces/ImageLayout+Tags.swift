internal import Caisson
internal import ImageFormat
internal import LocalDisk
internal import RootFS

extension ImageLayout {
    /// What the layout lists under a tag, or at all where no tag is named.
    func listed(under tag: String?) throws(CaissonError) -> Descriptor {
        let manifests = try index()?.manifests ?? []
        let found = tag.map { tag in manifests.filter { $0.annotations[Self.tagKey] == tag } } ?? manifests
        if found.count == 1 { return found[0] }
        let tags = manifests.compactMap { $0.annotations[Self.tagKey] }.sorted().map { printable($0) }
        let reason =
            found.isEmpty
            ? "there is no such image" : tag == nil ? "it has several images" : "the tag stands twice in it"
        throw CaissonError(
            .noInput, name, reason, hint: tags.isEmpty ? nil : "the tags are \(tags.prefix(20).joined(separator: ", "))"
        )
    }

    /// An index whose bytes are verified by its descriptor.
    func index(_ descriptor: Descriptor) throws(CaissonError) -> ImageIndex {
        let bytes = try bytes(of: descriptor)
        do throws(ImageFormatError) { return try ImageIndex(bytes) } catch {
            throw CaissonError(.badImage, name, "\(descriptor.digest): \(error)")
        }
    }

    /// The bytes of a blob of which only the digest is known; nil where it isn't here, or is no document.
    func smallBlob(_ digest: Digest) -> [UInt8]? {
        var descriptor = Descriptor(of: [], .index)
        descriptor.digest = digest
        guard let bytes = try? open(descriptor).contents(limit: JSONDocument.sizeLimit), Digest(of: bytes) == digest
        else {
            return nil
        }
        return bytes
    }

    /// The layout's index with an image under a location's tag; nil where it is there already.
    func tagging(
        _ descriptor: Descriptor, as location: ImageLocation, in index: ImageIndex?
    ) throws(CaissonError) -> [UInt8]? {
        var entry = descriptor
        entry.annotations[Self.tagKey] = location.tag
        guard let index else {
            return Array(
                "{\"schemaVersion\":2,\"mediaType\":\"\(MediaType.index)\",\"manifests\":[\(entry.json)]}".utf8)
        }
        let numbers = index.manifests.indices.filter {
            location.tag == nil || index.manifests[$0].annotations[Self.tagKey] == location.tag
        }
        if location.tag == nil, numbers.count > 1 {
            throw CaissonError(
                .usage, location.name, "there are other images in it", hint: "name a tag: \(location.name):TAG")
        }
        guard let number = numbers.first else { return index.appending(entry) }
        let present = index.manifests[number]
        if present.digest == descriptor.digest, numbers.count == 1 { return nil }
        if present.mediaType == descriptor.mediaType { return index.replacing([number: descriptor]) }
        guard let rest = try? ImageIndex(index.replacing([:], leavingOut: Set(numbers))) else { return nil }
        return rest.appending(entry)
    }
}
