import Caisson
import Journal
import LocalDisk
import LocalPlaces
import RootFS
import SystemPackage
import Testing

/// Fails each operation that changes the disk in turn: afterwards the root is the old or the new, never between.
@Suite("A disk that fails, or a machine that stops, at any operation")
struct FaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let error: Errno
        let persistent: Bool
        var testDescription: String { "\(error) \(persistent ? "from then on" : "once")" }
    }

    static let faults =
        [Errno.noSpace, .ioError, .permissionDenied].map { Fault(error: $0, persistent: false) }
        + [Errno.ioError, .readOnlyFileSystem].map { Fault(error: $0, persistent: true) }

    private func afterTrust() async throws -> [String: String] {
        let layout = try Layout()
        let test = try TestPlace(layout.scratch)
        try await test.commit(try await layout.changes(test))
        return try layout.scratch.tree(times: false)
    }

    @Test("while trusting", arguments: faults)
    func trusting(_ fault: Fault) async throws {
        let after = try await afterTrust()
        for position in 0... {
            let layout = try Layout()
            let before = try View(layout.scratch)
            let faults = Faults(failing: position, with: fault.error, persistently: fault.persistent)
            let test = try TestPlace(layout.scratch, observer: faults.observer)
            let failed = await failure { try await test.commit(try await layout.changes(test)) }
            if failed, !fault.persistent {
                #expect(try View(layout.scratch) == before, "at \(position): \(faults.log.last as Any)")
            }
            try await TestPlace(layout.scratch).recover()
            let now = try View(layout.scratch)
            #expect(failed ? now == before : now.timeless == after, "at \(position): \(faults.log.suffix(1))")
            if !faults.hit { break }
        }
    }

    @Test("while taking back", arguments: faults)
    func undoing(_ fault: Fault) async throws {
        for position in 0... {
            let layout = try Layout()
            let before = try View(layout.scratch)
            let good = try TestPlace(layout.scratch)
            try await good.commit(try await layout.changes(good))
            let after = try View(layout.scratch)
            let faults = Faults(failing: position, with: fault.error, persistently: fault.persistent)
            let test = try TestPlace(layout.scratch, observer: faults.observer)
            let failed = await failure { try await test.undo() }
            try await good.recover()
            let now = try View(layout.scratch)
            #expect(now == (failed ? after : before), "at \(position): \(faults.log.suffix(1))")
            #expect(try good.journal.runs().map(\.state) == (failed ? [.done] : [.undone, .done]))
            if !faults.hit { break }
        }
    }

    @Test("while rolling back what a crash left", arguments: Array(stride(from: 3, to: 45, by: 7)))
    func recovering(crash: Int) async throws {
        for position in 0... {
            let layout = try Layout()
            let before = try View(layout.scratch)
            let crashing = try TestPlace(layout.scratch, observer: Faults(failing: crash, persistently: true).observer)
            #expect(await failure { try await crashing.commit(try await layout.changes(crashing)) })
            let faults = Faults(failing: position, persistently: true)
            let test = try TestPlace(layout.scratch, observer: faults.observer)
            _ = await failure { try await test.recover() }
            try await TestPlace(layout.scratch).recover()
            #expect(try View(layout.scratch) == before, "crash at \(crash), then at \(position)")
            #expect(try layout.scratch.stateFiles.isEmpty)
            if !faults.hit { break }
        }
    }

    @Test("leaves a path alone that something else has changed between crash and recovery, and says so")
    func changedSince() async throws {
        let layout = try Layout()
        // After the bundle was replaced: everything else of this run is put back.
        let crashing = try TestPlace(layout.scratch) { (operation) throws(Errno) in
            if case .removeFile = operation { throw .ioError }
        }
        #expect(await failure { try await crashing.commit(try await layout.changes(crashing)) })
        try layout.scratch.file("etc/certs/bundle.pem", "theirs\n")
        let test = try TestPlace(layout.scratch)
        #expect(try await test.place.records().map(\.state) == [.pending])
        try await test.recover()
        #expect(try layout.scratch.contents("etc/certs/bundle.pem") == "theirs\n")
        #expect(!layout.scratch.exists("local/new"))
        #expect(test.reports.ids == ["changed-since", "rolled-back"])
        #expect(try await test.place.records().isEmpty)
    }

    private func failure(_ body: () async throws -> Void) async -> Bool {
        do {
            try await body()
            return false
        } catch { return true }
    }
}
