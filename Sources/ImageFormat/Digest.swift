internal import Crypto

/// The SHA-256 digest of a blob, as descriptors carry it: `sha256:` and 64 lower-case digits (OCI image-spec 1.1,
/// descriptor.md, "Digests"). Other algorithms aren't supported.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public let hex: String

    /// The digest of these bytes.
    public init(of bytes: [UInt8]) {
        var hasher = DigestHasher()
        bytes.withUnsafeBytes { hasher.update($0) }
        self = hasher.finished()
    }

    /// Reads `sha256:…`; nil for anything else.
    public init?(_ text: String) {
        let prefix = "sha256:"
        let digits = text.dropFirst(prefix.count)
        guard text.hasPrefix(prefix), digits.utf8.count == 64,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        hex = String(digits)
    }

    fileprivate init(hex: String) { self.hex = hex }

    /// `sha256:` and the digits.
    public var description: String { "sha256:\(hex)" }
}

/// Computes a digest piece by piece.
public struct DigestHasher: Sendable {
    private var hash = SHA256()

    /// A hasher that has seen nothing.
    public init() {}

    /// Takes the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    /// The digest of all bytes taken so far.
    public func finished() -> Digest {
        let digits = Array("0123456789abcdef".utf8)
        let text = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return Digest(hex: String(decoding: text, as: UTF8.self))
    }
}
