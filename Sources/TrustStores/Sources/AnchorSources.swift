import RootFS
import TrustAnchors

/// The source directories of all families, for roots whose family's tool isn't there (yet).
enum AnchorSources {
    /// Debian's and Alpine's; the one that is used where nothing tells which family this is.
    static let standard = SourceDirectory(
        path: "/usr/local/share/ca-certificates", isRecursive: true,
        accepts: { $0.suffix(4).elementsEqual(".crt".utf8) },
        reads: { PEMBundle($1).holdsOnly($0) })

    static var patterns: [PathPattern] {
        let families = KnownStores.families
        return families.flatMap { $0.evidence }.map { PathPattern($0) } + OSRelease.paths.map { PathPattern($0) }
            + standard.patterns + families.flatMap(\.anchors.patterns)
    }

    static func reads(in listing: Snapshot) throws(PlanError) -> [RootPath] {
        var paths = OSRelease.paths + KnownStores.families.flatMap(\.evidence)
        for source in try dedicated(in: listing) { paths += try source.paths(in: listing) }
        return paths
    }

    /// Whether a family's own store takes care of this root: it has put the anchor where its tool looks.
    static func areKept(in root: Snapshot) throws(PlanError) -> Bool {
        for family in KnownStores.families where try family.isPresent(in: root) { return true }
        return false
    }

    static func survey(_ root: Snapshot) throws(PlanError) -> StoreSurvey.Location? {
        let source = try directory(in: root)
        let certificates = try source.files(in: root).flatMap { PEMBundle($0.contents).certificates }
        guard !certificates.isEmpty else { return nil }
        return .init(path: source.path, role: .source, certificates: certificates)
    }

    static func steps(for intent: Intent, in root: Snapshot, store: String) throws(PlanError) -> [Step] {
        switch intent {
        case .trust(let anchors):
            return try directory(in: root).adding(anchors, in: root, store: store)
        case .withdraw(let fingerprints):
            var steps: [Step] = []
            for source in try candidates(in: root) {
                steps += try source.removing(fingerprints, in: root, store: store)
            }
            return steps
        }
    }

    /// Where an anchor may be in a root.
    private static func candidates(in root: Snapshot) throws(PlanError) -> [SourceDirectory] {
        let own = try named(in: root)
        return try dedicated(in: root) + [own].compactMap { $0 }.filter { !$0.isDedicated }
    }

    /// The source directories that a root has.
    private static func dedicated(in root: Snapshot) throws(PlanError) -> [SourceDirectory] {
        var found: [SourceDirectory] = []
        for source in [standard] + KnownStores.families.map(\.anchors) where source.isDedicated {
            guard !found.contains(where: { $0.path == source.path }),
                case .directory? = try root.entry(at: root.resolve(source.path))?.kind
            else { continue }
            found.append(source)
        }
        return found
    }

    /// Where a tool that is installed later will look: in the directory of the family that the root says it is of, or
    /// in one that is there.
    private static func directory(in root: Snapshot) throws(PlanError) -> SourceDirectory {
        if let own = try named(in: root) { return own }
        let present = try dedicated(in: root)
        return present.count == 1 ? present[0] : standard
    }

    /// The directory of the family that os-release names.
    private static func named(in root: Snapshot) throws(PlanError) -> SourceDirectory? {
        for identifier in try OSRelease(in: root).identifiers {
            for family in KnownStores.families where family.identifiers.contains(identifier) { return family.anchors }
        }
        return nil
    }
}
