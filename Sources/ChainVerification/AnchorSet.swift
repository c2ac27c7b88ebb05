public import TrustAnchors

/// The certificates that one store holds, for looking up by subject as OpenSSL does. Only those that are asked for are
/// read in full.
public struct AnchorSet: Sendable {
    private let bySubjectHash: [UInt32: [[UInt8]]]
    private let all: Set<[UInt8]>
    private let rejected: Set<[UInt8]>

    /// Takes certificates in DER, in the store's order; `rejected` are those that trust settings in the store keep from
    /// being anchors.
    public init(_ certificates: [[UInt8]], rejected: Set<[UInt8]> = []) {
        self.rejected = rejected
        var index: [UInt32: [[UInt8]]] = [:]
        for der in certificates {
            if let hash = SubjectHash.current(of: der) { index[hash, default: []].append(der) }
        }
        bySubjectHash = index
        all = Set(certificates)
    }

    /// Whether there are none.
    public var isEmpty: Bool { all.isEmpty }

    /// Whether this very certificate is among them.
    public func contains(_ der: [UInt8]) -> Bool { all.contains(der) }

    /// Whether it is among them and kept from being an anchor.
    func rejects(_ certificate: PathCertificate) -> Bool {
        !rejected.isEmpty && rejected.contains(certificate.certificate.der)
    }

    /// The certificates of this subject, in the store's order.
    func certificates(ofIssuer certificate: PathCertificate) -> [PathCertificate] {
        certificate.issuer.map(certificates(named:)) ?? []
    }

    /// The certificates of this subject in its canonical form, in the store's order.
    func certificates(named subject: [UInt8]) -> [PathCertificate] {
        certificates(hash: SubjectHash.current(ofCanonical: subject)).filter { $0.subject == subject }
    }

    /// The certificate among them that ends `path`, a chain whose signatures are known to be good: the last one itself,
    /// or one that signed it.
    public func issuer(above path: [Certificate]) -> Certificate? {
        for certificate in path.reversed() {
            if contains(certificate.der) { return certificate }
            let candidates = certificates(ofIssuer: PathCertificate(certificate))
            if let issuer = candidates.first(where: { certificate.isSigned(by: $0.certificate) }) {
                return issuer.certificate
            }
        }
        return nil
    }

    private func certificates(hash: UInt32) -> [PathCertificate] {
        (bySubjectHash[hash] ?? []).compactMap { der in
            (try? Certificate(der: der)).map { PathCertificate($0) }
        }
    }
}
