/// An absolute, normalised path inside a root file system.
///
/// Linux names are bytes, not text, so a path is kept as the bytes it has on disk: it begins with `/`, holds no empty,
/// `.` or `..` component and no NUL, and ends without a slash (but for the root itself). A path on this machine is a
/// different type; neither converts into the other.
public struct RootPath: Hashable, Comparable, Sendable {
    public let bytes: [UInt8]

    /// The root directory itself.
    public static let root = RootPath(normalised: [UInt8(ascii: "/")])

    @usableFromInline init(normalised bytes: [UInt8]) { self.bytes = bytes }

    /// The path that `bytes` spell from the root, with `.` and `..` taken out lexically; nil where they hold a NUL.
    public init?(bytes: some Sequence<UInt8>) {
        let text = Array(bytes)
        if text.contains(0) { return nil }
        if Self.isNormalised(text) {
            self.bytes = text
        } else {
            var path = RootPath.root
            for name in text.split(separator: UInt8(ascii: "/")) { path = path.appending(component: name) }
            self = path
        }
    }

    /// Whether nothing is to do: it begins with a slash, ends with none, and no component is empty or begins with a dot.
    private static func isNormalised(_ text: [UInt8]) -> Bool {
        guard text.first == UInt8(ascii: "/"), text.count > 1 else { return false }
        var previous = UInt8(ascii: "x")
        for byte in text {
            if previous == UInt8(ascii: "/"), byte == previous || byte == UInt8(ascii: ".") { return false }
            previous = byte
        }
        return previous != UInt8(ascii: "/")
    }

    /// The path one component deeper; `.` stays, `..` goes to the parent.
    func appending(component name: some Collection<UInt8>) -> RootPath {
        if name.elementsEqual(".".utf8) { return self }
        if name.elementsEqual("..".utf8) { return parent ?? self }
        return appending(name)
    }

    /// The path of the entry `name` in this directory; `name` is one component, without a slash.
    @inlinable public func appending(_ name: some Collection<UInt8>) -> RootPath {
        var joined: [UInt8] = []
        joined.reserveCapacity(bytes.count + name.count + 1)
        if bytes.count > 1 { joined.append(contentsOf: bytes) }
        joined.append(UInt8(ascii: "/"))
        joined.append(contentsOf: name)
        return RootPath(normalised: joined)
    }

    /// The path of the entry `name` in this directory.
    public func appending(_ name: String) -> RootPath { appending(name.utf8) }

    /// The last component; empty for the root.
    public var name: ArraySlice<UInt8> {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes[...] }
        return bytes[(slash + 1)...]
    }

    /// The directory that holds this entry; nil for the root.
    public var parent: RootPath? {
        guard bytes.count > 1, let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        return slash == 0 ? .root : RootPath(normalised: Array(bytes[..<slash]))
    }

    /// The components from the root down.
    public var components: [ArraySlice<UInt8>] { bytes.split(separator: UInt8(ascii: "/")) }

    /// Whether this path is `directory` or lies below it.
    public func isInside(_ directory: RootPath) -> Bool {
        if directory == .root || self == directory { return true }
        return bytes.count > directory.bytes.count && bytes[directory.bytes.count] == UInt8(ascii: "/")
            && bytes.starts(with: directory.bytes)
    }

    // Paths are looked up all the time: their bytes are hashed and compared at once, not one by one.
    public static func == (left: RootPath, right: RootPath) -> Bool { left.bytes.isIdentical(to: right.bytes) }

    public func hash(into hasher: inout Hasher) { bytes.hashAtOnce(into: &hasher) }

    public static func < (left: RootPath, right: RootPath) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

extension RootPath: ExpressibleByStringLiteral {
    /// A path known when the program was written.
    public init(stringLiteral text: StaticString) {
        self = RootPath(bytes: text.description.utf8) ?? .root
    }
}

extension RootPath: CustomStringConvertible {
    /// The path for people: control characters and bytes that aren't UTF-8 are escaped.
    public var description: String { printable(bytes) }
}
