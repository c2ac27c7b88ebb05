public import RootFS
import TrustAnchors

/// The store of a family that keeps certificates in the directory that OpenSSL looks into: its tool links them by hash
/// and writes them one after the other into a bundle.
public struct CertificateDirectoryStore: FamilyStore {
    /// What the tool writes into the bundle.
    enum Selection: Sendable {
        /// Every file with the ending `.pem`, as it is (`cat *.pem`).
        case files
        /// What the links by hash with a number below ten lead to, each ending its line (`sed -s '$a\' *.[0-9]`).
        case hashLinks
    }

    public let name: String
    let identifiers: Set<String>
    /// Programs that show the family.
    let tools: [RootPath]
    /// A word that one of the programs must hold, where its name doesn't tell; empty for none.
    var mark = ""
    let directory: RootPath
    let bundle: RootPath
    let selection: Selection

    var evidence: [RootPath] { tools + [directory, CertificatesConf.path] }

    var anchors: SourceDirectory {
        SourceDirectory(
            path: directory, isRecursive: false,
            accepts: { HashLink($0) == nil && $0.suffix(4).elementsEqual(".pem".utf8) },
            reads: { PEMBundle($1).holdsOnly($0) }, suffix: ".pem", isDedicated: false)
    }

    public var patterns: [PathPattern] {
        evidence.map { PathPattern($0) } + [PathPattern(bundle), PathPattern("\(directory)/*", followingLinks: true)]
    }

    public func reads(in listing: Snapshot) throws(PlanError) -> [RootPath] {
        guard try isPossible(in: listing) else { return [] }
        var paths = tools + [bundle]
        let physical = try listing.resolve(directory)
        for name in try listing.names(in: physical) {
            switch try listing.entry(at: physical.appending(name))?.kind {
            case .file, .symlink: paths.append(physical.appending(name))
            default: continue
            }
        }
        return paths
    }

    /// Whether the tool is there by its name.
    private func isPossible(in root: Snapshot) throws(PlanError) -> Bool {
        guard try root.file(at: CertificatesConf.path) == nil,
            case .directory? = try root.entry(at: root.resolve(directory))?.kind
        else { return false }
        for tool in tools where try root.file(at: tool) != nil { return true }
        return false
    }

    func isPresent(in root: Snapshot) throws(PlanError) -> Bool {
        guard try isPossible(in: root) else { return false }
        if mark.isEmpty { return true }
        for tool in tools {
            guard let text = try root.contents(of: tool) else { continue }
            if text.firstRange(of: Array(mark.utf8), in: text.indices) != nil { return true }
        }
        return false
    }

    public func survey(_ root: Snapshot) throws(PlanError) -> StoreSurvey? {
        guard try isPresent(in: root) else { return nil }
        let source = try anchors.files(in: root).flatMap { PEMBundle($0.contents).certificates }
        let contents = PEMBundle(try root.contents(of: bundle) ?? [])
        let links = try CertificateLinks(directory, in: root)
        let locations: [StoreSurvey.Location] = [
            .init(path: directory, role: .source, certificates: source),
            .init(path: bundle, extracted: contents.blocks),
            .init(path: directory, extracted: try links.reachable()),
        ]
        let drift = Drift.between(locations) + Drift.brokenBlocks(of: contents, at: bundle)
        return StoreSurvey(store: name, locations: locations, drift: drift + (try links.dangling()))
    }

    public func proposal(for intent: Intent, in root: Snapshot) throws(PlanError) -> Proposal {
        guard try isPresent(in: root) else { return Proposal() }
        var proposal = Proposal()
        switch intent {
        case .trust(let anchors): proposal.steps = try self.anchors.adding(anchors, in: root, store: name)
        case .withdraw(let fingerprints):
            proposal.steps = try anchors.removing(fingerprints, in: root, store: name)
            proposal.diagnostics = returning(proposal.steps, in: root)
        }
        var view = root.applying(proposal.steps.map(\.change))

        var links = try CertificateLinks(directory, in: view)
        try links.removeLinks { path, _, view throws(PlanError) in
            guard HashLink(Array(path.name)) != nil else { return false }
            return try view.leadsSomewhere(path) == false
        }
        // A bundle in the same directory that has a single certificate would get a link, and then be made of itself.
        try links.rehash(withoutNewLinksTo: Array(bundle.name))
        proposal.steps += try links.steps(store: name) { _ in "link by subject hash for OpenSSL" }
        view = root.applying(proposal.steps.map(\.change))

        let part = try bundleProposal(for: intent, before: root, after: view)
        proposal.steps += part.steps
        proposal.diagnostics += part.diagnostics
        return proposal
    }

    /// Packaged certificates are files like any other here, and an upgrade puts them back.
    private func returning(_ steps: [Step], in root: Snapshot) -> [Diagnostic] {
        steps.map(\.change.path).filter { !root.createdHere.contains($0) }.map { path in
            Diagnostic(
                "may-return", at: path,
                "\(path) wasn't made by caisson; if a package has brought it, its next upgrade brings it back")
        }
    }

    private func bundleProposal(
        for intent: Intent, before: Snapshot, after: Snapshot
    ) throws(PlanError) -> Proposal {
        let old = GeneratedBundle(parts: try parts(in: before))
        let new = GeneratedBundle(parts: try parts(in: after))
        // A tool that renames a new file into place replaces a link, one that writes into it follows it.
        let path = selection == .hashLinks ? try after.locate(bundle) : try after.resolve(bundle)
        let current = try after.contents(of: bundle)
        if let current, current != new.bytes, !old.accounts(for: current, ordered: old.parts.count) {
            return try UpdateCACertificates.bundleProposal(
                bundle, store: name, for: intent, old: old, new: new, ordered: old.parts.count, in: after)
        }
        guard current != new.bytes else { return Proposal() }
        let attributes = try NewNodes.file(in: path.parent ?? .root, of: after)
        let change: Change?
        if case .symlink? = try after.entry(at: path)?.kind {
            change = Change(
                path: path, before: try after.node(at: path), after: .file(contents: new.bytes, attributes))
        } else {
            change = try after.change(path, to: new.bytes)
        }
        guard let change else { return Proposal() }
        return Proposal(
            steps: [Step(change, store: name, purpose: "bundle as the distribution's tool writes it")],
            diagnostics: BundlePatch.modeNotes(of: change))
    }

    /// What each entry of the directory adds to the bundle, in the order of a shell's patterns.
    private func parts(in root: Snapshot) throws(PlanError) -> [[UInt8]] {
        let physical = try root.resolve(directory)
        var parts: [[UInt8]] = []
        for name in try root.names(in: physical) where isSelected(name) {
            let path = physical.appending(name)
            guard let target = try? root.resolve(path), root.isRead(target), var text = try root.contents(of: target)
            else { continue }
            if selection == .hashLinks, let last = text.last, last != UInt8(ascii: "\n") {
                text.append(UInt8(ascii: "\n"))
            }
            parts.append(text)
        }
        return parts
    }

    private func isSelected(_ name: [UInt8]) -> Bool {
        switch selection {
        case .files: name.first != UInt8(ascii: ".") && name.suffix(4).elementsEqual(".pem".utf8)
        case .hashLinks: HashLink(name).map { !$0.isRevocationList && $0.number < 10 } ?? false
        }
    }
}
