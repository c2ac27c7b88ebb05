import ArgumentParser
import Caisson
import ContainerPlaces
import Journal
import RootFS
import TrustStores

/// One run of `trust` or `distrust` over several places, some at the same time: each is all or nothing, and the others
/// go on.
struct ChangeRun: Sendable {
    let command: Run.Command
    let anchors: [Run.Anchor]
    let publicRoots: [[UInt8]]
    let intent: Intent
    let stores: [any TrustStore]
    let options: ChangeOptions
    let environment: Environment

    /// How many places are changed at the same time.
    private static let concurrency = 8

    /// Ends with the status of the first place that failed.
    func perform(on places: [FoundPlace]) async throws {
        let shared = SharedRun(command, anchors: anchors, publicRoots: publicRoots)
        let results = await places.concurrentlyMapped(limit: Self.concurrency) { found in
            await Result<PlaceChange, CaissonError> { () async throws(CaissonError) in
                try await change(found, as: shared)
            }
        }
        var reports: [PlanReport] = []
        var failure: ExitStatus?
        for result in results {
            switch result {
            case .success(let change):
                reports.append(change.report)
                if !options.output.json { Terminal.print(change.report.text) }
            case .failure(let error):
                Terminal.fail("\(error.subject): \(error.reason)", hint: error.hint)
                if let answer = error.answer, !options.output.json { Terminal.print(answer) }
                failure = failure ?? ExitStatus(error.kind)
            }
        }
        if options.output.json { try Terminal.print(json: PlanReport.Document(reports)) }
        ContainerAdvice(results.compactMap { try? $0.get().aftermath }, command: command).tell()
        if let failure { throw failure.exitCode }
    }

    private func change(_ found: FoundPlace, as shared: SharedRun) async throws(CaissonError) -> PlaceChange {
        let place = try await found.open()
        let (plan, run) =
            try await options.dryRun ? (place.plan(intent, using: stores), nil) : commit(to: place, shared)
        for diagnostic in plan.diagnostics { Terminal.warn("\(place.name): \(diagnostic.message)") }
        let report = PlanReport(plan, command: command, run: run?.id)
        guard let container = place as? ContainerPlace, run != nil, !plan.steps.isEmpty else {
            return PlaceChange(report: report, aftermath: nil)
        }
        let aftermath = ContainerAdvice.Aftermath(place: place.name, programs: await container.programs())
        return PlaceChange(report: report, aftermath: aftermath)
    }

    private func commit(to place: any Place, _ shared: SharedRun) async throws(CaissonError) -> (Plan, Run?) {
        try await place.exclusively(waiting: .seconds(options.lockTimeout)) {
            () async throws(CaissonError) -> (Plan, Run?) in
            let plan = try await place.plan(intent, using: stores)
            let run = await shared.begun()
            if !plan.steps.isEmpty { try await place.commit(plan, as: run) }
            return (plan, run)
        }
    }
}

/// What was done to one place.
private struct PlaceChange: Sendable {
    let report: PlanReport
    /// Nil where nothing of it is left to say.
    let aftermath: ContainerAdvice.Aftermath?
}

/// The run that all places of one command belong to. It begins, and gets its ID, when the first place is its own: so IDs
/// sort as the changes were made.
private actor SharedRun {
    private let command: Run.Command
    private let anchors: [Run.Anchor]
    private let publicRoots: [[UInt8]]
    private var run: Run?

    init(_ command: Run.Command, anchors: [Run.Anchor], publicRoots: [[UInt8]]) {
        self.command = command
        self.anchors = anchors
        self.publicRoots = publicRoots
    }

    func begun() -> Run {
        let run = self.run ?? Run.beginning(command, anchors: anchors, publicRoots: publicRoots)
        self.run = run
        return run
    }
}

extension Run {
    /// A run that begins now.
    static func beginning(_ command: Command, anchors: [Anchor], publicRoots: [[UInt8]] = []) -> Run {
        let now = Environment.now()
        return Run(
            id: RunID.make(now: now, random: .random(in: 0...UInt64.max)), started: now, command: command,
            anchors: anchors, publicRoots: publicRoots.isEmpty ? nil : Scratch.digest(of: publicRoots))
    }
}
