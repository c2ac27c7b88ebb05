import RootFS
import TrustAnchors

/// Which of the packaged certificates are trusted, changed as an administrator would: by a `!` before their line in
/// `/etc/ca-certificates.conf`, which upgrades keep.
struct PackagedSelection {
    let store: String

    /// Selects the packaged certificates among the anchors; gives those that aren't packaged too.
    func selecting(
        _ anchors: [TrustAnchor], in root: Snapshot
    ) throws(PlanError) -> (proposal: Proposal, others: [TrustAnchor]) {
        let text = try root.contents(of: CertificatesConf.path) ?? []
        let conf = try CertificatesConf(in: root)
        let selected = try conf.files(in: root)
        var others = anchors.filter { anchor in !selected.contains { $0.holds(anchor.der) } }
        var proposal = Proposal()
        proposal.diagnostics = UpdateCACertificates.packagedNotes(of: anchors, besides: others)

        var lines: Set<[UInt8]> = []
        for line in conf.deselected {
            guard let file = try CertificatesConf.file(line, in: root) else { continue }
            guard let index = others.firstIndex(where: { PEMBundle(file.contents).holdsOnly($0.der) }) else { continue }
            lines.insert(line)
            others.remove(at: index)
        }
        let edited = CertificatesConf.selecting(lines, in: text)
        if let change = try root.change(root.resolve(CertificatesConf.path), to: edited) {
            proposal.steps = [Step(change, store: store, purpose: "packaged certificate that is selected again")]
        }
        return (proposal, others)
    }

    /// Deselects the packaged certificates among those that are withdrawn.
    func deselecting(_ fingerprints: Set<Fingerprint>, in root: Snapshot) throws(PlanError) -> Proposal {
        let text = try root.contents(of: CertificatesConf.path) ?? []
        var proposal = Proposal()
        var lines: Set<[UInt8]> = []
        for line in try CertificatesConf(in: root).selected {
            guard let file = try CertificatesConf.file(line, in: root) else { continue }
            let held = PEMBundle(file.contents).certificates.map { Fingerprint(of: $0) }
            if !held.isEmpty, fingerprints.isSuperset(of: held) {
                lines.insert(line)
            } else if !fingerprints.isDisjoint(with: held) {
                let message = "\(file.path) holds other certificates too, so it stays selected"
                proposal.diagnostics.append(Diagnostic("shares-file", at: file.path, message))
            }
        }
        let edited = CertificatesConf.deselecting(lines, in: text)
        if let change = try root.change(root.resolve(CertificatesConf.path), to: edited) {
            proposal.steps = [Step(change, store: store, purpose: "packaged certificate that is no longer selected")]
        }
        return proposal
    }
}
