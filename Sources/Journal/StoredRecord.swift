internal import Caisson
internal import RootFS

/// Everything that is kept of one run in one place: enough to take it back, exactly.
struct StoredRecord: Hashable, Sendable {
    let run: Run
    /// The name of the place for people.
    let place: String
    /// When each directory that the run changes entries of was last changed before it.
    let directories: [DirectoryTime]
    /// In the order of the plan.
    let entries: [Entry]

    struct DirectoryTime: Hashable, Sendable {
        let path: RootPath
        let modified: Timestamp
    }

    struct Entry: Hashable, Sendable {
        let path: RootPath
        let before: Node
        let after: NodeDigest
    }
}
