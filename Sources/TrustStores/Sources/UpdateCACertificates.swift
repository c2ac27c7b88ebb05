import RootFS
import TrustAnchors

/// What Debian's script and Alpine's program of the name `update-ca-certificates` have in common.
enum UpdateCACertificates {
    enum Tool: Hashable {
        /// Debian's, in shell.
        case script
        /// Alpine's, in C.
        case program
    }

    static let tools: [RootPath] = ["/usr/sbin/update-ca-certificates", "/usr/bin/update-ca-certificates"]
    static let hooks: RootPath = "/etc/ca-certificates/update.d"

    static var patterns: [PathPattern] {
        tools.map { PathPattern($0) } + [PathPattern(CertificatesConf.path), PathPattern("\(hooks)/*")]
    }

    /// Where to look for everything that such a tool reads and makes.
    static func patterns(sources: SourceDirectory, links: RootPath) -> [PathPattern] {
        [
            PathPattern("\(CertificatesConf.packages)/**", followingLinks: true),
            PathPattern("\(links)/**"),
        ] + patterns + sources.patterns
    }

    /// Which tool the root has. Where there is none, what it would have written is kept as it is.
    static func tool(in root: Snapshot) throws(PlanError) -> Tool? {
        guard try root.file(at: CertificatesConf.path) != nil else { return nil }
        for path in tools {
            guard let contents = try root.contents(of: path) else { continue }
            return contents.starts(with: "#!".utf8) ? .script : .program
        }
        return nil
    }

    /// The files to read, of those that were found.
    static func reads(
        in listing: Snapshot, sources: SourceDirectory, links: RootPath
    ) throws(PlanError) -> [RootPath] {
        var paths = tools + [CertificatesConf.path]
        paths += try below(CertificatesConf.packages, followingLinks: true, in: listing)
        paths += try below(sources.path, followingLinks: true, in: listing)
        paths += try below(links, followingLinks: false, in: listing)
        return paths
    }

    /// Every file and link below a directory, and below the directories that links there lead to.
    private static func below(
        _ directory: RootPath, followingLinks: Bool, in listing: Snapshot
    ) throws(PlanError) -> [RootPath] {
        var found: [RootPath] = []
        var pending = [try listing.resolve(directory)]
        var seen = Set(pending)
        while let next = pending.popLast() {
            for name in try listing.names(in: next) {
                let path = next.appending(name)
                switch try listing.entry(at: path)?.kind {
                case .directory: if seen.insert(path).inserted { pending.append(path) }
                case .symlink:
                    found.append(path)
                    guard followingLinks, let target = try? listing.resolve(path),
                        case .directory? = try listing.entry(at: target)?.kind, seen.insert(target).inserted
                    else { continue }
                    pending.append(target)
                case .file: found.append(path)
                default: continue
                }
            }
        }
        return found
    }

    /// Whether a link's target lies in one of the two directories of certificate files, as the tools compare it: by text.
    static func leadsToSource(_ target: [UInt8], sources: SourceDirectory) -> Bool {
        target.starts(with: CertificatesConf.packages.bytes) || target.starts(with: sources.path.bytes)
    }

    /// The changes to what such a tool reads, and the directory that it writes to: from there its outputs are made.
    static func sourcesProposal(
        for intent: Intent, sources: SourceDirectory, links: RootPath, store: String, in root: Snapshot
    ) throws(PlanError) -> Proposal {
        var proposal: Proposal
        switch intent {
        case .trust(let anchors):
            let selection = try PackagedSelection(store: store).selecting(anchors, in: root)
            proposal = selection.proposal
            proposal.steps += try sources.adding(selection.others, in: root, store: store)
        case .withdraw(let fingerprints):
            proposal = try PackagedSelection(store: store).deselecting(fingerprints, in: root)
            proposal.steps += try sources.removing(fingerprints, in: root, store: store)
        }
        proposal.steps += try NewNodes.directories(to: links, in: root, store: store)
        return proposal
    }

    /// The change to the bundle: what the tool makes of the new sources where the old ones account for what is there,
    /// and a patch that keeps every byte where they don't.
    static func bundleProposal(
        _ bundle: RootPath, store: String, for intent: Intent, old: GeneratedBundle, new: GeneratedBundle,
        ordered: Int, in root: Snapshot
    ) throws(PlanError) -> Proposal {
        let path = try root.place(ofBundle: bundle, store: store)
        let current = try root.contents(of: path)
        let generated = new.bytes
        if let current, !current.isIdentical(to: generated), !old.accounts(for: current, ordered: ordered) {
            var proposal = Proposal()
            let patch = BundlePatch(path: path, store: store)
            proposal.diagnostics.append(
                Diagnostic(
                    "bundle-differs", at: path,
                    "\(path) holds more than the distribution's tool would write; it is patched, and the tool's next "
                        + "run will drop what is foreign in it"))
            let part = try patch.proposal(for: intent, in: root)
            proposal.steps += part.steps
            proposal.diagnostics += part.diagnostics
            return proposal
        }
        guard let change = try root.change(path, to: generated) else { return Proposal() }
        var proposal = Proposal()
        proposal.steps = [Step(change, store: store, purpose: "bundle as the distribution's tool writes it")]
        proposal.diagnostics += BundlePatch.modeNotes(of: change)
        return proposal
    }
}

extension UpdateCACertificates {
    /// Says which anchors the distribution ships itself.
    static func packagedNotes(of anchors: [TrustAnchor], besides added: [TrustAnchor]) -> [Diagnostic] {
        anchors.filter { !added.contains($0) }.map { anchor in
            Diagnostic(
                "packaged", at: CertificatesConf.packages,
                "\(anchor.subject) is one of the distribution's own and selected; it gets no second file")
        }
    }

    /// What a root with such a tool holds.
    static func survey(
        _ root: Snapshot, store: String, sources: SourceDirectory, bundle: RootPath, links: RootPath
    ) throws(PlanError) -> StoreSurvey {
        let conf = try CertificatesConf(in: root)
        let packaged = try conf.files(in: root).flatMap { PEMBundle($0.contents).certificates }
        let local = try sources.files(in: root)
        let added = local.flatMap { PEMBundle($0.contents).certificates }
        var locations: [StoreSurvey.Location] = [
            .init(path: CertificatesConf.packages, role: .packaged, certificates: packaged),
            .init(path: sources.path, role: .source, certificates: added),
        ]
        var drift: [Diagnostic] = []
        let contents = PEMBundle(try root.contents(of: bundle) ?? [])
        locations.append(.init(path: bundle, extracted: contents.blocks))
        drift += local.compactMap(Drift.withoutCertificate)
        drift += try Drift.unusable(bundle, contents, in: root) + Drift.brokenBlocks(of: contents, at: bundle)
        if case .directory? = try root.entry(at: root.resolve(links))?.kind {
            let directory = try CertificateLinks(links, in: root)
            let reachable = try directory.reachable()
            locations.append(.init(path: links, extracted: reachable))
            if reachable.isEmpty, !packaged.isEmpty || !added.isEmpty {
                drift.append(Drift.noHashLinks(in: links))
            }
            drift += try directory.dangling()
        }
        return StoreSurvey(store: store, locations: locations, drift: Drift.between(locations) + drift)
    }
}

extension CertificateLinks {
    /// Whether the entry leads to a regular file (`test -f`).
    func leadsToFile(_ path: RootPath) throws(PlanError) -> Bool {
        guard (try? root.resolve(path)) != nil else { return false }
        return try root.file(at: path) != nil
    }
}
