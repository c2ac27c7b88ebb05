import RootFS

/// What the records of a place tell of its present state: which entries Caisson made that still stand.
struct Provenance {
    private(set) var created: Set<RootPath> = []
    private(set) var directories: [RootPath] = []
    private(set) var publicRoots: Set<String> = []

    /// `records` are in the order of their runs.
    init(_ records: [Record]) {
        var madeDirectories: Set<RootPath> = []
        for record in records where record.state == .done {
            for entry in record.entries {
                switch (entry.before.kind, entry.after.kind) {
                case (_, .absent):
                    created.remove(entry.path)
                    madeDirectories.remove(entry.path)
                case (.absent, let kind):
                    created.insert(entry.path)
                    if kind == .directory { madeDirectories.insert(entry.path) }
                default: continue
                }
            }
            if let digest = record.run.publicRoots { publicRoots.insert(digest) }
        }
        directories = madeDirectories.sorted()
    }
}
