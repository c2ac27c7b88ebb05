import ArgumentParser
import Caisson
import ChainVerification
import RootFS
import TLSProbe
import TrustStores

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        subcommand: "verify",
        abstract: "Prove that clients in a place would accept servers, with the anchors read back from it.",
        discussion: """
            Every store that clients read there (bundles, hash directory, Java, …) is tried against what each server
            presents. A verdict names the client that it speaks for: openssl (its defaults, at the place's security level), curl
            (which takes an intermediate as an anchor), java; with --strict also Python 3.13 and others that hold up
            RFC 5280 in full. Without a URL, drift and expiry are checked, and no connection is made.

            With --inside the clients that are in a container are run there (curl, wget, openssl, Python, Node, Java, git),
            without a shell and under the container's own environment: do they work now? --proxy is then the proxy as the
            container reaches it. Where none can be run, the container's stores are tried from outside.

            Exits with 0 if every verdict is good, and with 1 if any isn't.

            Examples:
              caisson verify rootfs:/srv/root https://example.com
              caisson verify host https://example.com https://pypi.org --proxy http://proxy.corp.example:3128
              caisson verify rootfs:/srv/root
              caisson verify container:web https://example.com
              caisson verify --inside container:web https://example.com --proxy http://proxy.corp.example:3128
            """)

    @Argument(help: "Places (\(Target.forms)) and the URLs of servers (https://HOST[:PORT]), in any order.")
    var arguments: [String]

    @Flag(help: "Count it as a failure if only strict clients refuse.")
    var strict = false

    @Flag(help: "Run the clients that are in the containers.")
    var inside = false

    @Option(
        help: ArgumentHelp(
            "OpenSSL's security level, 0 to 5; else as each place's openssl.cnf has it, or 2.", valueName: "level"))
    var securityLevel: Int?

    @OptionGroup var containers: ContainerOptions
    @OptionGroup var proxy: ProxyOptions
    @OptionGroup var stores: StoreOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (0...5).contains(securityLevel ?? 2) else { throw ValidationError("--security-level takes 0 to 5") }
        guard arguments.contains(where: { !$0.hasPrefix("https://") }) || !containers.allLabels.isEmpty else {
            throw ValidationError("a place is missing; places are written: \(Target.forms)")
        }
        guard !inside || arguments.contains(where: { $0.hasPrefix("https://") }) else {
            throw ValidationError("--inside needs the URL of a server, https://HOST[:PORT]")
        }
    }

    func run() async throws {
        let environment = Environment.current()
        let names = arguments.filter { !$0.hasPrefix("https://") }
        if let server = names.first(where: { $0.hasPrefix("http://") }) { throw CaissonError(notAServer: server) }
        let targets = try containers.targets(names)
        let endpoints = try Endpoint.all(arguments.filter { $0.hasPrefix("https://") })
        let stores = try stores.stores()
        var errors: [CaissonError] = []
        func note(_ error: CaissonError) {
            Terminal.fail("\(error.subject): \(error.reason)", hint: error.hint)
            errors.append(error)
        }

        // What is wrong with a place shows before a server is waited for.
        let probe = try proxy.probe(in: environment)
        var readings: [(status: PlaceStatus, settings: OpenSSLSettings)] = []
        let insideProxy = try inside ? proxy.insideProxy(in: environment) : nil
        var answers: [InsideReport] = []
        for found in await containers.finder(in: environment).places(targets) {
            do throws(CaissonError) {
                let place = try await found.open()
                if inside {
                    let report = try await InsideReport(
                        asking: place, endpoints, through: insideProxy, seconds: proxy.timeout)
                    if !output.json, !report.rows.isEmpty { Terminal.print(report.text) }
                    answers.append(report)
                    guard let obstacle = report.obstacle else { continue }
                    Terminal.note("\(place.name): \(obstacle), so its stores are tried from outside")
                }
                let status = try await place.status(using: stores)
                var settings = endpoints.isEmpty ? OpenSSLSettings() : try await place.openSSLSettings()
                settings.securityLevel = securityLevel ?? settings.securityLevel
                readings.append((status, settings))
            } catch {
                note(error)
            }
        }
        // Where no place can be looked at, no server is asked.
        let handshakes = await (readings.isEmpty ? [] : endpoints).concurrentlyMapped { endpoint in
            await Result<Handshake, CaissonError> { () async throws(CaissonError) in
                try await probe.handshake(with: endpoint)
            }
        }
        for case .failure(let error) in handshakes { note(error) }

        var reports: [VerifyReport] = []
        for (status, settings) in readings {
            let now = environment.now.seconds
            let verification = TrustVerification(status, settings: settings, isStrict: strict, now: now)
            let rows = handshakes.compactMap { try? $0.get() }.flatMap { verification.rows(for: $0) }
            let report = VerifyReport(
                verification, rows, StatusReport(status, now: now), isStatic: endpoints.isEmpty)
            reports.append(report)
            guard !output.json else { continue }
            Terminal.print(report.text)
            if let advice = report.advice { Terminal.hint(advice) }
        }
        if output.json { try Terminal.print(json: VerifyReport.Document(reports, inside: answers, errors: errors)) }
        if let first = errors.first { throw ExitStatus(first.kind).exitCode }
        if reports.contains(where: { !$0.holds }) || answers.contains(where: { !$0.holds }) {
            throw ExitStatus.negative.exitCode
        }
    }
}
