import ArgumentParser
import Caisson
import Journal
import RootFS
import TrustAnchors

struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        subcommand: "history",
        abstract: "List the runs that changed something, the latest first.",
        discussion: """
            Examples:
              caisson history
              caisson history --json
            """)

    @OptionGroup var output: OutputOptions

    func run() async throws {
        var records: [Record] = []
        for journal in try Environment.current().journals() { records += try journal.runs() }
        records.sort { ($0.run.id, $0.place) > ($1.run.id, $1.place) }
        let report = HistoryReport(records)
        if output.json {
            try Terminal.print(json: report)
        } else {
            Terminal.print(report.text)
        }
    }
}
