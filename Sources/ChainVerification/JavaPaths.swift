import TrustAnchors

/// The paths that Java tries for a server (`PKIXValidator.engineValidate`, OpenJDK 17): what was sent, in its order, up
/// to the first certificate that is an anchor or has its name and key. Only where the order is wrong Java sorts.
struct JavaPaths {
    /// How many intermediates a sorted path may have (`PKIXBuilderParameters`), and how many such paths are tried here.
    private static let sortedLength = 5
    private static let sortedLimit = 16

    let presented: [PathCertificate]
    let anchors: AnchorSet

    /// Each ends in an anchor: that alone where it is the server's own certificate.
    var candidates: [[PathCertificate]] {
        guard let leaf = presented.first else { return [] }
        if anchors.contains(leaf.certificate.der) { return [[leaf]] }
        var sent = [leaf]
        for next in presented.dropFirst() {
            guard let issuer = sent.last?.issuer, issuer == next.subject else { return sorted(from: leaf) }
            if isAnchored(next) { break }
            sent.append(next)
        }
        guard let last = sent.last, !anchors.certificates(ofIssuer: last).isEmpty else { return sorted(from: leaf) }
        return ended(sent)
    }

    /// What was sent, as far as each certificate is the issuer of the one before it.
    var sentPath: [PathCertificate] {
        var path = Array(presented.prefix(1))
        for next in presented.dropFirst() {
            guard let last = path.last, !last.isSelfSigned, last.isIssued(by: next) else { break }
            path.append(next)
        }
        return path
    }

    /// Whether it is an anchor, or another certificate for an anchor's name and key.
    private func isAnchored(_ certificate: PathCertificate) -> Bool {
        guard let subject = certificate.subject else { return false }
        return anchors.certificates(named: subject).contains {
            $0.certificate.publicKeyInfo == certificate.certificate.publicKeyInfo
        }
    }

    private func ended(_ sent: [PathCertificate]) -> [[PathCertificate]] {
        guard let last = sent.last else { return [] }
        return anchors.certificates(ofIssuer: last).filter(last.isIssued).map { sent + [$0] }
    }

    private func sorted(from leaf: PathCertificate) -> [[PathCertificate]] {
        var found: [[PathCertificate]] = []
        var pending = [[leaf]]
        var steps = 0
        while let path = pending.popLast(), let last = path.last, found.count < Self.sortedLimit, steps < 256 {
            steps += 1
            found += ended(path)
            guard path.count <= Self.sortedLength, !last.isSelfIssued else { continue }
            pending += presented.filter { next in
                last.isIssued(by: next) && !path.contains { $0.certificate == next.certificate }
            }.map { path + [$0] }.reversed()
        }
        return Array(found.prefix(Self.sortedLimit))
    }
}
