import Caisson
import ChainVerification
import RootFS
import TLSProbe
import TrustAnchors

/// The one CA that `fetch` is to hand out.
struct FetchedAuthority {
    let anchor: TrustAnchor

    /// Throws where it wasn't found, where there are several, or where it isn't fit to be trusted.
    init(
        _ reports: [ConnectionReport], takesIntermediates: Bool, policy: VettingPolicy
    ) throws(CaissonError) {
        let inspected = reports.filter { $0.inspection != .inspected ? $0.publicRoot == nil : true }
        guard let first = inspected.first else {
            let name = reports.first.map { "\($0.handshake.endpoint)" } ?? "fetch"
            throw CaissonError(
                .unavailable, name, "nobody inspects this connection, so there is no CA to trust; nothing was written")
        }
        for report in inspected where report.authority == nil || !(report.isRoot || takesIntermediates) {
            throw CaissonError(missing: report)
        }
        let found = inspected.compactMap(\.authority?.certificate)
        guard let certificate = found.first, Set(found).count == 1 else {
            let names = Set(found).map { "\"\($0.displayName)\"" }.sorted().joined(separator: ", ")
            throw CaissonError(
                .unavailable, "fetch", "the URLs are signed by different CAs: \(names); nothing was written",
                hint: "fetch them one by one")
        }
        anchor = try Self.vet(certificate, policy, subject: "\(first.handshake.endpoint)")
    }

    private static func vet(
        _ certificate: Certificate, _ policy: VettingPolicy, subject: String
    ) throws(CaissonError) -> TrustAnchor {
        let admitted: (anchors: [TrustAnchor], warnings: [VettedFinding])
        do throws(VettingError) {
            admitted = try policy.admit(CertificateFile(surveying: PEM.encode(certificate.der)))
        } catch {
            throw CaissonError(refusing: subject, error.errors.map(\.sentence))
        }
        for warning in admitted.warnings { Terminal.warn(warning.sentence) }
        guard let anchor = admitted.anchors.first else {
            throw CaissonError(.badCertificate, subject, "the CA can't be read")
        }
        return anchor
    }
}

extension ConnectionReport {
    var isRoot: Bool { authority?.isRoot ?? false }

    /// Whether there is no CA, since the server's certificate signed itself.
    var isSelfSigned: Bool { path.count == 1 && path.first?.isRoot == true }

    var publicRoot: Certificate? { if case .none(let root) = inspection { root } else { nil } }
}

extension CaissonError {
    /// The root wasn't sent and wasn't found: who signed, and what to ask for.
    fileprivate init(missing report: ConnectionReport) {
        guard !report.isSelfSigned else {
            self.init(
                .unavailable, "\(report.handshake.endpoint)",
                "the server signed its certificate itself, so there is no CA; nothing was written")
            return
        }
        let top = report.path.last
        let issuer = top.map { $0.isRoot ? $0.facts.subject : $0.facts.issuer }
        let name = issuer.map { $0.displayName } ?? "unknown"
        let intermediate = report.authority == nil ? "" : ", and only an intermediate was found"
        self.init(
            .unavailable, "\(report.handshake.endpoint)",
            "the root wasn't sent: the chain is signed by \"\(name)\"\(intermediate); nothing was written",
            hint: "ask your IT department for the certificate of \"\(name)\" and for the root above it, if it isn't "
                + "the root itself, with their SHA-256 fingerprints"
                + (report.authority == nil ? "" : ", or take the intermediate with --allow intermediate"))
    }
}
