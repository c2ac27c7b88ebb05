public import RootFS
import TrustAnchors

/// Every bundle at a well-known place that no distribution's tool has brought up already: distroless, chiselled and
/// busybox images, Alpine with the bundle alone, copies that programs bring along.
///
/// Each is patched where it really lies. The anchor goes into a source directory too, so that a `ca-certificates` that
/// is installed later keeps it.
public struct KnownBundles: TrustStore {
    public let name = "bundle"

    /// Where Go, OpenSSL, Erlang, truststore and distributions look for a bundle
    /// (golang/go crypto/x509/root_linux.go; OpenSSL's compiled-in paths).
    static let bundles: [RootPath] = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/pki/tls/cacert.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
        "/etc/ssl/certs/ca-bundle.crt", "/etc/pki/tls/cert.pem", "/usr/lib/ssl/cert.pem", "/usr/local/ssl/cert.pem",
        "/usr/local/share/certs/ca-root-nss.crt", "/kaniko/ssl/certs/ca-certificates.crt",
        "/var/lib/ecs/deps/execute-command/certs/tls-ca-bundle.pem",
    ]

    public init() {}

    public var patterns: [PathPattern] {
        Self.bundles.map { PathPattern($0) } + AnchorSources.patterns
    }

    public func reads(in listing: Snapshot) throws(PlanError) -> [RootPath] {
        try Self.bundles + AnchorSources.reads(in: listing)
    }

    /// The physical paths of the bundles that are there, without repetition.
    static func present(in root: Snapshot) throws(PlanError) -> [RootPath] {
        var found: [RootPath] = []
        for path in bundles {
            guard let file = try root.file(at: path), !found.contains(file.path) else { continue }
            found.append(file.path)
        }
        return found
    }

    public func survey(_ root: Snapshot) throws(PlanError) -> StoreSurvey? {
        let bundles = try Self.present(in: root)
        guard !bundles.isEmpty else { return try Self.surveyWithoutBundle(root, store: name) }
        var locations: [StoreSurvey.Location] = []
        var drift: [Diagnostic] = []
        // A family's own store shows its sources, and what belongs where.
        if try !AnchorSources.areKept(in: root), let source = try AnchorSources.survey(root) {
            locations.append(source)
        }
        for path in bundles {
            let bundle = PEMBundle(try root.contents(of: path) ?? [])
            locations.append(.init(path: path, extracted: bundle.blocks))
            drift += try Drift.unusable(path, bundle, in: root) + Drift.brokenBlocks(of: bundle, at: path)
        }
        return StoreSurvey(store: name, locations: locations, drift: Drift.between(locations) + drift)
    }

    /// An anchor that was put into a source directory, and no bundle that would hold it.
    private static func surveyWithoutBundle(_ root: Snapshot, store: String) throws(PlanError) -> StoreSurvey? {
        guard try !AnchorSources.areKept(in: root), let source = try AnchorSources.survey(root),
            !source.certificates.isEmpty
        else { return nil }
        let drift = try Drift.unusable(Scratch.bundle, PEMBundle([]), in: root)
        return StoreSurvey(store: store, locations: [source], drift: drift)
    }

    public func proposal(for intent: Intent, in root: Snapshot) throws(PlanError) -> Proposal {
        var proposal = Proposal()
        let bundles = try Self.present(in: root)
        // What a family's store has changed is brought up.
        for path in bundles where !root.changed.contains(path) {
            let part = try BundlePatch(path: path, store: name).proposal(for: intent, in: root)
            proposal.steps += part.steps
            proposal.diagnostics += part.diagnostics
        }
        guard !bundles.isEmpty, try !AnchorSources.areKept(in: root) else { return proposal }
        proposal.steps += try AnchorSources.steps(for: intent, in: root, store: name)
        return proposal
    }
}
