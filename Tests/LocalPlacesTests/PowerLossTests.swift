import Caisson
import Journal
import LocalDisk
import LocalPlaces
import RootFS
import Testing

/// Cuts the power before each operation on the disk, and loses what wasn't made durable, in several ways each time.
@Suite("A power cut at any operation")
struct PowerLossTests {
    private let layout: Layout
    private var scratch: Scratch { layout.scratch }
    private let history: DiskHistory

    init() throws {
        layout = try Layout()
        history = DiskHistory(of: layout.scratch.path)
        // So that it is among what stays when the power is cut.
        try run("/bin/mkdir", "-m", "700", layout.scratch.state)
    }

    @Test("while trusting leaves the old root or the new one; once the run is over, the new one")
    func trusting() async throws {
        let old = try View(scratch)
        let test = try TestPlace(scratch, observer: history.observer)
        try await test.commit(try await layout.changes(test))
        try history.end()
        try await expect(old, or: try View(scratch))
    }

    @Test("while taking back leaves the run in force or taken back; once the undo is over, taken back")
    func undoing() async throws {
        let good = try TestPlace(scratch)
        try await good.commit(try await layout.changes(good))
        let trusted = try View(scratch)
        try await TestPlace(scratch, observer: history.observer).undo()
        try history.end()
        try await expect(trusted, or: try View(scratch))
    }

    @Test("while rolling back what a crash left is made up for at the next start", arguments: [12, 25, 36])
    func recovering(crash: Int) async throws {
        let old = try View(scratch)
        let crashing = try TestPlace(scratch, observer: Faults(failing: crash, persistently: true).observer)
        await #expect(throws: CaissonError.self) {
            try await crashing.commit(try await layout.changes(crashing))
        }
        try await TestPlace(scratch, observer: history.observer).recover()
        try history.end()
        try await expect(old, or: old)
    }

    /// Expects that each power cut, and then a start, ends in one of two roots; in the new one after the last operation.
    private func expect(_ old: View, or new: View) async throws {
        let (moments, durable) = (history.moments, history.durable())
        for cut in moments.indices {
            for (luck, seed) in [(.worst, 0), (.best, 0)] + (0..<5).map({ (PowerCut.Luck.mixed, $0) }) {
                var power = PowerCut(moments, durable: durable[cut], at: cut, luck, seed: UInt64(100 * cut + seed))
                try power.happen(in: scratch.path)
                let test = try TestPlace(scratch)
                try await test.recover()
                let now = try View(scratch)
                let isOver = cut == moments.count - 1
                #expect(
                    now.timeless == new.timeless || (!isOver && now == old),
                    """
                    before \(moments[cut].operation.map { "\($0)" } ?? "the end"), \(luck) \(seed):
                    \(now.difference(to: old)) from the old, \(now.difference(to: new)) from the new
                    """)
                #expect(!test.reports.ids.contains("changed-since"))
                #expect(try await test.place.records().allSatisfy { $0.state != .pending })
            }
        }
    }
}
