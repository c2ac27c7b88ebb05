import ArgumentParser
import Caisson
import ImagePlaces
import RootFS

/// Where a changed image goes, and how much of it is changed.
struct ImageOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where the changed image goes: oci:DIR[:TAG].", valueName: "place"))
    var to: String?

    @Flag(help: "Put the changed image in the place of the one that it is made from.")
    var inPlace = false

    @Option(
        name: .customLong("platform"),
        help: ArgumentHelp(
            "Change only images for this platform, OS/ARCHITECTURE[/VARIANT]; may be repeated. Others pass as they are.",
            valueName: "platform"))
    var platforms: [String] = []

    @Flag(help: "Leave attestations of changed images in the index.")
    var keepAttestations = false

    /// The image among the places; nil where there is none, and then none of these options may stand.
    func location(in targets: [Target]) throws(CaissonError) -> ImageLocation? {
        for case .image(let location) in targets {
            guard targets.count == 1 else {
                throw CaissonError(.usage, location.name, "an image is changed by a run of its own")
            }
            return location
        }
        guard to == nil, !inPlace, platforms.isEmpty, !keepAttestations else {
            throw CaissonError(.usage, "--to, --in-place, --platform, --keep-attestations", "they are for images only")
        }
        return nil
    }

    /// Where the result of changing `source` goes; nil for a dry run that says nothing of it.
    func destination(of source: ImageLocation, dryRun: Bool) throws(CaissonError) -> ImageLocation? {
        switch (to, inPlace) {
        case (let text?, false):
            guard case .image(let location) = try Target(text) else {
                throw CaissonError(.usage, printable(text), "it is no place for an image", hint: "write oci:DIR[:TAG]")
            }
            return location
        case (nil, true): return source
        case (nil, false):
            if dryRun { return nil }
            throw CaissonError(
                .usage, source.name, "it isn't said where the changed image goes",
                hint: "name a place with --to, or move the same tag with --in-place")
        case (_?, true): throw CaissonError(.usage, "--to, --in-place", "only one of them may stand")
        }
    }
}
