import ArgumentParser
import Caisson
import Journal
import RootFS

struct Undo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        subcommand: "undo",
        abstract: "Take back a run: bytes, owners, modes, links and times as before.",
        discussion: """
            Without an ID it is the latest run that hasn't been taken back. What was changed since is a conflict.

            Examples:
              caisson undo
              caisson undo 20261124T215536Z-3f9a1c
              caisson undo 20261124T215536Z-3f9a1c --force
            """)

    @Argument(help: ArgumentHelp("The run, as history lists it.", valueName: "id"))
    var id: String?

    @Flag(help: "Put back what was changed since, too; what is lost is named.")
    var force = false

    @Flag(help: "Show what would change, and change nothing.")
    var dryRun = false

    @Option(help: "How many seconds to wait for another run on the same place.")
    var lockTimeout = 30

    @OptionGroup var mounts: MountOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current()
        let records = try records(in: environment)
        var reports: [PlanReport] = []
        var failure: ExitStatus?
        for record in records {
            do throws(CaissonError) {
                reports.append(try await takeBack(record, in: environment))
            } catch {
                Terminal.fail(
                    "\(error.subject): \(error.reason) (run \(record.run.id))",
                    hint: error.hint ?? (error.kind == .noInput ? Self.otherRuns : nil))
                failure = failure ?? ExitStatus(error.kind)
            }
        }
        if output.json { try Terminal.print(json: PlanReport.Document(reports)) }
        if let failure { throw failure.exitCode }
    }

    /// What to do where a run's place is gone: it stays the latest one.
    private static let otherRuns = "earlier runs are taken back by their ID: see caisson history"

    private func takeBack(_ record: Record, in environment: Environment) async throws(CaissonError) -> PlanReport {
        let finder = PlaceFinder(environment: environment, throughMounts: try mounts.paths())
        guard let found = await finder.places([try Target(record.place)]).first else {
            throw CaissonError(.noInput, printable(record.place), "there is no such place")
        }
        let place = try await found.open()
        var run: Run?
        let plan: Plan
        if dryRun {
            plan = try await place.undoPlan(for: record, force: force)
        } else {
            (plan, run) = try await place.exclusively(waiting: .seconds(lockTimeout)) {
                () async throws(CaissonError) -> (Plan, Run) in
                let plan = try await place.undoPlan(for: record, force: force)
                let run = Run.beginning(.undo(record.run.id), anchors: record.run.anchors)
                try await place.commit(plan, as: run)
                return (plan, run)
            }
        }
        for diagnostic in plan.diagnostics { Terminal.warn("\(place.name): \(diagnostic.message)") }
        let report = PlanReport(plan, command: .undo(record.run.id), run: run?.id)
        if !output.json { Terminal.print(report.text) }
        return report
    }

    /// The records to take back, one for each place of the run.
    private func records(in environment: Environment) throws(CaissonError) -> [Record] {
        var all: [Record] = []
        for journal in try environment.journals() { all += try journal.runs() }
        let standing = all.filter { record in
            if case .undo = record.run.command { return false }
            return record.state == .done
        }
        guard let id else {
            guard let latest = standing.map(\.run.id).max() else {
                throw CaissonError(.noInput, "undo", "there is no run to take back", hint: "see: caisson history")
            }
            return standing.filter { $0.run.id == latest }
        }
        let named = all.filter { $0.run.id == id }
        guard !named.isEmpty else {
            throw CaissonError(.noInput, printable(id), "there is no such run", hint: "see: caisson history")
        }
        let open = standing.filter { $0.run.id == id }
        guard !open.isEmpty else {
            throw CaissonError(.noInput, printable(id), "it can't be taken back: it was already, or is an undo itself")
        }
        return open
    }
}
