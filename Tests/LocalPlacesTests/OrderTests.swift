import LocalDisk
import RootFS
import Testing

/// What survives a power cut is what was made durable before it, so the order of the operations is the promise.
@Suite("The order in which things are made durable")
struct OrderTests {
    let layout: Layout
    let log: [DiskOperation]
    let root: [UInt8]
    let state: [UInt8]

    init() async throws {
        layout = try Layout()
        let faults = Faults()
        let test = try TestPlace(layout.scratch, observer: faults.observer)
        try await test.commit(try await layout.changes(test))
        log = faults.log
        root = Array(layout.scratch.root.utf8)
        state = Array(layout.scratch.state.utf8)
    }

    private func firstInRoot(where matches: (DiskOperation) -> Bool = { _ in true }) throws -> Int {
        try #require(log.firstIndex { $0.location.starts(with: root) && matches($0) })
    }

    @Test("the record is on the disk before anything in the root is touched")
    func recordFirst() throws {
        let written = try #require(log.firstIndex { $0.isRename(to: ".pending") })
        let first = try firstInRoot()
        #expect(log[written..<first].contains(.synchronize(log[written].location)))
        #expect(log[written..<first].contains(.synchronize(state)))
    }

    @Test("what is staged is on the disk before it gets its name, complete with its attributes")
    func stagedFirst() throws {
        let visible = try firstInRoot { $0.isVisible }
        for staged in log.compactMap(\.created) where staged.starts(with: root) {
            let before = log[..<visible]
            let last = try #require(
                before.lastIndex { $0.location == staged && !$0.isVisible && $0 != .synchronize(staged) })
            let durable = try #require(before.lastIndex(of: .synchronize(staged)))
            #expect(last < durable)
        }
    }

    @Test("every directory that has changed is on the disk before the run is noted as done, and that note last")
    func doneLast() throws {
        let done = try #require(log.firstIndex { $0.isRename(to: ".done") })
        for (index, operation) in log.enumerated() where operation.isVisible && operation.location.starts(with: root) {
            guard index < done else { continue }
            let slash = try #require(operation.location.lastIndex(of: UInt8(ascii: "/")))
            let parent = Array(operation.location[..<slash])
            // A directory made in this run was opened under its staged name.
            let durable = log[index..<done].contains { operation in
                guard case .synchronize(let location) = operation else { return false }
                return location == parent || location.dropFirst(root.count).contains(UInt8(ascii: "."))
            }
            #expect(durable, "\(operation)")
        }
        #expect(log[done...].contains(.synchronize(state)))
        #expect(!log[done...].contains { $0.location.starts(with: root) })
    }

    @Test("each file and directory is made durable once; a new directory again when it is full")
    func once() {
        var counts: [DiskOperation: Int] = [:]
        for operation in log { if case .synchronize = operation { counts[operation, default: 0] += 1 } }
        for case .createDirectory(let staged) in log { counts[.synchronize(staged), default: 0] -= 1 }
        counts[.synchronize(state)] = nil
        #expect(counts.values.allSatisfy { $0 == 1 })
    }
}

extension DiskOperation {
    /// The file or directory that it makes.
    var created: [UInt8]? {
        switch self {
        case .createFile(let path), .createDirectory(let path): path
        default: nil
        }
    }

    var location: [UInt8] {
        switch self {
        case .createFile(let path), .write(let path), .setOwner(let path), .setMode(let path), .setTime(let path),
            .setAttribute(let path), .synchronize(let path), .createDirectory(let path), .createLink(let path),
            .rename(let path, to: _), .removeFile(let path), .removeDirectory(let path):
            path
        }
    }

    /// Whether others see it: it gives or takes a name that isn't a staged one.
    var isVisible: Bool {
        switch self {
        case .rename, .removeFile, .removeDirectory: true
        default: false
        }
    }

    func isRename(to end: String) -> Bool {
        guard case .rename(_, to: let path) = self else { return false }
        return path.suffix(end.utf8.count).elementsEqual(end.utf8)
    }
}
