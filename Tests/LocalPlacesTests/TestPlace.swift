import Caisson
import Journal
import LocalDisk
import LocalPlaces
import RootFS
import Synchronization
import SystemPackage

/// A place in a scratch directory, with what it reported.
struct TestPlace: Sendable {
    let place: DirectoryPlace
    let journal: Journal
    let reports: Reports

    final class Reports: Sendable {
        private let list = Mutex<[Diagnostic]>([])
        var all: [Diagnostic] { list.withLock { $0 } }
        var ids: [String] { all.map(\.id) }
        func add(_ report: Diagnostic) { list.withLock { $0.append(report) } }
    }

    init(
        _ scratch: Scratch, resolver: Root.Resolver = .kernel, limits: Limits = Limits(), user: User = .current,
        observer: Disk.Observer? = nil
    ) throws {
        let reports = Reports()
        journal = Journal(
            in: StateDirectory(FilePath(scratch.state)), user: user, on: Disk(observer: observer),
            report: { reports.add($0) })
        place = try DirectoryPlace(
            FilePath(scratch.root), named: "rootfs:test", journal: journal, resolver: resolver, limits: limits)
        self.reports = reports
    }

    /// Commits changes as a run would, under the lock.
    func commit(_ changes: [Change], as run: Run = .trust()) async throws {
        let plan = Plan(root: place.name, steps: changes.map { Step($0, store: "test", purpose: "test") })
        try await place.exclusively(waiting: .seconds(5)) { () async throws(CaissonError) in
            try await place.commit(plan, as: run)
        }
    }

    /// What a run with nothing to do does: rolls back what was cut off.
    func recover() async throws { try await place.exclusively(waiting: .seconds(5)) {} }

    /// Takes the latest record back.
    func undo(as run: String = "undo") async throws {
        guard let record = try await place.records().last(where: { $0.run.command == .trust }) else { return }
        try await commit(try await inverse(of: record), as: .undo(record.run.id, as: run))
    }

    /// The changes from what stands now to what a record says was before.
    func inverse(of record: Record) async throws -> [Change] {
        let originals = try await place.originals(of: record)
        var changes: [Change] = []
        for entry in record.entries.reversed() {
            changes.append(
                Change(
                    path: entry.path, before: try await node(at: entry.path), after: originals[entry.path] ?? .absent))
        }
        return changes
    }

    /// What stands at a physical path, as a use case sees it.
    func node(at path: RootPath) async throws -> Node {
        let snapshot = try await place.discover([PathPattern(path)])
        return try await place.read([path], into: snapshot).node(at: path)
    }
}

extension Run {
    static func trust(_ id: String = "20260101T000000Z-000000") -> Run {
        Run(id: id, started: Timestamp(seconds: 1_700_000_000), command: .trust, anchors: [])
    }

    static func undo(_ target: String, as id: String) -> Run {
        Run(id: id, started: Timestamp(seconds: 1_700_000_001), command: .undo(target), anchors: [])
    }
}

extension Attributes {
    /// What the user of the test owns.
    static func own(_ mode: UInt16) -> Attributes {
        Attributes(mode: mode, owner: User.current.id, group: User.current.group)
    }
}

extension Node {
    static func text(_ contents: String, mode: UInt16 = 0o644) -> Node {
        .file(contents: Array(contents.utf8), .own(mode))
    }
    static func link(_ target: String) -> Node { .symlink(to: Array(target.utf8), .own(0o777)) }
    static func folder(_ mode: UInt16 = 0o755) -> Node { .directory(.own(mode)) }

    /// The same node with other contents.
    func rewritten(_ contents: String) -> Node {
        guard case .file(_, let attributes) = self else { return self }
        return .file(contents: Array(contents.utf8), attributes.rewritten)
    }
}
