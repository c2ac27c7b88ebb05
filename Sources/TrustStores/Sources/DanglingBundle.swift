import RootFS

extension Snapshot {
    /// Where the bundle at `path` lies or will lie; throws where that is a link to nothing, since whoever made it had a
    /// reason, and tools disagree about it: some replace the link, some fail.
    func place(ofBundle path: RootPath, store: String) throws(PlanError) -> RootPath {
        let physical = try resolve(path)
        guard try entry(at: physical) == nil, case .symlink(let target)? = try entry(at: locate(path))?.kind else {
            return physical
        }
        throw .refused(
            store: store, path, reason: "it is a link to \(printable(target)), which isn't there",
            hint: "remove the link, or put back what it leads to, and try again")
    }
}
