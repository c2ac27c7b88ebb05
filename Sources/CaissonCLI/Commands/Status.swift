import ArgumentParser
import Caisson
import Journal
import RootFS
import TrustStores

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show which anchors were added beside the distribution's own, where, and what has drifted.",
        discussion: """
            Without a place: this host, and every place that a run has changed. Nothing is changed.

            Examples:
              caisson status
              caisson status rootfs:/srv/root --check
              caisson status host --json
            """)

    @Argument(help: "Where to look: \(Target.forms).")
    var places: [String] = []

    @Flag(help: "Exit with status 1 if anything has drifted or an anchor has expired.")
    var check = false

    @OptionGroup var stores: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current()
        let stores = try stores.stores()
        let known = places.isEmpty
        var reports: [StatusReport] = []
        var failure: ExitStatus?
        for text in try known ? knownPlaces(in: environment) : places {
            do throws(CaissonError) {
                let status = try await Target(text).open(in: environment).status(using: stores)
                let report = StatusReport(status, now: environment.now.seconds)
                reports.append(report)
                if !output.json { Terminal.print(report.text) }
            } catch {
                // A directory that a run changed may be gone since.
                if known, error.kind == .noInput { continue }
                Terminal.fail("\(error.subject): \(error.reason)", hint: error.hint)
                failure = failure ?? ExitStatus(error.kind)
            }
        }
        if output.json { try Terminal.print(json: StatusReport.Document(reports)) }
        if let failure { throw failure.exitCode }
        if check, reports.contains(where: { !$0.isSound }) { throw ExitStatus.negative.exitCode }
    }

    private func knownPlaces(in environment: Environment) throws(CaissonError) -> [String] {
        var names: Set<String> = []
        for journal in try environment.journals() { names.formUnion(try journal.runs().map(\.place)) }
        names.remove("host")
        return ["host"] + names.sorted()
    }
}
