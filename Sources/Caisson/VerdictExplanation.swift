import ChainVerification
import RootFS
import TrustAnchors

/// Why a server isn't trusted, told with what the other stores of the place hold.
struct VerdictExplanation {
    let server: ServerName
    /// The store that the verdict is about.
    let store: RootPath
    let holders: [AnchorHolder]
    /// The anchors of the place beside the distribution's own.
    let added: [Certificate]

    /// What it means that the server broke off before it had shown its key.
    func unproven(_ handshake: Handshake) -> [String] {
        guard !handshake.isProven, let interruption = handshake.interruption else { return [] }
        return ["not proven: the server didn't show that it holds the certificate's key: \(interruption)"]
    }

    /// One sentence for each fault, the cause first.
    func reasons(_ verdict: Verdict) -> [String] {
        verdict.faults.map { fault in
            switch fault.kind {
            case .selfSigned, .untrustedRoot, .unknownIssuer: untrusted(verdict, fault)
            default: verdict.sentence(for: fault, server: server)
            }
        }
    }

    private func untrusted(_ verdict: Verdict, _ fault: ChainFault) -> String {
        guard let last = verdict.path.last else { return verdict.sentence(for: fault, server: server) }
        if let elsewhere = elsewhere(last) { return elsewhere }
        if let renewed = renewed(last) { return renewed }
        let name = Self.name(last)
        switch fault.kind {
        case .selfSigned: return "not trusted: the server's certificate \(name) signed itself and isn't in \(store)"
        case .untrustedRoot: return "not trusted: the chain ends in \(name), which isn't in \(store)"
        default:
            let signer = last.facts.issuer.displayName
            return "not trusted: the chain is signed by \"\(signer)\", which wasn't sent and isn't in \(store)"
        }
    }

    /// Where in the place the missing anchor is.
    private func elsewhere(_ last: Certificate) -> String? {
        var anchor: Certificate?
        var paths: [String] = []
        for holder in holders where holder.path != store {
            guard let found = holder.anchors.issuer(above: [last]) else { continue }
            anchor = anchor ?? found
            if found == anchor { paths.append("\(holder.path)") }
        }
        guard let anchor else { return nil }
        return
            "not trusted: the chain ends in \(Self.name(anchor)), which is in \(paths.joined(separator: " and ")) but "
            + "not in \(store)"
    }

    /// Whether somebody who was trusted signs with another root now.
    private func renewed(_ last: Certificate) -> String? {
        let signer = last.isRoot ? last.facts.subject : last.facts.issuer
        guard let canonical = signer.canonicalForm else { return nil }
        guard let old = added.first(where: { $0.facts.subject.canonicalForm == canonical }) else { return nil }
        let now =
            last.isRoot
            ? Self.name(last) : "a key that wasn't sent, in the name of \"\(signer.displayName)\""
        return "not trusted: your proxy now signs with another root than the one trusted: with \(now); trusted is "
            + Self.name(old)
    }

    private static func name(_ certificate: Certificate) -> String {
        "\"\(certificate.displayName)\" (\(certificate.fingerprint))"
    }
}
