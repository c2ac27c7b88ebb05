import ArgumentParser
import Caisson
import RootFS
import SystemPackage
import TrustAnchors

struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        subcommand: "convert",
        abstract: "Rewrite certificates as PEM or DER.",
        discussion: """
            Reads whatever inspect reads and writes it plainly: PEM in lines of 64 columns without any other text, each
            certificate once, or DER. A private key in the input is refused, and nothing is written. An existing file
            with other contents is only replaced with --force.

            Examples:
              caisson convert corp.cer corp.crt
              caisson convert chain.p7b chain.pem
              caisson convert corp.crt - --format der | sha256sum
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case pem, der
    }

    @Argument(help: "What to read: a file, a directory of them, or - for standard input.")
    var input: String

    @Argument(help: "The file to write, or - for standard output.")
    var output: String

    @Option(help: "pem or der; by default as the extension says: .pem and .crt, or .der and .cer.")
    var format: Format?

    @Flag(help: "Replace a file with other contents.")
    var force = false

    func run() throws {
        let bytes = try encoded(certificates(), as: chosenFormat())
        if output == "-" {
            Terminal.print(bytes: bytes)
            return
        }
        let file = try OutputFile(FilePath(output))
        Terminal.note("\(printable(output)): \(try file.write(bytes, replacing: force) ? "written" : "nothing to do")")
    }

    private func chosenFormat() throws(CaissonError) -> Format {
        if let format { return format }
        if output == "-" { return .pem }
        switch FilePath(output).extension?.lowercased() {
        case "pem", "crt": return .pem
        case "der", "cer": return .der
        default:
            throw CaissonError(
                .usage, printable(output), "its extension doesn't tell the format",
                hint: "add --format pem or --format der")
        }
    }

    /// The DER of every certificate, each once.
    private func certificates() throws(CaissonError) -> [[UInt8]] {
        var seen: Set<[UInt8]> = []
        var certificates: [[UInt8]] = []
        for source in try CertificateSource.files(named: input) {
            do throws(InputError) {
                let file = try CertificateFile.read(source.bytes)
                for note in file.notes { Terminal.note("\(source.name): \(note)") }
                certificates += file.certificates.map(\.der).filter { seen.insert($0).inserted }
            } catch {
                throw CaissonError(.badCertificate, source.name, error.problems.map(\.sentence).joined(separator: "; "))
            }
        }
        return certificates
    }

    private func encoded(_ certificates: [[UInt8]], as format: Format) throws(CaissonError) -> [UInt8] {
        switch format {
        case .pem: return certificates.flatMap { PEM.encode($0) }
        case .der:
            guard certificates.count == 1, let certificate = certificates.first else {
                throw CaissonError(
                    .badCertificate, printable(input),
                    "a DER file holds one certificate, and there are \(certificates.count)",
                    hint: "write them as PEM")
            }
            return certificate
        }
    }
}
