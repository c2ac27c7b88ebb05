import Caisson
import ImagePlaces
import RootFS
import TrustStores

/// One run of `trust` or `distrust` on an image. The digest of the result goes to standard output, all else to standard
/// error.
struct ImageRun: Sendable {
    let command: Run.Command
    let intent: Intent
    var trusted: Set<String> = []
    var withdrawn: Set<String> = []
    var publicRoots: String?
    let stores: [any TrustStore]
    let options: ChangeOptions
    let image: ImageOptions
    let environment: Environment

    func perform(on location: ImageLocation) async throws {
        let destination = try image.destination(of: location, dryRun: options.dryRun)
        let source = try Image(location)
        let (intent, stores) = (intent, stores)
        let changed = try await source.changed(
            by: ImageIntent(
                trusted: trusted, withdrawn: withdrawn, publicRoots: publicRoots, platforms: image.platforms,
                keepsAttestations: image.keepAttestations, patterns: stores.flatMap(\.patterns),
                time: try environment.sourceDate(), version: caissonVersion
            ) { place async throws(CaissonError) in try await place.plan(intent, using: stores) })
        for diagnostic in changed.notes { Terminal.warn("\(location.name): \(diagnostic.message)") }
        for plan in changed.plans {
            for diagnostic in plan.diagnostics { Terminal.warn("\(plan.root): \(diagnostic.message)") }
        }
        let report = ImageReport(changed, of: source, command: command, isDryRun: options.dryRun)
        if let destination, !options.dryRun { try changed.write(to: destination, replacing: image.inPlace) }
        if options.output.json {
            try Terminal.print(json: report)
        } else if options.dryRun {
            Terminal.print(report.text)
        } else {
            Terminal.tell(report.text)
            Terminal.print(changed.digest)
        }
    }
}

/// What was done to an image, for people and as data. Version 1; fields are only ever added.
struct ImageReport: Encodable {
    let version = 1
    let image: String
    /// Before and after.
    let digestBefore: String
    let digest: String
    let dryRun: Bool
    /// One a platform.
    let places: [PlanReport]

    init(_ changed: ChangedImage, of source: Image, command: Run.Command, isDryRun: Bool) {
        image = source.location.name
        digestBefore = source.digest
        digest = changed.digest
        dryRun = isDryRun
        places = changed.plans.map { PlanReport($0, command: command, run: nil, isDryRun: isDryRun) }
    }

    var text: String { places.map(\.text).joined(separator: "\n") }
}

extension Environment {
    /// The time of what is put into images, in seconds since 1970: SOURCE_DATE_EPOCH
    /// (reproducible-builds.org/specs/source-date-epoch), or 0.
    func sourceDate() throws(CaissonError) -> Int64 {
        guard let text = variables["SOURCE_DATE_EPOCH"], !text.isEmpty else { return 0 }
        // To the end of the year 9999, beyond which RFC 3339 has no times.
        guard let seconds = Int64(text), (0...253_402_300_799).contains(seconds) else {
            throw CaissonError(.usage, "SOURCE_DATE_EPOCH", "it isn't a number of seconds since 1970")
        }
        return seconds
    }
}
