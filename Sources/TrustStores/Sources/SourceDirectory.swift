import RootFS
import TrustAnchors

/// The directory in which an administrator puts trust anchors for a distribution's own tool.
struct SourceDirectory {
    /// A file of the directory, under the name by which the tool sees it.
    struct File {
        /// The path that the tool prints and links to: links among its directories are part of it.
        let path: RootPath
        let contents: [UInt8]

        /// Whether one of the certificates in the file is this one.
        func holds(_ der: [UInt8]) -> Bool {
            // Base64 takes four bytes for three: what is shorter needn't be decoded.
            guard contents.count > der.count / 3 * 4 else { return false }
            return PEMBundle(contents).certificates.contains(der)
        }
    }

    let path: RootPath
    /// Whether the tool looks into directories below.
    let isRecursive: Bool
    /// Whether the tool takes a file of this name.
    let accepts: @Sendable (_ name: [UInt8]) -> Bool
    /// Whether the tool reads this certificate from a file with these contents.
    let reads: @Sendable (_ der: [UInt8], _ contents: [UInt8]) -> Bool
    /// What the tool wants at the end of a name.
    var suffix = ".crt"
    /// Whether the directory is there for anchors alone, so that it tells of its family.
    var isDedicated = true

    var patterns: [PathPattern] {
        [PathPattern("\(path)/" + (isRecursive ? "**" : "*"), followingLinks: true)]
    }

    /// The files that the tool takes, sorted by path; links are followed, as by `find -L`.
    func files(in root: Snapshot, where isWanted: (RootPath) -> Bool = { _ in true }) throws(PlanError) -> [File] {
        try paths(in: root).filter(isWanted).map { path throws(PlanError) in
            File(path: path, contents: try root.contents(of: path) ?? [])
        }
    }

    /// The paths of those files.
    func paths(in root: Snapshot) throws(PlanError) -> [RootPath] {
        var found: [RootPath] = []
        try walk(path, in: root, above: [], into: &found)
        return found.sorted()
    }

    private func walk(
        _ directory: RootPath, in root: Snapshot, above: [RootPath], into found: inout [RootPath]
    ) throws(PlanError) {
        let physical = try root.resolve(directory)
        // A link to a directory above it would be walked for ever.
        guard !above.contains(physical), above.count < PathPattern.depthLimit else { return }
        for name in try root.names(in: directory) {
            let entry = directory.appending(name)
            guard let target = try? root.resolve(entry), let kind = try root.entry(at: target)?.kind else { continue }
            switch kind {
            case .directory where isRecursive: try walk(entry, in: root, above: above + [physical], into: &found)
            case .file where accepts(name): found.append(entry)
            default: continue
            }
        }
    }

    private func fileName(of anchor: TrustAnchor) -> String {
        anchor.fileName.hasSuffix(".crt") ? anchor.fileName.dropLast(4) + suffix : anchor.fileName
    }

    /// The changes that put the anchors in, one file each; an anchor that the tool reads already gets none.
    func adding(_ anchors: [TrustAnchor], in root: Snapshot, store: String) throws(PlanError) -> [Step] {
        let files = try files(in: root)
        let wanted = anchors.filter { anchor in !files.contains { reads(anchor.der, $0.contents) } }
        guard !wanted.isEmpty else { return [] }
        var steps = try NewNodes.directories(to: path, in: root, store: store)
        let view = root.applying(steps.map(\.change))
        let directory = try view.resolve(path)
        for anchor in wanted {
            let file = directory.appending(fileName(of: anchor))
            guard let change = try view.change(file, to: PEM.encode(anchor.der)) else { continue }
            steps.append(Step(change, store: store, purpose: "anchor that the distribution's own tool will keep"))
        }
        return steps
    }

    /// The changes that take the certificates out: a file that holds nothing else goes, in others their blocks go.
    func removing(_ fingerprints: Set<Fingerprint>, in root: Snapshot, store: String) throws(PlanError) -> [Step] {
        var steps: [Step] = []
        for file in try files(in: root) {
            let bundle = PEMBundle(file.contents)
            let held = bundle.certificates.map { Fingerprint(of: $0) }
            if held.isEmpty ? fingerprints.contains(Fingerprint(of: file.contents)) : fingerprints.isSuperset(of: held)
            {
                // The entry goes, not what a link leads to.
                let change = try root.removal(of: root.locate(file.path))
                steps.append(Step(change, store: store, purpose: "withdrawn anchor"))
            } else if !fingerprints.isDisjoint(with: held) {
                let rest = bundle.removing(fingerprints)
                guard let change = try root.change(root.resolve(file.path), to: rest) else { continue }
                steps.append(Step(change, store: store, purpose: "withdrawn anchor, from a file with others"))
            }
        }
        return steps
    }
}
