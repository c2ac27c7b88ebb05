/// An image's config: its platform and, for each layer, the digest of its unpacked bytes (OCI image-spec 1.1, config.md;
/// Docker's is the same where it matters here).
public struct ImageConfig: Sendable {
    /// The document.
    public let document: JSONDocument
    /// What it runs on.
    public let platform: Platform
    /// The digests of the layers' tar archives, the lowest first.
    public let diffIDs: [Digest]
    /// What stands beside the top layer if Caisson added it.
    public let mark: LayerMark?

    /// Reads a config.
    public init(_ bytes: [UInt8]) throws(ImageFormatError) {
        document = try JSONDocument(image: bytes)
        platform = Platform(document.root)
        guard let list = document.root["rootfs"]?["diff_ids"] else { throw .missing("rootfs.diff_ids") }
        var ids: [Digest] = []
        for (number, value) in list.elements.enumerated() {
            guard let id = value.string.flatMap({ Digest($0) }) else {
                throw .invalid("rootfs.diff_ids[\(number)]", "it isn't a SHA-256 digest")
            }
            ids.append(id)
        }
        diffIDs = ids
        mark = document.root["history"]?.elements.last.flatMap { LayerMark(historyEntry: $0) }
    }

    /// The config with one layer more. A history is only carried on where it accounts for every layer below.
    public func appending(diffID: Digest, mark: LayerMark, created: String) -> [UInt8] {
        var edit = JSONEdit(document)
        if let list = document.root["rootfs"]?["diff_ids"] { edit.append("\"\(diffID)\"", to: list) }
        if let history = document.root["history"], accountsForLayers(history) {
            edit.append(mark.historyEntry(created: created), to: history)
        }
        return edit.result
    }

    private func accountsForLayers(_ history: JSONValue) -> Bool {
        history.elements.filter { $0["empty_layer"]?.kind != .bool(true) }.count == diffIDs.count
    }

    /// The config as it was before `appending`; nil where its top layer isn't marked as Caisson's.
    public func withoutMarkedLayer() -> [UInt8]? {
        guard mark != nil, !diffIDs.isEmpty, let list = document.root["rootfs"]?["diff_ids"],
            let history = document.root["history"]
        else { return nil }
        var edit = JSONEdit(document)
        edit.remove(elements: [list.elements.count - 1], from: list)
        edit.remove(elements: [history.elements.count - 1], from: history)
        return edit.result
    }
}
