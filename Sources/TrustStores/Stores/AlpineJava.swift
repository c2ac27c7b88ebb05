public import RootFS
import TrustAnchors

/// The Java store of Alpine, Wolfi and Chainguard, `/etc/ssl/certs/java/cacerts`: the hook of the package `java-cacerts`
/// has p11-kit extract it, and p11-kit reads the bundle there.
public struct AlpineJava: TrustStore {
    public let name = "alpine-java"

    private static let store: RootPath = "/etc/ssl/certs/java/cacerts"
    private static let hook: RootPath = "/etc/ca-certificates/update.d/java-cacerts"

    public init() {}

    public var patterns: [PathPattern] {
        [PathPattern(Self.store), PathPattern(Self.hook), PathPattern(Alpine.bundle)] + UpdateCACertificates.patterns
    }

    public func reads(in listing: Snapshot) throws(PlanError) -> [RootPath] {
        guard try listing.file(at: Self.hook) != nil else { return [] }
        return [Self.store, Alpine.bundle] + UpdateCACertificates.tools + [CertificatesConf.path]
    }

    private func contents(in root: Snapshot) throws(PlanError) -> [UInt8]? {
        guard try root.file(at: Self.hook) != nil, try Alpine.isPresent(in: root) else { return nil }
        return try root.contents(of: Self.store)
    }

    /// What p11-kit reads: a token that is one file holds anchors.
    private func anchors(in root: Snapshot) throws(PlanError) -> [TrustModule.Entry] {
        let bundle = try root.contents(of: Alpine.bundle) ?? []
        return TrustModule([TrustToken(file: Alpine.bundle, contents: bundle)]).select(.serverAnchors)
    }

    public func survey(_ root: Snapshot) throws(PlanError) -> StoreSurvey? {
        guard let contents = try contents(in: root) else { return nil }
        do throws(JavaKeyStore.Failure) {
            let found = try JavaKeyStore(contents).entries.map(\.certificate)
            let location = StoreSurvey.Location(
                path: Self.store, role: .extracted, certificates: found, reader: .java)
            let expected = try? anchors(in: root).map(\.der)
            return StoreSurvey(
                store: name, locations: [location],
                drift: Drift.between(found, and: expected ?? found, at: Self.store))
        } catch {
            let problem = Diagnostic("unreadable-store", at: Self.store, "\(Self.store): \(error.reason)")
            // Nothing is trusted by who can't read it.
            let empty = StoreSurvey.Location(path: Self.store, role: .extracted, certificates: [], reader: .java)
            return StoreSurvey(store: name, locations: [empty], drift: [problem])
        }
    }

    public func proposal(for intent: Intent, in root: Snapshot) throws(PlanError) -> Proposal {
        guard let contents = try contents(in: root) else { return Proposal() }
        var store: JavaKeyStore
        do throws(JavaKeyStore.Failure) {
            store = try JavaKeyStore(contents)
        } catch {
            throw .refused(
                store: name, Self.store, reason: error.reason, hint: "leave this store out with --without \(name)")
        }
        if case .withdraw(let fingerprints) = intent {
            store.remove { fingerprints.contains(Fingerprint(of: $0.certificate)) }
        }
        let entries = try anchors(in: root)
        let dialects = [ExtractionDialect.newest, ExtractionDialect(order: .byPath, label: .first, boundsNames: true)]
        let items = dialects.map { ExtractedKeyStore.items(entries, in: $0) }
            .first { ExtractedKeyStore.accounts(for: store, $0) }
        let path = try root.resolve(Self.store)
        if let items {
            let made = ExtractedKeyStore.store(items, keeping: store)
            guard let change = try root.change(path, to: made.encoded, mode: 0o444) else { return Proposal() }
            return Proposal(steps: [Step(change, store: name, purpose: "Java store as its hook writes it")])
        }
        var added: [TrustModule.Entry] = []
        if case .trust(let wanted) = intent {
            let missing = Set(wanted.map(\.fingerprint)).subtracting(
                store.entries.map { Fingerprint(of: $0.certificate) })
            added = entries.filter { missing.contains(Fingerprint(of: $0.der)) }
        }
        store.append(added, in: .newest)
        guard let change = try root.change(path, to: store.encoded, mode: 0o444) else { return Proposal() }
        return Proposal(steps: [Step(change, store: name, purpose: "Java store with what is asked for")])
    }
}
