import ArgumentParser
import Caisson
import RootFS
import TrustAnchors
import TrustStores

struct Trust: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        subcommand: "trust",
        abstract: "Make a CA trusted in places.",
        discussion: """
            Writes the anchor where the distribution's own tool keeps it, and brings every bundle, link and store to
            what that tool would make of it. Each place is changed as a whole or not at all.

            Examples:
              caisson trust corp.crt rootfs:/srv/root
              caisson trust corp.crt rootfs:/srv/a rootfs:/srv/b --expect sha256:3f9a…
              caisson trust corp.crt host --dry-run
              caisson trust corp.crt container:web
              caisson trust corp.crt 'container:web-*' --label tier=front
              caisson trust corp.crt oci:images:app --to oci:images:app-corp
            """)

    @Argument(help: "The certificate: a file, a directory of them, or - for standard input.")
    var certificate: String

    @Argument(help: "Where to trust it: \(Target.forms); * in a NAME stands for any characters.")
    var places: [String] = []

    @OptionGroup var containers: ContainerOptions
    @OptionGroup var mounts: MountOptions
    @OptionGroup var image: ImageOptions

    @OptionGroup var vetting: VettingOptions
    @OptionGroup var change: ChangeOptions

    @Flag(help: "Give a new bundle this host's public roots too: those of its distribution.")
    var withPublicRoots = false

    @Option(help: ArgumentHelp("Take the public roots from a file instead.", valueName: "file"))
    var publicRoots: String?

    func run() async throws {
        let environment = Environment.current()
        let targets = try containers.targets(places)
        let finder = containers.finder(in: environment, throughMounts: try mounts.paths())
        let anchors = try vetting.anchors(from: certificate, now: environment.now)
        let roots = try await PublicRoots.load(fromHost: withPublicRoots, file: publicRoots, in: environment)
        let stores = try change.stores.stores(publicRoots: roots)
        if let location = try image.location(in: targets) {
            return try await ImageRun(
                command: .trust, intent: .trust(anchors), trusted: Set(anchors.map(\.fingerprint.hex)),
                publicRoots: roots.isEmpty ? nil : Scratch.digest(of: roots), stores: stores, options: change,
                image: image, environment: environment
            ).perform(on: location)
        }
        try await ChangeRun(
            command: .trust, anchors: anchors.map { .init(fingerprint: $0.fingerprint.hex, subject: $0.subject) },
            publicRoots: roots, intent: .trust(anchors), stores: stores,
            options: change, environment: environment
        ).perform(on: await finder.places(targets))
    }
}
