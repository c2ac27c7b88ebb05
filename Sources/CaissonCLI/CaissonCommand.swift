public import ArgumentParser
import Caisson
import LocalDisk

/// The command `caisson`.
///
/// Every command says its own name: without it, ArgumentParser finds names by reflection, at each start.
public struct CaissonCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Make a certificate authority trusted, provably, and take it back to the byte.",
        discussion: """
            Places: rootfs:DIR (a directory that holds a root file system), host (this machine), container:NAME (a container
            at the engine that docker would use; * in a NAME stands for any characters).

            Examples:
              caisson inspect corp.crt
              caisson trust corp.crt rootfs:/srv/root --dry-run
              sudo caisson trust corp.crt host
              caisson trust corp.crt container:web
              caisson status rootfs:/srv/root
              caisson undo
            """,
        version: caissonVersion,
        subcommands: [
            Trust.self, Distrust.self, Status.self, Verify.self, Fetch.self, History.self, Undo.self, Inspect.self,
            Convert.self, Demo.self,
        ])

    static let name = "caisson"

    public init() {}
}

/// The version of this build, as in CHANGELOG.md.
let caissonVersion = "0.1.0"

extension CaissonCommand {
    /// Parses the arguments, runs the command, tells what went wrong, and ends the process.
    public static func runAndExit() async -> Never {
        do {
            var command = try parsed(ProcessArguments.current)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as CaissonError {
            Terminal.fail("\(error.subject): \(error.reason)", hint: error.hint)
            exit(withError: ExitCode(ExitStatus(error.kind).rawValue))
        } catch {
            exit(withError: error)
        }
        exit()
    }

    /// The command that the arguments spell.
    ///
    /// A subcommand is parsed by itself where they begin with its name, since to parse this one first would cost a fifth
    /// of a short run. All that isn't a plain run of it, such as a mistake or `--help`, is left to this one.
    private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        guard let name = arguments.first,
            let subcommand = configuration.subcommands.first(where: { $0.configuration.commandName == name }),
            let command = try? subcommand.parseAsRoot(Array(arguments.dropFirst())),
            type(of: command) == subcommand
        else { return try parseAsRoot(arguments) }
        return command
    }
}

extension CommandConfiguration {
    /// A command of `caisson` that can be parsed by itself.
    init(subcommand name: String, abstract: String, discussion: String) {
        self.init(
            commandName: name, _superCommandName: CaissonCommand.name, abstract: abstract, discussion: discussion)
    }
}

extension ExitStatus {
    /// The error that ends a command with this status, after everything has been said.
    var exitCode: ExitCode { ExitCode(rawValue) }
}
