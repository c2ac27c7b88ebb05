import RootFS

/// A certificate that passed vetting: the only form in which one is ever trusted.
public struct TrustAnchor: Hashable, Sendable {
    /// The certificate that was admitted.
    public let certificate: Certificate

    package init(admitted certificate: Certificate) { self.certificate = certificate }

    /// The certificate's DER.
    public var der: [UInt8] { certificate.der }
    /// The SHA-256 digest of the DER.
    public var fingerprint: Fingerprint { certificate.fingerprint }

    /// The subject on one line, safe to print; `(empty subject)` where it has none.
    public var subject: String { certificate.displayName }

    /// The name of its file in a directory of anchors: words of the subject in ASCII and 16 digits of the fingerprint, so
    /// that it is the same on every machine and no two certificates share one.
    public var fileName: String {
        let name = certificate.facts.subject
        let words = [name.commonName, name.organization, name.organizationalUnit]
            .lazy.compactMap { $0.map(Self.words) }
            .first { !$0.isEmpty }
        return "\(words ?? "ca")-\(fingerprint.hex.prefix(16)).crt"
    }

    /// At most 40 characters of `a` to `z`, `0` to `9` and single hyphens, none at an end.
    private static func words(of text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 where result.count < 40 {
            switch byte.asciiLowercased {
            case let letter where (0x61...0x7A).contains(letter) || (0x30...0x39).contains(letter):
                result.append(letter)
            default:
                if let last = result.last, last != UInt8(ascii: "-") { result.append(UInt8(ascii: "-")) }
            }
        }
        if result.last == UInt8(ascii: "-") { result.removeLast() }
        return String(decoding: result, as: UTF8.self)
    }
}

extension Certificate {
    /// The subject on one line, safe to print, and shortened where it is very long; `(empty subject)` where it has none.
    public var displayName: String { facts.subject.isEmpty ? "(empty subject)" : facts.subject.displayName }
}
