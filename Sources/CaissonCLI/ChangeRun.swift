import ArgumentParser
import Caisson
import Journal
import RootFS
import TrustStores

/// One run of `trust` or `distrust` over several places: each is all or nothing, and the others go on.
struct ChangeRun {
    let command: Run.Command
    let anchors: [Run.Anchor]
    let publicRoots: [[UInt8]]
    let intent: Intent
    let stores: [any TrustStore]
    let options: ChangeOptions
    let environment: Environment

    /// Ends with the status of the first place that failed.
    func perform(on targets: [Target]) async throws {
        var results: [PlanReport] = []
        var failure: ExitStatus?
        var run: Run?
        for target in targets {
            do throws(CaissonError) {
                let place = try target.open(in: environment)
                let plan = try await options.dryRun ? place.plan(intent, using: stores) : change(place, as: &run)
                let report = PlanReport(plan, command: command, run: options.dryRun ? nil : run?.id)
                results.append(report)
                for diagnostic in plan.diagnostics { Terminal.warn("\(place.name): \(diagnostic.message)") }
                if !options.output.json { Terminal.print(report.text) }
            } catch {
                Terminal.fail("\(error.subject): \(error.reason)", hint: error.hint)
                if let answer = error.answer, !options.output.json { Terminal.print(answer) }
                failure = failure ?? ExitStatus(error.kind)
            }
        }
        if options.output.json { try Terminal.print(json: PlanReport.Document(results)) }
        if let failure { throw failure.exitCode }
    }

    /// The run begins, and gets its ID, when the first place is its own: so IDs sort as the changes were made.
    private func change(_ place: any Place, as run: inout Run?) async throws(CaissonError) -> Plan {
        let known = run
        let (plan, current) = try await place.exclusively(waiting: .seconds(options.lockTimeout)) {
            () async throws(CaissonError) -> (Plan, Run) in
            let plan = try await place.plan(intent, using: stores)
            let run = known ?? Run.beginning(command, anchors: anchors, publicRoots: publicRoots)
            if !plan.steps.isEmpty { try await place.commit(plan, as: run) }
            return (plan, run)
        }
        run = current
        return plan
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
