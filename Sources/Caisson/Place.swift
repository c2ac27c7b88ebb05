public import RootFS

/// Somewhere trust can be given: a directory, this host, later an image or a container.
///
/// A place knows how to look and how to write, and nothing about trust stores.
public protocol Place: Sendable {
    /// The place as the user names it, such as `rootfs:/srv/root`.
    var name: String { get }

    /// Looks for entries: every entry that matches, with the links on the way to it; contents are not read.
    func discover(_ patterns: [PathPattern]) async throws(CaissonError) -> Snapshot

    /// Reads regular files, over links, into a snapshot of this place. What isn't there is recorded as missing.
    func read(_ paths: [RootPath], into snapshot: Snapshot) async throws(CaissonError) -> Snapshot

    /// A plan as this place would carry it out, with what its owner should know about that; it throws what it would not.
    func accepting(_ plan: Plan) async throws(CaissonError) -> Plan

    /// Makes every change of a plan, or none, and records it as part of `run`.
    ///
    /// A path that is no longer as the plan's `before` says is a conflict, and nothing is changed.
    func commit(_ plan: Plan, as run: Run) async throws(CaissonError)

    /// What earlier runs did here that still stands or was cut off, oldest first.
    func records() async throws(CaissonError) -> [Record]

    /// What stood, exactly, at each path of one of this place's records before its run.
    func originals(of record: Record) async throws(CaissonError) -> [RootPath: Node]

    /// Keeps every other run out of this place while `body` runs; waits for a running one up to `timeout`.
    ///
    /// A commit that was cut off earlier is rolled back first.
    func exclusively<Value: Sendable>(
        waiting timeout: Duration, _ body: () async throws(CaissonError) -> Value
    ) async throws(CaissonError) -> Value
}

extension Place {
    /// Every plan, as it is.
    public func accepting(_ plan: Plan) async throws(CaissonError) -> Plan { plan }
}
