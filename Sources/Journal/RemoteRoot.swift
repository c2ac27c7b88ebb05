package import Caisson
package import RootFS

/// A root that is changed by asking somebody else, who makes the changes one after the other.
package protocol RemoteRoot: Sendable {
    /// What stands at physical paths now.
    func nodes(at paths: [RootPath]) async throws(CaissonError) -> [RootPath: Node]

    /// Makes changes, each from what stands there now. If it throws, some may have been made.
    func make(_ changes: [Change]) async throws(CaissonError)
}
