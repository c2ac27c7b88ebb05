public import RootFS
import TrustAnchors

/// A system whose files are made from its settings: nothing that is written lasts, so nothing is. The setting to make is
/// told instead.
public struct SettingsStore: TrustStore {
    public let name: String
    /// Entries that together show the system.
    let marks: [RootPath]
    /// The bundle that the system makes.
    let bundle: RootPath
    /// The setting that makes it trust certificates.
    let trusting: @Sendable ([TrustAnchor]) -> String
    /// The setting that makes it distrust certificates, DER.
    let withdrawing: @Sendable ([[UInt8]]) -> String

    public var patterns: [PathPattern] { (marks + [bundle]).map { PathPattern($0) } }

    public func reads(in listing: Snapshot) throws(PlanError) -> [RootPath] {
        try isPresent(in: listing) ? [bundle] : []
    }

    private func isPresent(in root: Snapshot) throws(PlanError) -> Bool {
        for mark in marks where try root.entry(at: root.locate(mark)) == nil { return false }
        return true
    }

    public func survey(_ root: Snapshot) throws(PlanError) -> StoreSurvey? {
        guard try isPresent(in: root) else { return nil }
        let contents = try root.contents(of: bundle) ?? []
        let location = StoreSurvey.Location(
            path: bundle, role: .extracted, certificates: PEMBundle(contents).certificates)
        return StoreSurvey(
            store: name, locations: [location], drift: Drift.brokenBlocks(of: PEMBundle(contents), at: bundle))
    }

    /// Throws `PlanError.unsupported` where the bundle isn't yet as is asked for.
    public func proposal(for intent: Intent, in root: Snapshot) throws(PlanError) -> Proposal {
        guard try isPresent(in: root) else { return Proposal() }
        let present = PEMBundle(try root.contents(of: bundle) ?? []).certificates
        switch intent {
        case .trust(let anchors):
            let missing = anchors.filter { !present.contains($0.der) }
            if !missing.isEmpty { throw .unsupported(store: name, setting: trusting(missing)) }
        case .withdraw(let fingerprints):
            let held = present.filter { fingerprints.contains(Fingerprint(of: $0)) }
            if !held.isEmpty { throw .unsupported(store: name, setting: withdrawing(held)) }
        }
        return Proposal()
    }
}
