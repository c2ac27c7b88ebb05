import ArgumentParser
import Caisson
import RootFS
import TrustAnchors
import TrustStores

struct Distrust: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        subcommand: "distrust",
        abstract: "Withdraw a CA from places, whoever added it.",
        discussion: """
            The fingerprint is enough: the file isn't needed.

            Examples:
              caisson distrust corp.crt rootfs:/srv/root
              caisson distrust sha256:3f9a… host
              caisson distrust sha256:3f9a… 'container:*'
            """)

    @Argument(help: "The certificate: a file, a directory, -, or the SHA-256 fingerprint.")
    var certificate: String

    @Argument(help: "Where to withdraw it: \(Target.forms); * in a NAME stands for any characters.")
    var places: [String] = []

    @OptionGroup var containers: ContainerOptions
    @OptionGroup var mounts: MountOptions
    @OptionGroup var image: ImageOptions

    @OptionGroup var change: ChangeOptions

    func run() async throws {
        let environment = Environment.current()
        let targets = try containers.targets(places)
        let finder = containers.finder(in: environment, throughMounts: try mounts.paths())
        let withdrawn = try subjects()
        let stores = try change.stores.stores()
        if let location = try image.location(in: targets) {
            return try await ImageRun(
                command: .distrust, intent: .withdraw(Set(withdrawn.map(\.0))),
                withdrawn: Set(withdrawn.map(\.0.hex)), stores: stores, options: change, image: image,
                environment: environment
            ).perform(on: location)
        }
        try await ChangeRun(
            command: .distrust, anchors: withdrawn.map { .init(fingerprint: $0.hex, subject: $1) }, publicRoots: [],
            intent: .withdraw(Set(withdrawn.map(\.0))), stores: stores, options: change,
            environment: environment
        ).perform(on: await finder.places(targets))
    }

    /// What is withdrawn. A certificate needn't be fit for trust to be withdrawn.
    private func subjects() throws(CaissonError) -> [(Fingerprint, String)] {
        if let fingerprint = Fingerprint(certificate) { return [(fingerprint, "")] }
        let sources: [CertificateSource]
        do throws(CaissonError) {
            sources = try CertificateSource.files(named: certificate)
        } catch {
            guard let digits = Self.hexadecimalDigits(of: certificate) else { throw error }
            throw CaissonError(
                .usage, printable(certificate), "a SHA-256 fingerprint has 64 hexadecimal digits, this has \(digits)",
                hint: "caisson status PLACE and caisson inspect FILE show it")
        }
        let files = sources.map { CertificateFile(surveying: $0.bytes) }
        for (source, file) in zip(sources, files) {
            for problem in file.problems where problem.id == .privateKey {
                Terminal.warn("\(source.name): \(problem.message)")
            }
        }
        let found = files.flatMap(\.certificates)
        guard !found.isEmpty else {
            throw CaissonError(
                .badCertificate, printable(certificate), "there is no certificate in it",
                hint: "name a certificate file or a fingerprint such as sha256:… (64 hexadecimal digits)")
        }
        return found.map { ($0.fingerprint, $0.displayName) }
    }

    /// How many digits a text has that is meant as a fingerprint; nil if it isn't one.
    private static func hexadecimalDigits(of text: String) -> Int? {
        var digits = Substring(text.lowercased())
        for prefix in ["sha256:", "sha1:"] where digits.hasPrefix(prefix) { digits.removeFirst(prefix.count) }
        let bare = digits.utf8.filter { $0 != UInt8(ascii: ":") }
        guard bare.count >= 8, bare.allSatisfy({ hexadecimalCharacters.contains($0) }) else { return nil }
        return bare.count
    }

    private static let hexadecimalCharacters = Set("0123456789abcdef".utf8)
}
