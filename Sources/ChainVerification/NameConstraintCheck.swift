import TrustAnchors

/// Whether a certificate's names keep to the constraints of one above it (RFC 5280 section 4.2.1.10), as OpenSSL 3 looks
/// at them (`NAME_CONSTRAINTS_check` in crypto/x509/v3_ncons.c).
struct NameConstraintCheck {
    /// Whose e-mail addresses in a subject count.
    enum SubjectAddresses { case always, withoutAlternativeNames }

    let subtrees: NameSubtrees
    var subjectAddresses = SubjectAddresses.always

    /// How many comparisons are made at most.
    private static let limit = 1 << 20

    /// The first fault; nil where every name is permitted and none is excluded.
    ///
    /// `isServer` makes common names that look like host names count where there is no other host name.
    func fault(of certificate: Certificate, isServer: Bool) -> ChainFault.Kind? {
        let subject = certificate.facts.subject
        let alternatives = certificate.alternativeNames ?? []
        var names: [GeneralName] = subject.isEmpty ? [] : [.directory(subject)]
        if subjectAddresses == .always || alternatives.isEmpty {
            let addresses = subject.relativeNames.joined().filter { $0.type == .emailAddress }
            // OpenSSL takes them as IA5String only.
            guard addresses.allSatisfy(\.isIA5String) else { return .nameSyntax }
            names += addresses.compactMap { $0.text.map { .email(Array($0.utf8)) } }
        }
        names += alternatives
        if isServer, !alternatives.contains(where: { if case .dns = $0 { true } else { false } }) {
            names += subject.relativeNames.joined()
                .filter { $0.type == .commonName }
                .compactMap { $0.text.map { Array($0.utf8) } }
                .filter(Self.looksLikeHost)
                .map(GeneralName.dns)
        }
        let constraints = subtrees.permitted.count + subtrees.excluded.count
        guard names.isEmpty || constraints <= Self.limit / names.count else { return .nameNotPermitted }
        for name in names {
            if let fault = fault(of: name) { return fault }
        }
        return nil
    }

    private func fault(of name: GeneralName) -> ChainFault.Kind? {
        let permitted = subtrees.permitted.filter { Self.isSameForm($0.base, name) }
        let excluded = subtrees.excluded.filter { Self.isSameForm($0.base, name) }
        guard !(permitted + excluded).contains(where: \.isBounded) else { return .constraintBounds }
        do throws(Incomparable) {
            if !permitted.isEmpty {
                var isPermitted = false
                for subtree in permitted where !isPermitted { isPermitted = try Self.covers(subtree.base, name) }
                guard isPermitted else { return .nameNotPermitted }
            }
            for subtree in excluded where try Self.covers(subtree.base, name) { return .nameExcluded }
        } catch {
            return error.fault
        }
        return nil
    }

    /// Why a name can't be held against a constraint.
    private struct Incomparable: Error {
        let fault: ChainFault.Kind
        static let name = Incomparable(fault: .nameSyntax)
        static let form = Incomparable(fault: .unusableConstraint)
    }

    private static func isSameForm(_ base: GeneralName, _ name: GeneralName) -> Bool {
        switch (base, name) {
        case (.email, .email), (.dns, .dns), (.directory, .directory), (.uri, .uri), (.address, .address): true
        // An internationalized e-mail address (RFC 8398) is held against those of ordinary ones.
        case (.email, .otherName(let type)): type == .internationalEmailAddress
        case (.otherName(let left), .otherName(let right)): left == right && right != .internationalEmailAddress
        case (.other(let left), .other(let right)): left == right
        default: false
        }
    }

    private static func covers(_ base: GeneralName, _ name: GeneralName) throws(Incomparable) -> Bool {
        switch (base, name) {
        case (.dns(let base), .dns(let name)): return coversHost(base, name)
        case (.address(let base), .address(let name)): return try coversAddress(base, name)
        case (.directory(let base), .directory(let name)):
            guard let base = base.canonicalForm, let name = name.canonicalForm else { throw .name }
            return name.starts(with: base)
        case (.email(let base), .email(let name)): return try coversEmail(base, name)
        case (.uri(let base), .uri(let name)):
            guard let host = uriHost(name) else { throw .name }
            return coversExactHost(base, host)
        default: throw .form
        }
    }

    /// A domain and all below it; the empty one is above all.
    private static func coversHost(_ base: [UInt8], _ name: [UInt8]) -> Bool {
        let (base, name) = (base.map(HostMatch.lowercased), name.map(HostMatch.lowercased))
        guard name.count >= base.count, name.suffix(base.count).elementsEqual(base) else { return false }
        if base.isEmpty || name.count == base.count || base.first == UInt8(ascii: ".") { return true }
        return name[name.count - base.count - 1] == UInt8(ascii: ".")
    }

    /// With a dot in front every host below a domain, else the host alone.
    private static func coversExactHost(_ base: [UInt8], _ host: [UInt8]) -> Bool {
        if base.first == UInt8(ascii: ".") { return host.count > base.count && coversHost(base, host) }
        return base.map(HostMatch.lowercased) == host.map(HostMatch.lowercased)
    }

    private static func coversAddress(_ base: [UInt8], _ address: [UInt8]) throws(Incomparable) -> Bool {
        guard [4, 16].contains(address.count), [8, 32].contains(base.count) else { throw .name }
        guard base.count == 2 * address.count else { return false }
        let mask = base[address.count...]
        return zip(zip(base, address), mask).allSatisfy { pair, mask in (pair.0 ^ pair.1) & mask == 0 }
    }

    /// Held against one address, all of a host (also written `@host`), or with a dot in front all below a domain.
    private static func coversEmail(_ base: [UInt8], _ address: [UInt8]) throws(Incomparable) -> Bool {
        guard let at = address.lastIndex(of: UInt8(ascii: "@")) else { throw .name }
        let host = Array(address[(at + 1)...])
        guard let baseAt = base.lastIndex(of: UInt8(ascii: "@")) else { return coversExactHost(base, host) }
        guard baseAt == 0 || base[..<baseAt] == address[..<at] else { return false }
        return base[(baseAt + 1)...].map(HostMatch.lowercased) == host.map(HostMatch.lowercased)
    }

    /// The host of a URI. Nil where there is none, or where versions of OpenSSL differ about what it is.
    private static func uriHost(_ uri: [UInt8]) -> [UInt8]? {
        guard let colon = uri.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            uri[(colon + 1)...].starts(with: "//".utf8)
        else { return nil }
        let authority = uri[(colon + 3)...].prefix { !"/?#".utf8.contains($0) }
        guard !authority.contains(where: { "@[".utf8.contains($0) }) else { return nil }
        let host = authority.prefix { $0 != UInt8(ascii: ":") }
        return host.isEmpty ? nil : Array(host)
    }

    /// Two labels or more of letters, digits, hyphens and underscores; hyphens not at a label's edges.
    private static func looksLikeHost(_ text: [UInt8]) -> Bool {
        let labels = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count > 1
            && labels.allSatisfy { label in
                label.first.map { $0 != UInt8(ascii: "-") } ?? false && label.last != UInt8(ascii: "-")
                    && label.allSatisfy { byte in
                        switch HostMatch.lowercased(byte) {
                        case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                        default: false
                        }
                    }
            }
    }
}

extension PathCertificate {
    /// Why the name constraints in this certificate don't let `below` stand under it.
    func fault(
        constraining below: Certificate, isServer: Bool,
        subjectAddresses: NameConstraintCheck.SubjectAddresses = .always
    ) -> ChainFault.Kind? {
        guard extensions.nameConstraints != nil else { return nil }
        do throws(CertificateError) {
            guard let subtrees = try certificate.nameSubtrees else { return nil }
            return NameConstraintCheck(subtrees: subtrees, subjectAddresses: subjectAddresses)
                .fault(of: below, isServer: isServer)
        } catch {
            return .unusableConstraint
        }
    }
}

extension DistinguishedName.Attribute {
    fileprivate var isIA5String: Bool { encodedValue.first == 0x16 }
}

extension OID {
    fileprivate static let emailAddress = OID(1, 2, 840, 113549, 1, 9, 1)
    /// `id-on-SmtpUTF8Mailbox`.
    fileprivate static let internationalEmailAddress = OID(1, 3, 6, 1, 5, 5, 7, 8, 9)
}
