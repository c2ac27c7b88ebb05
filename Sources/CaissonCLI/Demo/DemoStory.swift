import ArgumentParser
import Caisson
import ChainVerification
import DemoNetwork
import NIOCore
import NIOPosix
import RootFS
import TLSProbe
import TrustAnchors

/// The transcript of the demo: each command that is shown is run, by the same code as from a shell.
struct DemoStory {
    let scratch: DemoDirectory

    private static let host = "shop.example"

    func tell() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let publicAuthority = try DemoAuthority(commonName: "Demo Public Root", organization: "Demo Trust Services")
        let corporate = try DemoAuthority(commonName: "Demo Corp Inspection CA", organization: "Demo Corp")
        let origin = try await Origin(
            publicAuthority.identity(for: Self.host), answer: "hello from the shop", group: group)
        let proxy = try await InspectingProxy(
            authority: corporate, origins: [Self.host: origin.port], originRoot: publicAuthority.root, group: group)
        let route = ProxyRoute.proxy(try Proxy(url: "http://127.0.0.1:\(proxy.port)"))
        let client = DemoClient(group: group, route: route)
        try scratch.layOut(packagedRoot: publicAuthority.root)
        let before = TreeDigest(of: scratch.root)

        let place = "rootfs:\(scratch.root)"
        let url = "https://\(Self.host)"
        let proxyURL = "http://127.0.0.1:\(proxy.port)"
        let certificate = scratch.path + "/corp.crt"

        say("A company reads along: its proxy signs for every server with a CA of its own.")
        say("In \(place) nobody knows that CA, so a client there refuses \(url):")
        try await request(client)
        try await run(["verify", place, url, "--proxy", proxyURL], expecting: .negative)

        say("Who is it? Caisson reads the CA off the wire. It trusts nothing by that:")
        try await run(["fetch", url, "--proxy", proxyURL, "-o", certificate])

        say("Make the root file system trust it, as update-ca-certificates would, without running it:")
        let fingerprint = "\(Fingerprint(of: corporate.root))"
        try await run(["trust", certificate, place, "--expect", fingerprint])

        say("The proof: a handshake with exactly the anchors that are in the stores now.")
        try await run(["verify", place, url, "--proxy", proxyURL])
        try await request(client)

        say("What was added is on record:")
        try await run(["status", place])

        say("And back, to the byte:")
        try await run(["undo"])
        try await request(client)
        let after = TreeDigest(of: scratch.root)
        guard before == after else {
            throw CaissonError(.inputOutput, place, "the tree isn't what it was before; this is a bug")
        }
        say("All \(after.count) entries are what they were: names, bytes, modes, times (\(after.value)).")
        try await proxy.close()
        try await origin.close()
    }

    private func say(_ text: String) { Terminal.print("\n" + Terminal.style("# " + text, .faint)) }

    /// A client with the bundle of the root file system.
    private func request(_ client: DemoClient) async throws {
        Terminal.print(Terminal.style("$ GET https://\(Self.host)/ with the bundle of that root", .bold))
        switch await client.get(host: Self.host, trusting: try scratch.bundle()) {
        case .answer(let status, let line): Terminal.print("\(printable(status)): \(printable(line))")
        case .failure(let reason): Terminal.print("refused: \(reason)")
        }
    }

    /// Runs a command of this program, as if it had been typed; it must end with the status that the story expects.
    private func run(_ arguments: [String], expecting status: ExitStatus = .success) async throws {
        Terminal.print(Terminal.style("$ caisson \(arguments.joined(separator: " "))", .bold))
        var command = try CaissonCommand.parseAsRoot(arguments)
        var ended = ExitStatus.success.exitCode
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            ended = code
        }
        guard ended == status.exitCode else { throw ended }
        if status != .success { Terminal.print("(exit status \(ended.rawValue))") }
    }
}
