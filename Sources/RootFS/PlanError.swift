/// Why no plan could be made for a root.
public enum PlanError: Error, Hashable, Sendable {
    /// A store asked for a path that its place didn't capture: a defect of the store's patterns.
    case notCaptured(RootPath)
    /// More than `Snapshot.linkLimit` links on the way to a path, or a loop.
    case tooManyLinks(RootPath)
    /// What stands where a file is expected can't be read.
    case special(RootPath, Entry.Special)
    /// The path leads through something that isn't a directory.
    case notDirectory(RootPath)
    /// Nothing can be written in this root that would last; `setting` is the text to put into its settings instead.
    case unsupported(store: String, setting: String)
    /// A store can't be changed as asked. `hint` says what to do.
    case refused(store: String, RootPath, reason: String, hint: String)
}
