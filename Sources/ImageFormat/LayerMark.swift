/// What Caisson writes beside the layer that it adds, so that the layer can be taken out again to the byte: in the
/// config's history for every format, and in the annotations of OCI's manifests.
public struct LayerMark: Hashable, Sendable {
    /// SHA-256 of the anchors' DER in lower-case hexadecimal, sorted.
    public var anchors: [String]
    /// The manifest that the layer was put on.
    public var base: Digest
    /// The version of the tool.
    public var version: String
    /// SHA-256 of the public roots that were added with the anchors; nil if none were.
    public var publicRoots: String?

    /// A mark by its parts.
    public init(anchors: [String], base: Digest, version: String, publicRoots: String? = nil) {
        self.anchors = anchors.sorted()
        self.base = base
        self.version = version
        self.publicRoots = publicRoots
    }

    // MARK: History

    private static let tool = "caisson"

    /// The history entry as JSON (OCI image-spec 1.1, config.md). `created` is a time of RFC 3339.
    func historyEntry(created: String) -> String {
        // A layer without anchors only takes some of the base away.
        let command = anchors.isEmpty ? "distrust" : "trust"
        let by = ([Self.tool, command] + anchors.map { "sha256:\($0)" }).joined(separator: " ")
        let roots = publicRoots.map { " public-roots=sha256:\($0)" } ?? ""
        return JSONEdit.object([
            "created": created, "created_by": by, "comment": "caisson \(version) base=\(base)\(roots)",
        ])
    }

    /// Reads a history entry; nil where it isn't one of Caisson's.
    init?(historyEntry entry: JSONValue) {
        guard let by = entry["created_by"]?.string.map({ $0.split(separator: " ").map(String.init) }), by.count >= 2,
            by[0] == Self.tool, ["trust", "distrust"].contains(by[1]), let comment = entry["comment"]?.string
        else { return nil }
        let words = comment.split(separator: " ").map(String.init)
        func value(_ key: String) -> Digest? {
            words.first { $0.hasPrefix("\(key)=") }.flatMap { Digest(String($0.dropFirst(key.count + 1))) }
        }
        guard words.count >= 3, words[0] == "caisson", let base = value("base") else { return nil }
        var anchors: [String] = []
        for word in by.dropFirst(2) {
            guard let digest = Digest(word) else { return nil }
            anchors.append(digest.hex)
        }
        self.init(anchors: anchors, base: base, version: words[1], publicRoots: value("public-roots")?.hex)
    }

    // MARK: Annotations

    /// The manifest's own base, which images that were built on another say of theirs too.
    public static let baseKey = "org.opencontainers.image.base.digest"
    /// Keys that only Caisson writes.
    static let anchorsKey = "caisson.anchors"
    static let versionKey = "caisson.version"
    /// What `baseKey` said before.
    static let formerBaseKey = "caisson.former-base.digest"

    /// The annotations to set on a manifest that has `present` ones.
    func annotations(over present: [String: String]) -> [String: String] {
        var annotations = [
            Self.baseKey: base.description, Self.versionKey: version,
            Self.anchorsKey: anchors.map { "sha256:\($0)" }.joined(separator: ","),
        ]
        annotations[Self.formerBaseKey] = present[Self.baseKey]
        return annotations
    }
}
