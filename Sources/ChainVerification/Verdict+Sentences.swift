import RootFS
import TrustAnchors

extension Verdict {
    /// A fault in words: lower case, without a full stop, safe to print. What it would take to know the anchors of
    /// other stores for isn't in it.
    public func sentence(for fault: ChainFault, server: ServerName) -> String {
        let certificate = fault.depth.flatMap { path.indices.contains($0) ? path[$0] : nil }
        let name = certificate.map { "\"\($0.displayName)\"" } ?? "the certificate"
        switch fault.kind {
        case .protocolVersion:
            return "the server speaks no TLS from \(client.oldestVersion.rawValue) on, the oldest that is taken here"
        case .unreadable: return "the server's certificate can't be read"
        case .selfSigned: return "the server's certificate is signed by itself and isn't an anchor: \(name)"
        case .untrustedRoot: return "the chain ends in \(name), which isn't an anchor"
        case .unknownIssuer:
            let issuer = certificate.map { "\"\($0.facts.issuer.displayName)\"" } ?? "its issuer"
            return "the chain ends below \(issuer), which wasn't sent and isn't an anchor"
        case .anchorNotRoot:
            return "the chain ends in the anchor \(name), an intermediate: this client wants its root as an anchor too"
        case .rejectedAnchor:
            return "the anchor \(name) has trust settings beside it that rule out TLS servers"
        case .tooLong: return "the chain is too long"
        case .wrongName: return "the certificate is \(Self.names(of: certificate)), not for \(server)"
        case .expired, .notYetValid, .weakServerKey, .weakAuthorityKey, .weakSignature:
            return limits(fault.kind, certificate, name)
        case .nameNotPermitted: return "\(name) has a name that a CA above it may not sign for (name constraints)"
        case .nameExcluded: return "\(name) has a name that a CA above it is barred from (name constraints)"
        case .badSignature: return "the signature of \(name) wasn't made by the key of its issuer"
        case .uncheckedSignature:
            let algorithm = certificate?.facts.signatureAlgorithm.name ?? "its algorithm"
            return "the signature of \(name) can't be checked here (\(printable(algorithm))); ask openssl verify"
        default: return shape(fault.kind, name)
        }
    }

    private func limits(_ kind: ChainFault.Kind, _ certificate: Certificate?, _ name: String) -> String {
        guard let facts = certificate?.facts else { return "\(name) isn't taken" }
        switch kind {
        case .expired: return "\(name) expired on \(CalendarTime(secondsSince1970: facts.notAfter))"
        case .notYetValid: return "\(name) is valid only from \(CalendarTime(secondsSince1970: facts.notBefore))"
        case .weakSignature: return "the signature of \(name) is too weak\(level): \(facts.signatureAlgorithm.name)"
        default: return "the key of \(name) is too weak\(level): \(facts.publicKey.description)"
        }
    }

    private var level: String {
        client.rules == .java ? "" : " for OpenSSL's security level \(client.securityLevel)"
    }

    private func shape(_ kind: ChainFault.Kind, _ name: String) -> String {
        switch kind {
        case .unknownCriticalExtension: "\(name) has a critical extension that nobody knows"
        case .notAuthority: "\(name) signed another certificate and isn't a CA"
        case .explicitCurve: "the key of \(name) spells its curve out instead of naming it"
        case .wrongPurpose: "\(name) isn't meant for TLS servers (key usage)"
        case .pathLength: "\(name) allows fewer intermediates below it than there are"
        case .noCertificateSigning: "\(name) may not sign certificates (key usage)"
        case .nameSyntax: "\(name) has a name that can't be held against the name constraints of a CA above it"
        case .unusableConstraint: "a CA above \(name) has name constraints that clients can't read"
        case .constraintBounds: "a CA above \(name) has name constraints with bounds, which clients don't take"
        case .unknownKey: "the key of \(name) can't be read"
        case .pathLengthOfLeaf: "\(name) isn't a CA and limits a path all the same"
        case .pathLengthWithoutSigning: "\(name) limits a path and may not sign certificates"
        case .basicConstraintsNotCritical: "basicConstraints of \(name) isn't critical"
        case .noKeyUsage: "\(name) is a CA without keyUsage"
        case .signingLeaf: "\(name) may sign certificates and isn't a CA"
        case .emptyIssuer: "\(name) names no issuer"
        case .emptySubject: "\(name) has no subject"
        case .noAlternativeNames: "the list of names of \(name) is empty"
        case .noAuthorityKeyIdentifier: "\(name) lacks an authority key identifier"
        case .noSubjectKeyIdentifier: "\(name) lacks a subject key identifier"
        case .extensionsNeedVersion3: "\(name) has extensions and isn't of version 3"
        case .nameOnlyInSubject: "\(name) names the server only in its subject, where Go and browsers don't look"
        default: "\(name) isn't taken"
        }
    }

    /// Whom the server's certificate is for, at most five names.
    private static func names(of certificate: Certificate?) -> String {
        guard let certificate else { return "for another server" }
        var names = (certificate.alternativeNames ?? []).compactMap { name -> String? in
            switch name {
            case .dns(let bytes): printable(String(decoding: bytes, as: UTF8.self), limit: 253)
            case .address(let bytes): IPAddress(bytes: bytes)?.description
            default: nil
            }
        }
        if names.isEmpty, let name = certificate.facts.subject.commonName { names = [printable(name, limit: 253)] }
        guard !names.isEmpty else { return "for no server by name" }
        let more = names.count > 5 ? " and \(names.count - 5) more" : ""
        return "for \(names.prefix(5).joined(separator: ", "))\(more)"
    }
}
