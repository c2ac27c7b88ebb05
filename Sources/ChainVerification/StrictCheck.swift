import TrustAnchors

/// What `X509_V_FLAG_X509_STRICT` adds for one certificate of a path of two or more: rules of RFC 5280 section 4.2 that
/// OpenSSL otherwise lets pass.
struct StrictCheck {
    let path: [PathCertificate]
    let depth: Int

    var faults: [ChainFault] {
        guard path.indices.contains(depth) else { return [] }
        let certificate = path[depth]
        return (basics(certificate) + names(certificate) + identifiers(certificate)).map { ChainFault($0, at: depth) }
    }

    private func basics(_ certificate: PathCertificate) -> [ChainFault.Kind] {
        let extensions = certificate.extensions
        let usages = extensions.keyUsage?.usages
        let isAuthority = extensions.basicConstraints?.isAuthority == true
        var faults: [ChainFault.Kind] = []
        if isAuthority, extensions.basicConstraints?.isCritical == false { faults.append(.basicConstraintsNotCritical) }
        if extensions.basicConstraints?.pathLength != nil {
            if !isAuthority { faults.append(.pathLengthOfLeaf) }
            if usages?.contains(.certificateSigning) != true { faults.append(.pathLengthWithoutSigning) }
        }
        if isAuthority, usages == nil { faults.append(.noKeyUsage) }
        if !isAuthority, usages?.contains(.certificateSigning) == true { faults.append(.signingLeaf) }
        return faults
    }

    private func names(_ certificate: PathCertificate) -> [ChainFault.Kind] {
        let extensions = certificate.extensions
        let isAuthority = extensions.basicConstraints?.isAuthority == true
        let signsLists = extensions.keyUsage?.usages.contains(.revocationListSigning) == true
        let alternatives = certificate.certificate.alternativeNames
        var faults: [ChainFault.Kind] = []
        if certificate.facts.issuer.isEmpty { faults.append(.emptyIssuer) }
        if certificate.facts.subject.isEmpty {
            if isAuthority || signsLists || alternatives == nil {
                faults.append(.emptySubject)
            }
        }
        if alternatives?.isEmpty == true { faults.append(.noAlternativeNames) }
        return faults
    }

    private func identifiers(_ certificate: PathCertificate) -> [ChainFault.Kind] {
        let extensions = certificate.extensions
        guard certificate.facts.version == 3 else {
            return extensions.all.isEmpty ? [] : [.extensionsNeedVersion3]
        }
        var faults: [ChainFault.Kind] = []
        let isLast = depth + 1 == path.count
        // Not asked of what ends the path, nor of what signed itself.
        if !isLast, !certificate.isSelfSigned, extensions.authorityKeyIdentifier == nil {
            faults.append(.noAuthorityKeyIdentifier)
        }
        if extensions.basicConstraints?.isAuthority == true, extensions.subjectKeyIdentifier == nil {
            faults.append(.noSubjectKeyIdentifier)
        }
        return faults
    }
}
