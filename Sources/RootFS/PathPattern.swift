/// Which entries of a root to look for: a literal path, or one with wildcards.
///
/// In a component `*` stands for any characters, so `/usr/lib/jvm/*/lib/security/cacerts` looks into each directory of
/// `/usr/lib/jvm`. A last component `**` stands for everything below, to `depthLimit` levels. A name that begins with a
/// dot is matched like any other. Literal components may be links; they are resolved inside the root.
public struct PathPattern: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// How many directories deep `**` looks.
    public static let depthLimit = 16

    public enum Component: Hashable, Sendable {
        case literal([UInt8])
        case wildcard([UInt8])
        case everything
    }

    public let components: [Component]
    /// Whether links to directories met under a wildcard are looked into, as `find -L` does.
    public let followsLinks: Bool

    public init(_ text: String, followingLinks: Bool = false) {
        components = text.utf8.split(separator: UInt8(ascii: "/")).map { name in
            if name.elementsEqual("**".utf8) { return .everything }
            return name.contains(UInt8(ascii: "*")) ? .wildcard(Array(name)) : .literal(Array(name))
        }
        followsLinks = followingLinks
    }

    public init(stringLiteral text: String) { self.init(text) }

    public init(components: [Component], followingLinks: Bool = false) {
        self.components = components
        followsLinks = followingLinks
    }

    /// The pattern that matches just `path`.
    public init(_ path: RootPath) { self.init(components: path.components.map { .literal(Array($0)) }) }

    public var description: String {
        components.reduce(into: "") { text, component in
            switch component {
            case .literal(let name), .wildcard(let name): text += "/" + printable(name)
            case .everything: text += "/**"
            }
        }
    }

    /// Whether `name` is what `wildcard` stands for.
    public static func matches(_ name: some Collection<UInt8>, _ wildcard: [UInt8]) -> Bool {
        let star = UInt8(ascii: "*")
        if wildcard.count == 1, wildcard[0] == star { return true }
        let parts = wildcard.split(separator: star, omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, parts.count > 1 else {
            return name.elementsEqual(wildcard)
        }
        var rest = Array(name)[...]
        guard rest.starts(with: first) else { return false }
        rest = rest.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let start = rest.firstIndex(of: part) else { return false }
            rest = rest[(start + part.count)...]
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }
}

extension ArraySlice<UInt8> {
    fileprivate func firstIndex(of part: ArraySlice<UInt8>) -> Index? {
        guard part.count <= count else { return nil }
        return (startIndex...(endIndex - part.count)).first { self[$0...].starts(with: part) }
    }
}
