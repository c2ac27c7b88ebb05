import TrustAnchors

/// Builds the path from a server's certificate to an anchor, in the order in which OpenSSL 3 tries things
/// (`build_chain` in crypto/x509/x509_vfy.c, with `X509_V_FLAG_TRUSTED_FIRST`, its default): anchors before what was
/// sent, and no way back once a step is taken.
struct PathBuilder {
    /// How many certificates a path may have between the server's own and the anchor, as with OpenSSL.
    static let depthLimit = 100

    let client: ClientModel
    let anchors: AnchorSet
    let presented: [PathCertificate]
    let now: Int64

    /// The server's own certificate first. At least one, if any was presented.
    private(set) var path: [PathCertificate] = []
    /// How many of them were presented; those after them are anchors.
    private(set) var presentedCount = 0
    private(set) var isTrusted = false

    init(client: ClientModel, anchors: AnchorSet, presented: [PathCertificate], now: Int64) {
        self.client = client
        self.anchors = anchors
        self.presented = presented
        self.now = now
        build()
    }

    /// Why the path doesn't end in an anchor; nil where it does.
    var fault: ChainFault? {
        if let rejected { return ChainFault(.rejectedAnchor, at: rejected) }
        guard !isTrusted, let last = path.last else { return nil }
        let depth = path.count - 1
        if depth > Self.depthLimit { return ChainFault(.tooLong, at: depth) }
        if last.isSelfSigned { return ChainFault(depth == 0 ? .selfSigned : .untrustedRoot, at: depth) }
        return ChainFault(presentedCount < path.count ? .anchorNotRoot : .unknownIssuer, at: depth)
    }

    /// What the path ends in; the server's own certificate where that is an anchor itself.
    var anchor: PathCertificate? {
        guard isTrusted, rejected == nil else { return nil }
        return presentedCount < path.count ? path.last : path.first
    }

    /// The first certificate of the path that came from the store and that its settings keep from being an anchor.
    private var rejected: Int? {
        let added = trustsLeafItself ? 0 : presentedCount
        return path.indices.dropFirst(added).first { anchors.rejects(path[$0]) }
    }

    private mutating func build() {
        guard let leaf = presented.first else { return }
        path = [leaf]
        presentedCount = 1
        var rest = Array(presented.dropFirst())
        var triesPresented = !rest.isEmpty
        while let last = path.last {
            let mayGrow = path.count <= Self.depthLimit
            if mayGrow, let issuer = best(anchors.certificates(ofIssuer: last), for: last) {
                if !last.isSelfSigned {
                    path.append(issuer)
                    triesPresented = false
                } else if presentedCount == path.count, issuer.certificate == last.certificate {
                    // A root that was sent counts as an anchor only if it is one, to the byte.
                    presentedCount -= 1
                    triesPresented = false
                }
                if trusts() { break }
                if presentedCount < path.count, path.last?.isSelfSigned == false { continue }
            }
            guard triesPresented else { break }
            guard mayGrow, !last.isSelfSigned, let issuer = best(rest, for: last) else {
                triesPresented = false
                break
            }
            rest.removeAll { $0.certificate == issuer.certificate }
            path.append(issuer)
            presentedCount += 1
        }
        if !isTrusted { isTrusted = trustsLeafItself }
    }

    /// Whether what was added from the anchors ends the path.
    private mutating func trusts() -> Bool {
        let added = path[presentedCount...]
        isTrusted = added.contains(where: \.isSelfSigned) || (client.acceptsPartialChains && !added.isEmpty)
        return isTrusted
    }

    /// Clients that take partial chains take an anchor as the server's own certificate too.
    private var trustsLeafItself: Bool {
        guard client.acceptsPartialChains, presentedCount == path.count, let leaf = path.first else { return false }
        return anchors.contains(leaf.certificate.der)
    }

    /// The first that is valid now, else the one that lasts longest.
    private func best(_ candidates: [PathCertificate], for certificate: PathCertificate) -> PathCertificate? {
        var best: PathCertificate?
        for candidate in candidates where certificate.isIssued(by: candidate) {
            if candidate.isValid(at: now) { return candidate }
            if best.map({ candidate.facts.notAfter > $0.facts.notAfter }) ?? true { best = candidate }
        }
        return best
    }
}
