import TrustAnchors

/// How a client finds a server's name in its certificate (RFC 6125).
enum HostNameRules: Hashable, Sendable {
    /// `X509_check_host`(3): common names count where there is no alternative host name.
    case openSSL
    /// curl's own (`Curl_ossl_verifyhost`, 7.88): the last common name counts, for an address too, where there is no
    /// alternative host name or address; a dot at a name's end is left out.
    case curl
    /// `HostnameChecker` (OpenJDK 17): as with OpenSSL, but of common names the last alone; no host has an underscore.
    case java
}

/// Whether a certificate is one for a server of a given name.
enum HostMatch: Hashable {
    case matches
    /// It matches only by a common name, which Go and browsers don't look at.
    case matchesSubjectOnly
    case differs

    init(_ certificate: Certificate, _ name: ServerName, rules: HostNameRules = .openSSL) {
        let names = certificate.alternativeNames ?? []
        let patterns = names.compactMap { if case .dns(let pattern) = $0 { pattern } else { nil } }
        let addresses = names.compactMap { if case .address(let bytes) = $0 { bytes } else { nil } }
        let isNamed =
            switch name {
            case .address(let address): addresses.contains(address.bytes)
            case .dns(let host): patterns.contains { Self.covers($0, Array(host.utf8), rules: rules) }
            }
        guard !isNamed else {
            self = .matches
            return
        }
        var candidates = Self.commonNames(certificate)
        if rules != .openSSL { candidates = Array(candidates.suffix(1)) }
        let isAddress = if case .address = name { true } else { false }
        let mayCount = rules == .curl ? patterns.isEmpty && addresses.isEmpty : patterns.isEmpty && !isAddress
        if !mayCount { candidates = [] }
        let isSubject =
            switch name {
            case .address(let address): candidates.contains { Self.undotted($0) == Array(address.description.utf8) }
            case .dns(let host): candidates.contains { Self.covers($0, Array(host.utf8), rules: rules) }
            }
        self = isSubject ? .matchesSubjectOnly : .differs
    }

    private static func commonNames(_ certificate: Certificate) -> [[UInt8]] {
        certificate.facts.subject.relativeNames.joined()
            .filter { $0.type == .commonName }
            .compactMap { $0.text.map { Array($0.utf8) } }
    }

    /// Whether a name, perhaps with `*` as its first label, stands for `host`, which is in lower case.
    static func covers(_ pattern: [UInt8], _ host: [UInt8], rules: HostNameRules = .openSSL) -> Bool {
        guard rules != .java || !host.contains(UInt8(ascii: "_")) else { return false }
        let pattern = (rules == .curl ? undotted(pattern) : pattern).map(lowercased)
        if pattern == host { return true }
        guard pattern.starts(with: "*.".utf8) else { return false }
        let suffix = pattern.dropFirst()
        // The asterisk stands for one label; Java asks a list of public suffixes where one follows, here it may.
        guard suffix.count(where: { $0 == UInt8(ascii: ".") }) >= (rules == .java ? 1 : 2), host.count > suffix.count,
            host.suffix(suffix.count).elementsEqual(suffix)
        else { return false }
        let label = host.dropLast(suffix.count)
        // OpenSSL takes no underscore, neither for an asterisk nor beside one.
        guard rules != .openSSL || !host.contains(UInt8(ascii: "_")) else { return false }
        return !label.contains(UInt8(ascii: "."))
    }

    /// Without one dot at the end.
    private static func undotted(_ name: [UInt8]) -> [UInt8] {
        name.last == UInt8(ascii: ".") ? Array(name.dropLast()) : name
    }

    static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }
}

extension OID {
    static let commonName = OID(2, 5, 4, 3)
}
