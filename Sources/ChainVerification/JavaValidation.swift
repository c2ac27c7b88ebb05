import TrustAnchors

/// What Java's TLS client makes of a server: the first path without a fault, by the rules of `PKIXValidator`,
/// `EndEntityChecker` and `HostnameChecker` (`sun.security`, OpenJDK 17) and `jdk.certpath.disabledAlgorithms`.
///
/// Of an anchor only name, key and being an authority count: not its dates, name constraints or path length.
struct JavaValidation {
    let presented: [PathCertificate]
    let anchors: AnchorSet
    let server: ServerName
    let now: Int64

    func verdict(of client: ClientModel) -> Verdict {
        let paths = JavaPaths(presented: presented, anchors: anchors)
        var refused: Verdict?
        for path in paths.candidates {
            let verdict = Verdict(
                client: client, path: path.map(\.certificate), anchor: path.last?.certificate, faults: faults(path),
                remarks: remarks)
            if verdict.holds { return verdict }
            refused = refused ?? verdict
        }
        if let refused { return refused }
        let path = paths.sentPath
        return Verdict(
            client: client, path: path.map(\.certificate), faults: [dead(end: path)] + faults(sent: path) + nameFaults,
            remarks: remarks)
    }

    private func dead(end path: [PathCertificate]) -> ChainFault {
        let depth = path.count - 1
        guard path.last?.isSelfSigned == true else { return ChainFault(.unknownIssuer, at: depth) }
        return ChainFault(depth == 0 ? .selfSigned : .untrustedRoot, at: depth)
    }

    /// Of a path that ends in an anchor.
    private func faults(_ path: [PathCertificate]) -> [ChainFault] {
        // An anchor that is the server's own certificate need only be for its name.
        guard path.count > 1, let anchor = path.last else { return nameFaults }
        let depth = path.count - 1
        var faults = faults(sent: Array(path.dropLast()))
        if anchor.facts.version == 3, anchor.extensions.basicConstraints?.isAuthority != true {
            faults.append(ChainFault(.notAuthority, at: depth))
        }
        if !anchor.maySignCertificates { faults.append(ChainFault(.noCertificateSigning, at: depth)) }
        if anchor.hasDisabledKey { faults.append(ChainFault(.weakAuthorityKey, at: depth)) }
        for (depth, pair) in zip(path, path.dropFirst()).enumerated() {
            switch SignatureCheck(of: pair.0.certificate, by: pair.1.certificate) {
            case .valid: break
            case .invalid: faults.append(ChainFault(.badSignature, at: depth))
            case .unsupported: faults.append(ChainFault(.uncheckedSignature, at: depth))
            }
        }
        return faults + constraintFaults(path) + nameFaults
    }

    private func faults(sent path: [PathCertificate]) -> [ChainFault] {
        var faults: [ChainFault] = []
        func note(_ kind: ChainFault.Kind, _ depth: Int) { faults.append(ChainFault(kind, at: depth)) }
        var length = 0
        for (depth, certificate) in path.enumerated() {
            let extensions = certificate.extensions
            if certificate.hasDisabledKey { note(depth == 0 ? .weakServerKey : .weakAuthorityKey, depth) }
            if certificate.hasDisabledSignature { note(.weakSignature, depth) }
            if now < certificate.facts.notBefore { note(.notYetValid, depth) }
            if now > certificate.facts.notAfter { note(.expired, depth) }
            if !extensions.unknownCritical.isEmpty { note(.unknownCriticalExtension, depth) }
            guard depth > 0 else {
                if !certificate.servesJava { note(.wrongPurpose, depth) }
                continue
            }
            if extensions.basicConstraints?.isAuthority != true { note(.notAuthority, depth) }
            if !certificate.maySignCertificates { note(.noCertificateSigning, depth) }
            if let limit = extensions.basicConstraints?.pathLength, length > limit { note(.pathLength, depth) }
            if !certificate.isSelfIssued { length += 1 }
        }
        return faults
    }

    /// Those of the intermediates, each for all below it.
    private func constraintFaults(_ path: [PathCertificate]) -> [ChainFault] {
        var faults: [ChainFault] = []
        for above in path.indices.dropLast().dropFirst() {
            for depth in 0..<above where depth == 0 || !path[depth].isSelfIssued {
                let kind = path[above].fault(
                    constraining: path[depth].certificate, isServer: depth == 0,
                    subjectAddresses: .withoutAlternativeNames)
                if let kind { faults.append(ChainFault(kind, at: depth)) }
            }
        }
        return faults
    }

    private var match: HostMatch {
        presented.first.map { HostMatch($0.certificate, server, rules: .java) } ?? .differs
    }

    private var nameFaults: [ChainFault] { match == .differs ? [ChainFault(.wrongName, at: 0)] : [] }

    private var remarks: [ChainFault] {
        match == .matchesSubjectOnly ? [ChainFault(.nameOnlyInSubject, at: 0)] : []
    }
}

extension PathCertificate {
    /// Whether its key is smaller than Java takes: RSA and DSA below 1024 bits, curves below 224.
    fileprivate var hasDisabledKey: Bool {
        guard let bits = facts.publicKey.bits else { return false }
        return bits < (facts.publicKey.algorithm == .ellipticCurveKey ? 224 : 1024)
    }

    /// MD5; SHA-1 is disabled only below the roots that a JDK brings along, which distributions replace by their own.
    fileprivate var hasDisabledSignature: Bool {
        SignatureAlgorithm(facts.signatureAlgorithm) == .rsa(.md5)
    }

    /// Whether it may stand for a TLS server that signs, as all do with TLS 1.3 or forward secrecy.
    fileprivate var servesJava: Bool {
        if let usages = extensions.extendedKeyUsage, !usages.contains(where: OID.javaServerUsages.contains) {
            return false
        }
        return extensions.keyUsage.map { $0.usages.contains(.digitalSignature) } ?? true
    }

    fileprivate var maySignCertificates: Bool {
        extensions.keyUsage.map { $0.usages.contains(.certificateSigning) } ?? true
    }
}

extension OID {
    /// TLS server authentication, and any.
    fileprivate static let javaServerUsages: Set<OID> = [OID(1, 3, 6, 1, 5, 5, 7, 3, 1), OID(2, 5, 29, 37, 0)]
}

extension KeyUsages {
    fileprivate static let digitalSignature = KeyUsages(rawValue: 1 << 0)
}
