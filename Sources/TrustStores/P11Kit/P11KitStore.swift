public import RootFS
import TrustAnchors

/// The store of a family whose tool extracts with p11-kit: anchors go into a directory of its trust module, and every
/// output that is there is brought to what `trust extract` makes of them.
public struct P11KitStore: FamilyStore {
    public let name: String
    let layout: ExtractedLayout

    init(name: String, layout: ExtractedLayout) {
        self.name = name
        self.layout = layout
    }

    public var patterns: [PathPattern] {
        evidence.map { PathPattern($0) } + layout.tokens.flatMap(TrustToken.patterns)
            + layout.outputs.flatMap { output -> [PathPattern] in
                switch output.form {
                case .directory: [PathPattern(output.path), PathPattern("\(output.path)/*")]
                default: [PathPattern(output.path)]
                }
            } + layout.mirrors.map { PathPattern("\($0.directory)/*") }
    }

    public func reads(in listing: Snapshot) throws(PlanError) -> [RootPath] {
        guard try isPresent(in: listing) else { return [] }
        var paths: [RootPath] = []
        for token in layout.tokens { paths += try TrustToken.reads(token, in: listing) }
        for output in layout.outputs {
            guard case .directory = output.form else {
                paths.append(output.path)
                continue
            }
            let directory = try listing.resolve(output.path)
            for name in try listing.names(in: directory) {
                let path = directory.appending(name)
                if case .file? = try listing.entry(at: path)?.kind { paths.append(path) }
            }
        }
        return paths
    }

    var identifiers: Set<String> { layout.identifiers }
    var evidence: [RootPath] { layout.tools + layout.tokens + [layout.extracted] }
    var anchors: SourceDirectory {
        SourceDirectory(
            path: layout.administrator.appending("anchors"), isRecursive: false, accepts: { _ in true },
            reads: { der, contents in
                TokenFile(contents, in: .anchors).certificates.contains { $0.outline?.der == der && $0.isTrusted }
            })
    }

    /// A root of this family has its tool or, in small images without it, its outputs.
    func isPresent(in root: Snapshot) throws(PlanError) -> Bool {
        var hasSources = false
        for token in layout.tokens {
            if case .directory? = try root.entry(at: root.resolve(token))?.kind { hasSources = true }
        }
        guard hasSources else { return false }
        for path in layout.tools + [layout.extracted] {
            if try root.entry(at: root.resolve(path)) != nil { return true }
        }
        return false
    }

    public func proposal(for intent: Intent, in root: Snapshot) throws(PlanError) -> Proposal {
        guard try isPresent(in: root) else { return Proposal() }
        let before = try TrustModule(layout.tokens, in: root)
        let sources = AnchorToken(layout: layout, store: name)
        let part = try sources.proposal(for: intent, in: root, before)
        let view = root.applying(part.steps.map(\.change))
        let after = try TrustModule(layout.tokens, in: view, reusing: before)
        if case .trust(let anchors) = intent { try sources.check(anchors, in: view, after) }

        let extraction = try Extraction(layout: layout, store: name, root: view, before: before, after: after)
        let outputs = try extraction.proposal(for: intent)
        return Proposal(steps: part.steps + outputs.steps, diagnostics: part.diagnostics + outputs.diagnostics)
    }
}

extension P11KitStore {
    public func survey(_ root: Snapshot) throws(PlanError) -> StoreSurvey? {
        guard try isPresent(in: root) else { return nil }
        let module = try TrustModule(layout.tokens, in: root)
        let added = module.tokens.first?.files ?? []
        let packaged = module.tokens.dropFirst().flatMap(\.files)
        var locations: [StoreSurvey.Location] = [
            .init(path: layout.distribution, role: .packaged, certificates: Self.trusted(in: packaged, of: module)),
            .init(path: layout.administrator, role: .source, certificates: Self.trusted(in: added, of: module)),
        ]
        var drift: [Diagnostic] = []
        for output in layout.outputs {
            guard let current = try ExtractedOutput(output, in: root) else { continue }
            let (found, problems) = current.certificates()
            locations.append(
                .init(path: current.path, role: .extracted, certificates: found, reader: output.reader))
            drift += problems
            // What can't be read isn't compared.
            guard problems.isEmpty else { continue }
            drift += Drift.between(found, and: module.select(output.selection).map(\.der), at: current.path)
        }
        return StoreSurvey(store: name, locations: locations, drift: drift)
    }

    /// The certificates of files that are trusted for anything.
    private static func trusted(in files: [TrustToken.File], of module: TrustModule) -> [[UInt8]] {
        let anchors = Set(module.select(.anchors(nil)).map(\.der))
        var seen: Set<[UInt8]> = []
        return files.flatMap(\.parsed.certificates).compactMap(\.outline?.der)
            .filter { anchors.contains($0) && seen.insert($0).inserted }
    }
}
