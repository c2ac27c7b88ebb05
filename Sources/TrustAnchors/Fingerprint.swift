import Crypto

/// The SHA-256 digest of a certificate's DER: what identifies it.
public struct Fingerprint: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// Computes the fingerprint of a certificate's DER.
    public init(of der: [UInt8]) { bytes = Array(SHA256.hash(data: der)) }

    /// Reads a fingerprint as people and tools write it: 64 hexadecimal digits in either case, with or without colons
    /// between the bytes, after `sha256:`, or after `sha256 Fingerprint=` as OpenSSL prints it.
    public init?(_ text: String) {
        var digits = Array(text.utf8)[...]
        while let last = digits.last, last <= 0x20 { digits.removeLast() }
        while let first = digits.first, first <= 0x20 { digits.removeFirst() }
        for prefix in ["sha256:", "sha256 fingerprint=", "sha-256:"] where digits.hasPrefix(ignoringCase: prefix) {
            digits = digits.dropFirst(prefix.utf8.count)
            break
        }
        var bytes: [UInt8] = []
        let hasColons = digits.count == 95
        guard hasColons || digits.count == 64 else { return nil }
        while let high = digits.popFirst()?.hexadecimalValue, let low = digits.popFirst()?.hexadecimalValue {
            bytes.append(high << 4 | low)
            if hasColons, let separator = digits.popFirst(), separator != UInt8(ascii: ":") { return nil }
        }
        guard bytes.count == 32, digits.isEmpty else { return nil }
        self.bytes = bytes
    }

    /// Hashes the bytes in one piece.
    public func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }

    /// 64 lower-case hexadecimal digits.
    public var hex: String { bytes.hexadecimal }

    /// `sha256:` and the digits, as Caisson prints and takes it.
    public var description: String { "sha256:" + hex }

    /// Orders by the bytes.
    public static func < (left: Fingerprint, right: Fingerprint) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension Collection<UInt8> {
    /// Two lower-case digits for each byte.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * count)
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether these bytes begin with `prefix`, which is in lower case.
    fileprivate func hasPrefix(ignoringCase prefix: String) -> Bool {
        self.prefix(prefix.utf8.count).map(\.asciiLowercased).elementsEqual(prefix.utf8)
    }
}

extension UInt8 {
    /// A to Z as a to z, all else as it is.
    var asciiLowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self + 0x20 : self }

    fileprivate var hexadecimalValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }
}
