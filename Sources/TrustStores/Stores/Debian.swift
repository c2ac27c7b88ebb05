public import RootFS
import TrustAnchors

/// Debian, Ubuntu and whoever else ships Debian's `update-ca-certificates`, a shell script.
///
/// The script writes every selected certificate into `/etc/ssl/certs/ca-certificates.crt`, links each one as
/// `/etc/ssl/certs/NAME.pem` and has `openssl rehash` link those by hash (update-ca-certificates(8),
/// ca-certificates 20230311 to 20260816).
public struct Debian: FamilyStore {
    public let name = "debian"

    static let links: RootPath = "/etc/ssl/certs"
    static let bundle: RootPath = "/etc/ssl/certs/ca-certificates.crt"

    static let sources = SourceDirectory(
        path: "/usr/local/share/ca-certificates", isRecursive: true,
        accepts: { $0.suffix(4).elementsEqual(".crt".utf8) && !$0.contains(UInt8(ascii: "\n")) },
        reads: { PEMBundle($1).holdsOnly($0) })

    public init() {}

    public var patterns: [PathPattern] {
        UpdateCACertificates.patterns(sources: Self.sources, links: Self.links)
    }

    public func reads(in listing: Snapshot) throws(PlanError) -> [RootPath] {
        try UpdateCACertificates.reads(in: listing, sources: Self.sources, links: Self.links)
    }

    let identifiers: Set<String> = ["debian", "ubuntu", "gentoo", "void"]
    let evidence = UpdateCACertificates.tools + [CertificatesConf.path]
    var anchors: SourceDirectory { Self.sources }

    func isPresent(in root: Snapshot) throws(PlanError) -> Bool { try Self.isPresent(in: root) }

    static func isPresent(in root: Snapshot) throws(PlanError) -> Bool {
        try UpdateCACertificates.tool(in: root) == .script
    }

    public func survey(_ root: Snapshot) throws(PlanError) -> StoreSurvey? {
        guard try Self.isPresent(in: root) else { return nil }
        return try UpdateCACertificates.survey(
            root, store: name, sources: Self.sources, bundle: Self.bundle, links: Self.links)
    }

    public func proposal(for intent: Intent, in root: Snapshot) throws(PlanError) -> Proposal {
        guard try Self.isPresent(in: root) else { return Proposal() }
        var proposal = try UpdateCACertificates.sourcesProposal(
            for: intent, sources: Self.sources, links: Self.links, store: name, in: root)
        let view = root.applying(proposal.steps.map(\.change))

        let packaged = try Self.packaged(in: view)
        let files = try packaged + Self.sources.files(in: view)
        let links = try Self.links(after: intent, files: files, in: view)
        proposal.steps += try links.steps(store: name) { path in
            HashLink(Array(path.name)) == nil ? "link to a certificate" : "link by subject hash for OpenSSL"
        }
        let bundle = try Self.bundleProposal(
            for: intent, former: try Self.former(in: root), new: files, in: view)
        proposal.steps += bundle.steps
        proposal.diagnostics += bundle.diagnostics
        if packaged.isEmpty {
            let message =
                "\(CertificatesConf.path) selects no certificate that is there; the distribution's tool keeps no "
                + "public root then, and neither does this"
            proposal.diagnostics.append(Diagnostic("no-packaged", at: CertificatesConf.path, message))
        }
        return proposal
    }

    static func packaged(in root: Snapshot) throws(PlanError) -> [SourceDirectory.File] {
        try CertificatesConf(in: root).files(in: root)
    }

    /// Every file in the order in which the script takes them.
    static func files(in root: Snapshot) throws(PlanError) -> [SourceDirectory.File] {
        try packaged(in: root) + sources.files(in: root)
    }

    /// The name of the link to a certificate file, without its directory.
    static func linkName(for file: RootPath) -> [UInt8] {
        var base = Array(file.name)
        // basename(1) keeps a name that is nothing but the suffix.
        if base.count > 4, base.suffix(4).elementsEqual(".crt".utf8) { base.removeLast(4) }
        let translated = base.map { byte in
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: ","): UInt8(ascii: "_")
            case UInt8(ascii: "("), UInt8(ascii: ")"): UInt8(ascii: "=")
            default: byte
            }
        }
        return translated + Array(".pem".utf8)
    }

    /// The directory of links as the script leaves it: with `--fresh` where anchors were withdrawn.
    private static func links(
        after intent: Intent, files: [SourceDirectory.File], in root: Snapshot
    ) throws(PlanError) -> CertificateLinks {
        var links = try CertificateLinks(Self.links, in: root)
        let text = try root.contents(of: CertificatesConf.path) ?? []
        // The script begins afresh when told to, which a withdrawal takes, and when its configuration is empty.
        var isFresh = text.isEmpty
        if case .withdraw = intent { isFresh = true }
        if isFresh {
            try links.removeLinks { _, target, _ in UpdateCACertificates.leadsToSource(target, sources: sources) }
            // Now every hash link that led over one of those leads nowhere.
            try links.removeLinks { path, _, view throws(PlanError) in try view.leadsToFile(path) == false }
        }
        var isChanged = false
        for line in try CertificatesConf(in: root).deselected {
            guard let path = RootPath(bytes: line) else { continue }
            var base = Array(path.name)
            if base.count > 4, base.suffix(4).elementsEqual(".crt".utf8) { base.removeLast(4) }
            let name = base + Array(".pem".utf8)
            if try links.target(of: name) != nil {
                links.remove(name)
                isChanged = true
            }
        }
        for file in files {
            let name = linkName(for: file.path)
            guard try links.target(of: name) != file.path.bytes else { continue }
            try links.link(name, to: file.path.bytes)
            isChanged = true
        }
        try links.removeLinks { path, _, view throws(PlanError) in try view.leadsSomewhere(path) == false }
        // The script looks at hashes only then, and before it writes the bundle: if that has a single certificate now,
        // it must not get a link from a run that has nothing else to do.
        try links.rehash(withoutNewLinksTo: isChanged ? nil : Array(bundle.name))
        return links
    }

    /// Every file that the script may have taken when it last ran, and how many of them stand in a fixed order: since
    /// then some may have been deselected or be new.
    private static func former(
        in root: Snapshot
    ) throws(PlanError) -> (files: [SourceDirectory.File], ordered: Int) {
        let conf = try CertificatesConf(in: root)
        let named = try conf.files(in: root) { _ in true }
        let local = try sources.files(in: root)
        let known = Set(named.map(\.path))
        let unnamed = try packages.files(in: root) { !known.contains($0) }
        return (named + local + unnamed, named.count + local.count)
    }

    /// Everything that packages have brought, selected or not.
    private static let packages = SourceDirectory(
        path: CertificatesConf.packages, isRecursive: true, accepts: sources.accepts, reads: sources.reads)

    private static func bundleProposal(
        for intent: Intent, former: (files: [SourceDirectory.File], ordered: Int), new: [SourceDirectory.File],
        in root: Snapshot
    ) throws(PlanError) -> Proposal {
        try UpdateCACertificates.bundleProposal(
            bundle, store: "debian", for: intent,
            old: GeneratedBundle(parts: former.files.map { endingLine($0.contents) }),
            new: GeneratedBundle(parts: new.map { endingLine($0.contents) }), ordered: former.ordered, in: root)
    }

    /// What `sed '$a\'` makes of a file: with a newline at its end, if it isn't empty.
    private static func endingLine(_ contents: [UInt8]) -> [UInt8] {
        guard let last = contents.last, last != UInt8(ascii: "\n") else { return contents }
        return contents + [UInt8(ascii: "\n")]
    }
}
