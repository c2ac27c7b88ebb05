import RootFS

/// One of the directories that p11-kit's trust module reads, with what is in it (trust/token.c).
struct TrustToken {
    /// A file and where it lies.
    struct File {
        let path: RootPath
        let place: TokenPlace
        let contents: [UInt8]
        let parsed: TokenFile
    }

    let directory: RootPath
    /// In the order in which they are read: the directory's own files, then `anchors`, then the blocklist, each sorted
    /// by path.
    let files: [File]

    /// The blocklist has its name since p11-kit 0.24.0; before, and still in some images, it is the other.
    static let blocklistNames = ["blocklist", "blacklist"]

    static func patterns(_ directory: RootPath) -> [PathPattern] {
        ["", "/anchors"].map { PathPattern("\(directory)\($0)/*", followingLinks: true) }
            + blocklistNames.map { PathPattern("\(directory)/\($0)/*", followingLinks: true) }
    }

    static func reads(_ directory: RootPath, in listing: Snapshot) throws(PlanError) -> [RootPath] {
        var found: [RootPath] = []
        for (_, directory) in try places(in: directory, of: listing) {
            found += try paths(in: directory, of: listing)
        }
        return found
    }

    /// The directory that distrusts, of the two names that it may have; the newer one where there is none.
    static func blocklist(of directory: RootPath, in root: Snapshot) throws(PlanError) -> RootPath {
        for name in blocklistNames {
            let path = directory.appending(name)
            if case .directory? = try root.entry(at: root.resolve(path))?.kind { return path }
        }
        return directory.appending(blocklistNames[0])
    }

    private static func places(
        in directory: RootPath, of root: Snapshot
    ) throws(PlanError) -> [(place: TokenPlace, directory: RootPath)] {
        [
            (.top, directory), (.anchors, directory.appending("anchors")),
            (.blocklist, try blocklist(of: directory, in: root)),
        ]
    }

    /// Every file and link in a directory.
    private static func paths(in directory: RootPath, of root: Snapshot) throws(PlanError) -> [RootPath] {
        var found: [RootPath] = []
        for name in try root.names(in: directory) {
            let path = directory.appending(name)
            switch try root.entry(at: root.locate(path))?.kind {
            case .file, .symlink: found.append(path)
            default: continue
            }
        }
        return found
    }

    /// A token that is one file: what is in it are anchors.
    init(file path: RootPath, contents: [UInt8]) {
        directory = path
        files = [File(path: path, place: .anchors, contents: contents, parsed: TokenFile(contents, in: .anchors))]
    }

    /// Reads a token; files that are as in `previous` aren't parsed again.
    init(_ directory: RootPath, in root: Snapshot, reusing previous: TrustToken? = nil) throws(PlanError) {
        self.directory = directory
        let known = Dictionary(
            previous?.files.map { ($0.path, $0) } ?? [], uniquingKeysWith: { first, _ in first })
        var files: [File] = []
        for (place, directory) in try Self.places(in: directory, of: root) {
            for path in try Self.paths(in: directory, of: root) {
                guard let target = try? root.resolve(path), try root.file(at: target) != nil,
                    let contents = try root.contents(of: target)
                else { continue }
                if let file = known[path], file.contents == contents {
                    files.append(file)
                } else {
                    let parsed = TokenFile(contents, in: place)
                    files.append(File(path: path, place: place, contents: contents, parsed: parsed))
                }
            }
        }
        self.files = files
    }
}
