import TrustAnchors

/// Checks a path that was built, as OpenSSL 3 does and in its order (`verify_chain` in crypto/x509/x509_vfy.c):
/// extensions, strength, the server's name, signatures and dates from the anchor down, name constraints.
struct PathCheck {
    let path: [PathCertificate]
    /// How many of the path were sent by the server.
    let presentedCount: Int
    let isTrusted: Bool
    let server: ServerName
    let client: ClientModel
    let now: Int64

    /// What OpenSSL looks at before it builds a path.
    var serverKeyFaults: [ChainFault] {
        guard let leaf = path.first, !isStrong(leaf) else { return [] }
        return [ChainFault(.weakServerKey, at: 0)]
    }

    /// What the client refuses the path for, besides that it ends nowhere.
    var faults: [ChainFault] {
        extensionFaults + strengthFaults + nameFaults + signatureFaults + constraintFaults
    }

    /// What stricter clients would refuse it for.
    var remarks: [ChainFault] {
        var remarks: [ChainFault] = []
        if !client.isStrict {
            let own = extensionFaults
            remarks = extensionFaults(isStrict: true).filter { !own.contains($0) }
        }
        if let leaf = path.first,
            HostMatch(leaf.certificate, server, rules: client.hostNameRules) == .matchesSubjectOnly
        {
            remarks.append(ChainFault(.nameOnlyInSubject, at: 0))
        }
        return remarks
    }

    private var extensionFaults: [ChainFault] { extensionFaults(isStrict: client.isStrict) }

    private func extensionFaults(isStrict: Bool) -> [ChainFault] {
        var faults: [ChainFault] = []
        var length = 0
        for (depth, certificate) in path.enumerated() {
            let extensions = certificate.extensions
            if !extensions.unknownCritical.isEmpty { faults.append(ChainFault(.unknownCriticalExtension, at: depth)) }
            let authority = AuthorityKind(certificate)
            if depth > 0, authority == .none || ((depth + 1 < path.count || isStrict) && authority != .full) {
                faults.append(ChainFault(.notAuthority, at: depth))
            }
            if depth == 0, isStrict, authority != .full, authority != .none {
                faults.append(ChainFault(.notAuthority, at: depth))
            }
            if path.count > 1 {
                if certificate.facts.publicKey.hasExplicitCurve { faults.append(ChainFault(.explicitCurve, at: depth)) }
                if isStrict { faults += StrictCheck(path: path, depth: depth).faults }
            }
            if !serves(certificate, at: depth, authority) { faults.append(ChainFault(.wrongPurpose, at: depth)) }
            if depth > 1, let limit = extensions.basicConstraints?.pathLength, length > limit {
                faults.append(ChainFault(.pathLength, at: depth))
            }
            if depth > 0, !certificate.isSelfIssued { length += 1 }
        }
        return faults
    }

    /// Whether it may be used for TLS servers (`X509_PURPOSE_SSL_SERVER`).
    private func serves(_ certificate: PathCertificate, at depth: Int, _ authority: AuthorityKind) -> Bool {
        let extensions = certificate.extensions
        if let usages = extensions.extendedKeyUsage, !usages.contains(where: { OID.serverUsages.contains($0) }) {
            return false
        }
        if depth > 0 { return authority != .none }
        return extensions.keyUsage.map { !$0.usages.isDisjoint(with: .tlsServer) } ?? true
    }

    private var strengthFaults: [ChainFault] {
        guard client.securityBits > 0 else { return [] }
        var faults: [ChainFault] = []
        for (depth, certificate) in path.enumerated() {
            if depth > 0, !isStrong(certificate) { faults.append(ChainFault(.weakAuthorityKey, at: depth)) }
            if depth + 1 < path.count, !hasStrongSignature(certificate) {
                faults.append(ChainFault(.weakSignature, at: depth))
            }
        }
        return faults
    }

    private func isStrong(_ certificate: PathCertificate) -> Bool {
        guard let bits = certificate.facts.publicKey.securityBits else { return true }
        return bits >= client.securityBits
    }

    private func hasStrongSignature(_ certificate: PathCertificate) -> Bool {
        guard let algorithm = SignatureAlgorithm(certificate.facts.signatureAlgorithm) else { return true }
        if let bits = algorithm.securityBits { return bits >= client.securityBits }
        guard let parameters = certificate.certificate.signature?.parameters,
            let digest = PSSParameters.digest(parameters)
        else { return true }
        return digest.securityBits >= client.securityBits
    }

    private var nameFaults: [ChainFault] {
        guard let leaf = path.first, HostMatch(leaf.certificate, server, rules: client.hostNameRules) == .differs else {
            return []
        }
        return [ChainFault(.wrongName, at: 0)]
    }

    private var signatureFaults: [ChainFault] {
        var faults: [ChainFault] = []
        for depth in path.indices.reversed() {
            let certificate = path[depth]
            if depth + 1 < path.count {
                let issuer = path[depth + 1]
                if let usage = issuer.extensions.keyUsage, !usage.usages.contains(.certificateSigning) {
                    faults.append(ChainFault(.noCertificateSigning, at: depth + 1))
                }
                switch SignatureCheck(of: certificate.certificate, by: issuer.certificate) {
                case .valid: break
                case .invalid: faults.append(ChainFault(.badSignature, at: depth))
                case .unsupported: faults.append(ChainFault(.uncheckedSignature, at: depth))
                }
            }
            if now < certificate.facts.notBefore { faults.append(ChainFault(.notYetValid, at: depth)) }
            if now > certificate.facts.notAfter { faults.append(ChainFault(.expired, at: depth)) }
        }
        return faults
    }

    private var constraintFaults: [ChainFault] {
        var faults: [ChainFault] = []
        for depth in path.indices.reversed() where depth == 0 || !path[depth].isSelfIssued {
            for above in path.indices.reversed() where above > depth {
                let kind = path[above].fault(constraining: path[depth].certificate, isServer: depth == 0)
                if let kind { faults.append(ChainFault(kind, at: depth)) }
            }
        }
        return faults
    }
}

/// How much of a certification authority a certificate is (`X509_check_ca`(3)).
enum AuthorityKind: Hashable {
    /// By basicConstraints.
    case full
    /// By custom only: a self-signed certificate of version 1, or one whose key usage stands alone.
    case customary
    case none

    init(_ certificate: PathCertificate) {
        let extensions = certificate.extensions
        if let usage = extensions.keyUsage, !usage.usages.contains(.certificateSigning) {
            self = .none
        } else if let constraints = extensions.basicConstraints {
            self = constraints.isAuthority ? .full : .none
        } else if extensions.keyUsage != nil || (certificate.facts.version == 1 && certificate.isSelfSigned) {
            self = .customary
        } else {
            self = .none
        }
    }
}

extension OID {
    /// TLS server authentication, and the "server gated cryptography" of the nineties that OpenSSL takes for it.
    static let serverUsages: Set<OID> = [
        OID(1, 3, 6, 1, 5, 5, 7, 3, 1), OID(1, 3, 6, 1, 4, 1, 311, 10, 3, 3), OID(2, 16, 840, 1, 113730, 4, 1),
    ]
}

extension KeyUsages {
    /// digitalSignature, keyEncipherment, keyAgreement: one of them is needed.
    static let tlsServer = KeyUsages(rawValue: 1 << 0 | 1 << 2 | 1 << 4)
    static let revocationListSigning = KeyUsages(rawValue: 1 << 6)
}

extension PublicKeyFacts {
    /// The key's bits of security by NIST SP 800-57 part 1, as far as OpenSSL's levels need them; nil where unknown.
    var securityBits: Int? {
        switch algorithm {
        case .ed25519Key: return 128
        case .ed448Key: return 224
        case .ellipticCurveKey: return bits.map { $0 / 2 }
        default:
            guard let bits else { return nil }
            let steps = [(15360, 256), (7680, 192), (3072, 128), (2048, 112), (1024, 80)]
            return steps.first { bits >= $0.0 }?.1 ?? 0
        }
    }
}
