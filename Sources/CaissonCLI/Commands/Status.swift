import ArgumentParser
import Caisson
import Journal
import RootFS
import TrustStores

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        subcommand: "status",
        abstract: "Show which anchors were added beside the distribution's own, where, and what has drifted.",
        discussion: """
            Without a place: this host, and every place that a run has changed. Nothing is changed.

            Examples:
              caisson status
              caisson status rootfs:/srv/root --check
              caisson status host --json
              caisson status 'container:*'
            """)

    @Argument(help: "Where to look: \(Target.forms); * in a NAME stands for any characters.")
    var places: [String] = []

    @OptionGroup var containers: ContainerOptions

    @Flag(help: "Exit with status 1 if anything has drifted or an anchor has expired.")
    var check = false

    @OptionGroup var stores: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current()
        let stores = try stores.stores()
        let known = places.isEmpty && containers.allLabels.isEmpty
        let targets = try known ? Target.all(knownPlaces(in: environment)) : containers.targets(places)
        let finder = containers.finder(in: environment)
        let found = await finder.places(targets)
        let statuses = await found.concurrentlyMapped(limit: 8) { found in
            await Result<PlaceStatus, CaissonError> { () async throws(CaissonError) in
                try await found.open().status(using: stores)
            }
        }
        var reports: [StatusReport] = []
        var failure: ExitStatus?
        for (found, status) in zip(found, statuses) {
            do throws(CaissonError) {
                let report = StatusReport(try status.get(), now: environment.now.seconds)
                reports.append(report)
                if !output.json { Terminal.print(report.text) }
            } catch {
                // A directory or a container that a run changed may be gone since.
                if known, error.kind == .noInput { continue }
                // An engine that is down, or another user's, is no reason to keep the rest back.
                if known, found.isContainer, [.unavailable, .permission].contains(error.kind) {
                    Terminal.warn("\(error.subject): \(error.reason); it is left out")
                    continue
                }
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
