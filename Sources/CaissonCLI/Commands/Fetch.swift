import ArgumentParser
import Caisson
import ChainVerification
import RootFS
import SystemPackage
import TLSProbe
import TrustAnchors

struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        subcommand: "fetch",
        abstract: "Find out who inspects a connection, and get the CA that clients would have to trust.",
        discussion: """
            Looks at what each server presents and works out the CA behind it: from the chain, else from where its
            certificates say that their issuer is, else from the proxy's own page. What is found counts only if it
            signed the chain. Nothing is trusted, and nothing is written but with -o.

            Compare the fingerprint with one that you got in another way, from your IT department, before you trust
            the CA: whoever is on the wire can present any.

            Examples:
              caisson fetch https://example.com
              caisson fetch https://example.com -o corp.crt --expect sha256:3f9a…
              caisson fetch https://example.com https://pypi.org https://registry-1.docker.io
              caisson fetch https://example.com --proxy http://proxy.corp.example:3128
            """)

    @Argument(help: "The servers to look at: https://HOST[:PORT].")
    var urls: [String]

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("Write the CA to this file, PEM.", valueName: "file"))
    var output: String?

    @Flag(help: "Replace a file that is there.")
    var force = false

    @Option(
        help: ArgumentHelp(
            "The fingerprint that the CA must have; any other is refused. May be repeated.", valueName: "sha256:…"))
    var expect: [String] = []

    @Option(
        help: ArgumentHelp(
            "Take the CA in spite of this finding, such as expired; intermediate takes one that isn't a root.",
            valueName: "finding"))
    var allow: [String] = []

    @OptionGroup var proxy: ProxyOptions
    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() async throws {
        guard output != "-" else {
            throw CaissonError(
                .usage, "-o -", "the CA isn't written to standard output, where a pipe would trust it unseen",
                hint: "name a file: -o corp.crt")
        }
        let environment = Environment.current()
        let endpoints = try Endpoint.all(urls)
        let policy = try VettingPolicy(
            expecting: expect, allowing: allow, besides: ["intermediate"], now: environment.now)
        let roots = try? await PublicRoots.packagedOnHost(in: environment)
        let search = AuthoritySearch(try proxy.probe(in: environment), publicRoots: roots.map { AnchorSet($0) })
        let results = await endpoints.concurrentlyMapped { endpoint in
            await Result<ConnectionReport, CaissonError> { () async throws(CaissonError) in
                try await search.report(on: endpoint)
            }
        }
        var failure: ExitStatus?
        var reports: [ConnectionReport] = []
        for result in results {
            switch result {
            case .success(let report): reports.append(report)
            case .failure(let error):
                Terminal.fail("\(error.subject): \(error.reason)", hint: error.hint)
                failure = failure ?? ExitStatus(error.kind)
            }
        }
        let views = reports.map { FetchReport($0) }
        if json { try Terminal.print(json: FetchReport.Document(views)) }
        for view in views where !json { Terminal.print(view.text) }
        if !json, let summary = FetchReport.summary(of: views) { Terminal.print("\n" + summary) }
        if let failure {
            if output != nil { Terminal.note("nothing was written, since not every server could be looked at") }
            throw failure.exitCode
        }
        try deliver(reports, policy: policy)
    }

    /// Vets the CA and writes it, as far as that was asked for.
    private func deliver(_ reports: [ConnectionReport], policy: VettingPolicy) throws(CaissonError) {
        guard output != nil || !policy.expected.isEmpty else { return }
        let choice = try FetchedAuthority(reports, takesIntermediates: allow.contains("intermediate"), policy: policy)
        guard let output else { return }
        let isNew = try OutputFile(FilePath(output)).write(PEM.encode(choice.anchor.der), replacing: force)
        Terminal.note(
            isNew ? "wrote \(choice.anchor.subject) to \(printable(output))" : "\(printable(output)) already holds it")
        Terminal.note(
            "trust it with: caisson trust \(shellWord(file: output)) PLACE --expect \(choice.anchor.fingerprint)")
    }
}

extension Result where Success: Sendable {
    /// What an asynchronous call returns or throws.
    init(_ body: () async throws(Failure) -> Success) async {
        do throws(Failure) {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}

extension Array where Element: Sendable {
    /// The results in the order of the elements; at most `limit` are worked on at once.
    func concurrentlyMapped<Value: Sendable>(
        limit: Int = 32, _ transform: @escaping @Sendable (Element) async -> Value
    ) async -> [Value] {
        await withTaskGroup(of: (Int, Value).self) { group in
            var results = [Value?](repeating: nil, count: count)
            var next = 0
            while next < Swift.min(limit, count) {
                let (index, element) = (next, self[next])
                group.addTask { (index, await transform(element)) }
                next += 1
            }
            while let (index, value) = await group.next() {
                results[index] = value
                guard next < count else { continue }
                let (following, element) = (next, self[next])
                group.addTask { (following, await transform(element)) }
                next += 1
            }
            return results.compactMap(\.self)
        }
    }
}
