import RootFS

/// The store of a distribution family: it has a tool, and a directory of anchors that the tool reads.
protocol FamilyStore: TrustStore {
    /// Where to look to tell whether a root is of this family.
    var evidence: [RootPath] { get }

    /// Whether a root is of this family and has what its tool needs. `evidence` must have been read.
    func isPresent(in root: Snapshot) throws(PlanError) -> Bool

    /// Identifiers of the family in os-release(5), for roots where nothing else tells.
    var identifiers: Set<String> { get }

    /// Where anchors go.
    var anchors: SourceDirectory { get }
}
