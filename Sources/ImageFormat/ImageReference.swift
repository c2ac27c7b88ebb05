/// The name of an image in a registry, as docker completes and checks it (distribution/reference, "Grammar"):
/// `ubuntu` is `docker.io/library/ubuntu:latest`.
public struct ImageReference: Hashable, Sendable, CustomStringConvertible {
    /// The registry, with its port where one is named.
    public let domain: String
    /// The repository.
    public let path: String
    /// The tag; nil only where there is a digest.
    public let tag: String?
    /// The digest, which holds where there is a tag too.
    public let digest: Digest?

    /// Reads a name; nil for what isn't one.
    public init?(_ text: String) {
        var rest = text[...]
        var digest: Digest?
        if let at = rest.lastIndex(of: "@") {
            guard let found = Digest(String(rest[rest.index(after: at)...])) else { return nil }
            digest = found
            rest = rest[..<at]
        }
        var tag: String?
        let lastSlash = rest.lastIndex(of: "/")
        if let colon = rest.lastIndex(of: ":"), lastSlash.map({ colon > $0 }) ?? true {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
            guard let tag, Self.isTag(tag) else { return nil }
        }
        let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, !first.isEmpty else { return nil }
        if parts.count == 2,
            first.contains(".") || first.contains(":") || first == "localhost" || first != first.lowercased()
        {
            domain = first == "index.docker.io" ? "docker.io" : first
            path = domain == "docker.io" && !parts[1].contains("/") ? "library/\(parts[1])" : parts[1]
        } else {
            domain = "docker.io"
            path = parts.count == 1 ? "library/\(first)" : String(rest)
        }
        guard Self.isDomain(domain), path.utf8.count + domain.utf8.count < 255, Self.isPath(path) else { return nil }
        self.tag = tag ?? (digest == nil ? "latest" : nil)
        self.digest = digest
    }

    /// The whole name.
    public var description: String {
        "\(domain)/\(path)" + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// Whether a tag is well-formed: a letter, digit or `_`, then up to 127 of those, `.` and `-`.
    public static func isTag(_ text: String) -> Bool {
        guard (1...128).contains(text.utf8.count), let first = text.utf8.first, first.isWord else { return false }
        return text.utf8.allSatisfy { $0.isWord || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    private static func isDomain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0.isWord || ".-:[]".utf8.contains($0) } && !text.hasPrefix("-")
    }

    /// Components of lower-case letters and digits, between which stand one of `.`, one or two `_`, or any number of `-`.
    private static func isPath(_ text: String) -> Bool {
        text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { component in
            var separators: [UInt8] = []
            guard let last = component.utf8.last, last.isLowerOrDigit, component.utf8.first?.isLowerOrDigit == true
            else {
                return false
            }
            for byte in component.utf8 {
                if byte.isLowerOrDigit {
                    let isAllowed =
                        separators.allSatisfy { $0 == UInt8(ascii: "-") } || separators == [UInt8(ascii: ".")]
                        || separators == [UInt8(ascii: "_")] || separators == [UInt8(ascii: "_"), UInt8(ascii: "_")]
                    guard isAllowed else { return false }
                    separators = []
                } else {
                    separators.append(byte)
                }
            }
            return true
        }
    }
}

extension UInt8 {
    fileprivate var isLowerOrDigit: Bool { (0x61...0x7A).contains(self) || (0x30...0x39).contains(self) }
    fileprivate var isWord: Bool { isLowerOrDigit || (0x41...0x5A).contains(self) || self == UInt8(ascii: "_") }
}
