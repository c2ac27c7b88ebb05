import TrustAnchors

/// Whether a certificate is one for a server of a given name (RFC 6125, as OpenSSL's X509_check_host(3) reads it).
enum HostMatch: Hashable {
    case matches
    /// It matches only by a common name, which Go and browsers don't look at.
    case matchesSubjectOnly
    case differs

    /// `labels` is how many must follow an asterisk at least.
    init(_ certificate: Certificate, _ name: ServerName, labels: Int = 2) {
        let names = certificate.alternativeNames ?? []
        switch name {
        case .address(let address):
            self = names.contains(.address(address.bytes)) ? .matches : .differs
        case .dns(let host):
            let patterns = names.compactMap { if case .dns(let pattern) = $0 { pattern } else { nil } }
            if patterns.contains(where: { Self.covers($0, Array(host.utf8), labels: labels) }) {
                self = .matches
            } else if patterns.isEmpty,
                Self.commonNames(certificate).contains(where: { Self.covers($0, Array(host.utf8), labels: labels) })
            {
                self = .matchesSubjectOnly
            } else {
                self = .differs
            }
        }
    }

    private static func commonNames(_ certificate: Certificate) -> [[UInt8]] {
        certificate.facts.subject.relativeNames.joined()
            .filter { $0.type == .commonName }
            .compactMap { $0.text.map { Array($0.utf8) } }
    }

    /// Whether a name, perhaps with `*` as its first label, stands for `host`, which is in lower case.
    static func covers(_ pattern: [UInt8], _ host: [UInt8], labels: Int = 2) -> Bool {
        let pattern = pattern.map(lowercased)
        if pattern == host { return true }
        guard pattern.starts(with: "*.".utf8) else { return false }
        let suffix = pattern.dropFirst()
        // The asterisk stands for one label.
        guard suffix.count(where: { $0 == UInt8(ascii: ".") }) >= labels, host.count > suffix.count,
            host.suffix(suffix.count).elementsEqual(suffix)
        else { return false }
        return !host.dropLast(suffix.count).contains(UInt8(ascii: "."))
    }

    static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }
}

extension OID {
    static let commonName = OID(2, 5, 4, 3)
}
