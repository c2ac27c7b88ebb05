public import TrustAnchors

extension Certificate {
    /// Whether `issuer` signed this certificate: its name, its key identifiers and its key fit.
    public func isSigned(by issuer: Certificate) -> Bool {
        PathCertificate(self).isIssued(by: PathCertificate(issuer)) && SignatureCheck(of: self, by: issuer) == .valid
    }

    /// Whether it signed itself, as a root does.
    public var isRoot: Bool { isSigned(by: self) }
}

extension Certificate {
    /// The certificates of `others` that lead up from this one, each signing the one before it; each is taken once.
    public func path(through others: [Certificate]) -> [Certificate] {
        var path = [self]
        var rest = others.filter { $0 != self }
        while let last = path.last, !last.isRoot, let next = rest.first(where: last.isSigned) {
            path.append(next)
            rest.removeAll { $0 == next }
        }
        return path
    }
}
