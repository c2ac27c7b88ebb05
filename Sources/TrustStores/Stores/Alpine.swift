public import RootFS
import TrustAnchors

/// Alpine, Wolfi and Chainguard with the package `ca-certificates`: `update-ca-certificates` is a program in C.
///
/// It takes every file of `/usr/local/share/ca-certificates`, whatever its name, but no directories, links each
/// certificate as `/etc/ssl/certs/ca-cert-NAME.pem`, and its hook `certhash` has `c_rehash` link them by hash
/// (alpinelinux/ca-certificates, update-ca.c).
public struct Alpine: FamilyStore {
    public let name = "alpine"

    static let links: RootPath = "/etc/ssl/certs"
    static let bundle: RootPath = "/etc/ssl/certs/ca-certificates.crt"
    private static let hashHook: RootPath = "/etc/ca-certificates/update.d/certhash"

    static let sources = SourceDirectory(
        path: "/usr/local/share/ca-certificates", isRecursive: false,
        accepts: { $0.first != UInt8(ascii: ".") },
        reads: { PEMBundle($1).holdsOnly($0) })

    public init() {}

    public var patterns: [PathPattern] {
        UpdateCACertificates.patterns(sources: Self.sources, links: Self.links)
    }

    public func reads(in listing: Snapshot) throws(PlanError) -> [RootPath] {
        try UpdateCACertificates.reads(in: listing, sources: Self.sources, links: Self.links)
    }

    let identifiers: Set<String> = ["alpine", "wolfi", "chainguard", "openwrt"]
    let evidence = UpdateCACertificates.tools + [CertificatesConf.path]
    var anchors: SourceDirectory { Self.sources }

    func isPresent(in root: Snapshot) throws(PlanError) -> Bool { try Self.isPresent(in: root) }

    static func isPresent(in root: Snapshot) throws(PlanError) -> Bool {
        try UpdateCACertificates.tool(in: root) == .program
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

        let links = try Self.links(in: view)
        proposal.steps += try links.steps(store: name) { path in
            HashLink(Array(path.name)) == nil ? "link to a certificate" : "link by subject hash for OpenSSL"
        }
        let bundle = try bundleProposal(for: intent, before: root, after: view)
        proposal.steps += bundle.steps
        proposal.diagnostics += bundle.diagnostics
        return proposal
    }

    private static func packaged(in root: Snapshot) throws(PlanError) -> [SourceDirectory.File] {
        try CertificatesConf(in: root).files(in: root)
    }

    static func linkName(for file: RootPath) -> [UInt8] {
        var base = Array(file.name)
        if base.suffix(4).elementsEqual(".crt".utf8) { base.removeLast(4) }
        let translated = base.map { byte in
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: ","): UInt8(ascii: "_")
            case UInt8(ascii: "("), UInt8(ascii: ")"): UInt8(ascii: "=")
            default: byte
            }
        }
        return Array("ca-cert-".utf8) + translated + Array(".pem".utf8)
    }

    private static func links(in root: Snapshot) throws(PlanError) -> CertificateLinks {
        var links = try CertificateLinks(Self.links, in: root)
        var wanted: [(name: [UInt8], target: [UInt8])] = []
        for file in try packaged(in: root) + sources.files(in: root) {
            let name = linkName(for: file.path)
            wanted.removeAll { $0.name == name }
            wanted.append((name, file.path.bytes))
        }
        let names = Set(wanted.map(\.name))
        for name in try root.names(in: links.directory) {
            guard let target = try links.target(of: name), !names.contains(name) else { continue }
            if UpdateCACertificates.leadsToSource(target, sources: sources) { links.remove(name) }
        }
        for (name, target) in wanted where try links.target(of: name) != target { try links.link(name, to: target) }
        // The bundle isn't what it will be yet; with a single certificate it would be linked for what it was.
        if try root.file(at: hashHook) != nil { try links.rehash(withoutNewLinksTo: Array(bundle.name)) }
        return links
    }

    /// The program has written a newline after each file since 2024; before, only the file. Which of the two it was
    /// shows in the bundle.
    private func bundleProposal(
        for intent: Intent, before: Snapshot, after: Snapshot
    ) throws(PlanError) -> Proposal {
        let packaged = try Self.packaged(in: before)
        let old = packaged + (try Self.sources.files(in: before))
        let new = try Self.packaged(in: after) + Self.sources.files(in: after)
        let current = try after.contents(of: Self.bundle)
        func parts(_ files: [SourceDirectory.File], newline: Bool) -> GeneratedBundle {
            GeneratedBundle(parts: files.map { $0.contents + (newline ? [UInt8(ascii: "\n")] : []) })
        }
        let plain = current.map { parts(old, newline: false).accounts(for: $0, ordered: packaged.count) } ?? false
        return try UpdateCACertificates.bundleProposal(
            Self.bundle, store: name, for: intent, old: parts(old, newline: !plain), new: parts(new, newline: !plain),
            ordered: packaged.count, in: after)
    }
}
