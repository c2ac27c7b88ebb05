import ArgumentParser
import Caisson
import RootFS
import TrustAnchors

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        subcommand: "inspect",
        abstract: "Show certificates, and what speaks against trusting them.",
        discussion: """
            Certificates are found by content: PEM (also with text around it, CRLF or in UTF-16), DER, bare Base64 and
            PKCS#7. Findings are errors, which trust refuses, and warnings; docs/findings.md explains each.

            Examples:
              caisson inspect corp.crt
              caisson inspect corp.crt --check --expect sha256:3f9a…
              openssl s_client -connect proxy:443 -showcerts </dev/null | caisson inspect - --json
            """)

    @Argument(help: "What to look at: files, directories of them, or - for standard input.")
    var sources: [String]

    @Flag(help: "Exit with status 65 if a finding is an error.")
    var check = false

    @Option(help: ArgumentHelp("Tell the public roots by this file of certificates.", valueName: "file"))
    var publicRoots: String?

    @OptionGroup var vetting: VettingOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if sources.isEmpty { throw ValidationError("a file, a directory or - is missing") }
    }

    func run() throws {
        let now = Environment.current().now
        var policy = try vetting.policy(now: now)
        policy.publicRoots = try roots()
        var reports: [SourceReport] = []
        var failure: ExitStatus?
        for source in sources {
            do throws(CaissonError) {
                for file in try CertificateSource.files(named: source) {
                    let report = SourceReport(CertificateFile(surveying: file.bytes), named: file.name, by: policy)
                    reports.append(report)
                    if report.holdsPrivateKey { Terminal.fail("\(file.name): a PRIVATE KEY is in it", hint: nil) }
                    if !report.isReadable { failure = failure ?? .badData }
                    if !output.json { Terminal.print(report.text) }
                }
            } catch {
                Terminal.fail("\(error.subject): \(error.reason)", hint: error.hint)
                failure = failure ?? ExitStatus(error.kind)
            }
        }
        if output.json { try Terminal.print(json: SourceReport.Document(reports)) }
        if let failure { throw failure.exitCode }
        if check, reports.contains(where: \.hasErrors) { throw ExitStatus.badData.exitCode }
    }

    private func roots() throws(CaissonError) -> Set<Fingerprint> {
        guard let publicRoots else { return [] }
        let files = try CertificateSource.files(named: publicRoots)
        return Set(files.flatMap { CertificateFile(surveying: $0.bytes).certificates.map(\.fingerprint) })
    }
}
