import TrustAnchors

/// Whether a certificate's names keep to the constraints of one above it (RFC 5280 section 4.2.1.10).
struct NameConstraintCheck {
    let subtrees: NameSubtrees

    /// How many comparisons are made at most.
    private static let limit = 1 << 20

    /// The first fault; nil where every name is permitted and none is excluded.
    ///
    /// `isServer` makes common names that look like host names count where there is no other host name.
    func fault(of certificate: Certificate, isServer: Bool) -> ChainFault.Kind? {
        var names = certificate.alternativeNames ?? []
        let hasHostName = names.contains { if case .dns = $0 { true } else { false } }
        if !certificate.facts.subject.isEmpty { names.append(.directory(certificate.facts.subject)) }
        if isServer, !hasHostName {
            names += certificate.facts.subject.relativeNames.joined()
                .filter { $0.type == .commonName }
                .compactMap { $0.text.flatMap { Self.hostName($0) }.map(GeneralName.dns) }
        }
        let constraints = subtrees.permitted.count + subtrees.excluded.count
        guard names.isEmpty || constraints <= Self.limit / names.count else { return .nameNotPermitted }
        for name in names {
            let permitted = subtrees.permitted.filter { Self.isSameForm($0, name) }
            if !permitted.isEmpty, !permitted.contains(where: { Self.covers($0, name) }) { return .nameNotPermitted }
            if subtrees.excluded.contains(where: { Self.covers($0, name) }) { return .nameExcluded }
        }
        return nil
    }

    private static func isSameForm(_ left: GeneralName, _ right: GeneralName) -> Bool {
        switch (left, right) {
        case (.email, .email), (.dns, .dns), (.directory, .directory), (.uri, .uri), (.address, .address): true
        case (.other(let left), .other(let right)): left == right
        default: false
        }
    }

    private static func covers(_ base: GeneralName, _ name: GeneralName) -> Bool {
        switch (base, name) {
        case (.dns(let base), .dns(let name)): coversHost(base, name)
        case (.address(let base), .address(let name)): coversAddress(base, name)
        case (.directory(let base), .directory(let name)): coversDirectory(base, name)
        case (.email(let base), .email(let name)): coversEmail(base, name)
        case (.uri(let base), .uri(let name)): uriHost(name).map { coversExactHost(base, $0) } ?? false
        default: false
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

    private static func coversAddress(_ base: [UInt8], _ address: [UInt8]) -> Bool {
        guard base.count == 2 * address.count else { return false }
        let mask = base[address.count...]
        return zip(zip(base, address), mask).allSatisfy { pair, mask in (pair.0 ^ pair.1) & mask == 0 }
    }

    private static func coversDirectory(_ base: DistinguishedName, _ name: DistinguishedName) -> Bool {
        guard let base = base.canonicalForm, let name = name.canonicalForm else { return false }
        return name.starts(with: base)
    }

    private static func coversEmail(_ base: [UInt8], _ address: [UInt8]) -> Bool {
        guard let at = address.lastIndex(of: UInt8(ascii: "@")) else { return false }
        let host = Array(address[(at + 1)...])
        guard let baseAt = base.lastIndex(of: UInt8(ascii: "@")) else { return coversExactHost(base, host) }
        return base[..<baseAt] == address[..<at]
            && base[(baseAt + 1)...].map(HostMatch.lowercased) == host.map(HostMatch.lowercased)
    }

    private static func uriHost(_ uri: [UInt8]) -> [UInt8]? {
        guard let start = uri.firstRange(of: Array("://".utf8))?.upperBound else { return nil }
        let host = uri[start...].prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") }
        return host.isEmpty ? nil : Array(host)
    }

    /// A common name that looks like a host name: two labels or more of letters, digits, hyphens and underscores.
    private static func hostName(_ text: String) -> [UInt8]? {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count > 1, case .dns = ServerName(text) else { return nil }
        return Array(text.utf8)
    }
}
