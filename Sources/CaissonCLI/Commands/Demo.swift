import ArgumentParser
import Caisson
import DemoNetwork
import NIOCore
import NIOPosix
import RootFS
import TLSProbe
import TrustAnchors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        subcommand: "demo",
        abstract: "Play the whole story in a scratch directory and on loopback.",
        discussion: """
            Starts an HTTPS server and an inspecting proxy with a throw-away CA, and walks through fetch, trust, verify,
            status and undo on a small root file system. This machine's own stores aren't touched, and nothing is left.
            """)

    @Flag(help: "Leave the scratch directory, to look around in it.")
    var keep = false

    func run() async throws {
        let scratch = try DemoDirectory()
        // The commands below keep their records here and take no proxy but the demo's.
        setenv("XDG_STATE_HOME", scratch.path + "/state", 1)
        let interruption = Interruption { [keep] in
            if !keep { scratch.remove() }
        }
        defer { interruption.cancel() }
        do {
            try await DemoStory(scratch: scratch).tell()
        } catch {
            if !keep { scratch.remove() }
            throw error
        }
        if keep { Terminal.note("left in \(scratch.path)") } else { scratch.remove() }
    }
}
