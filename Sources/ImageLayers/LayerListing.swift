public import RootFS
public import Tar

/// What is in one layer: its members by their paths, and what it takes away from the layers below (OCI image-spec 1.1,
/// layer.md, "Whiteouts").
public struct LayerListing: Sendable {
    /// One member of the layer's archive.
    public struct Member: Sendable {
        /// Where it stands in the root.
        public let path: RootPath
        /// What it is.
        public let kind: TarHeader.Kind
        /// Owner, mode, time and extended attributes.
        public let attributes: Attributes
        /// The bytes of a file, where they were kept.
        public let contents: [UInt8]?
    }

    /// In the archive's order.
    public private(set) var members: [Member] = []
    /// Paths that are taken away.
    public private(set) var whiteouts: [RootPath] = []
    /// Directories of which everything below is taken away.
    public private(set) var opaque: [RootPath] = []

    /// No larger file of a trust store is kept, and no more bytes than this of one layer.
    public static let sizeLimit = 256 * 1024 * 1024

    /// How long a path may be in bytes: PATH_MAX of Linux.
    public static let nameLimit = 4096

    /// Reads a layer's archive to its end.
    ///
    /// - Parameter isWanted: whether a file's contents are kept, by its number among the members and its path.
    public init(
        _ source: some ByteSource, keeping isWanted: (Int, RootPath) -> Bool
    ) throws(TarError) {
        var scanner = TarScanner(source)
        var kept = 0
        while let header = try scanner.next() {
            // Names that lead out of the root, or begin with a slash, are taken to begin in it, as unpackers do.
            guard header.name.count <= Self.nameLimit, let path = RootPath(bytes: header.name) else { throw .badHeader }
            if let whiteout = Whiteout(path) {
                switch whiteout {
                case .entry(let hidden): whiteouts.append(hidden)
                case .contents(let directory): opaque.append(directory)
                case .internal: continue
                }
                continue
            }
            var contents: [UInt8]?
            if case .file(let size) = header.kind, size <= Self.sizeLimit - kept, isWanted(members.count, path) {
                contents = try scanner.contents()
                kept += size
            }
            members.append(
                Member(path: path, kind: header.kind, attributes: header.attributes, contents: contents))
        }
        try scanner.drain()
    }
}

/// What the name of a member says is gone from the layers below.
enum Whiteout {
    case entry(RootPath)
    case contents(of: RootPath)
    /// AUFS's own, which mean nothing here.
    case `internal`

    private static let prefix = Array(".wh.".utf8)

    /// Nil for a member that is one.
    init?(_ path: RootPath) {
        guard path.name.starts(with: Self.prefix), let parent = path.parent else { return nil }
        let name = path.name.dropFirst(Self.prefix.count)
        if name.starts(with: Self.prefix) {
            self = name.dropFirst(Self.prefix.count).elementsEqual(".opq".utf8) ? .contents(of: parent) : .internal
        } else {
            self = .entry(parent.appending(name))
        }
    }

    /// The name of the member that takes `path` away.
    static func name(hiding path: RootPath) -> RootPath? {
        path.parent?.appending(prefix + path.name)
    }
}
