import Crypto
import TrustAnchors

/// A Java key store in the format JKS, versions 1 and 2 (`sun.security.provider.JavaKeyStore`), as a list of entries
/// whose bytes are kept.
///
/// All integers are big-endian: magic `FEEDFEED`, version, count, entries, and a SHA-1 over the password (UTF-16BE),
/// `Mighty Aphrodite` and everything before.
struct JavaKeyStore {
    enum Failure: Error {
        case notJKS
        case truncated(offset: Int)
        case holdsPrivateKey(alias: String)
        case unknownEntry(tag: Int)
        case otherPassword
    }

    struct Entry {
        let alias: String
        /// The certificate, DER, of a trusted-certificate entry.
        let certificate: [UInt8]
        /// When it was added, in milliseconds since 1970.
        let created: Int64
        /// The whole entry as it stands in the file.
        let bytes: ArraySlice<UInt8>
    }

    let version: Int
    private(set) var entries: [Entry]
    private let password: String
    /// What follows the digest, which Java doesn't look at.
    private let trailer: ArraySlice<UInt8>

    static let defaultPassword = "changeit"

    init(_ file: [UInt8], password: String = defaultPassword) throws(Failure) {
        var reader = Reader(bytes: file)
        guard let magic = reader.integer(4), magic == 0xFEED_FEED else { throw .notJKS }
        guard let version = reader.integer(4), version == 1 || version == 2 else { throw .notJKS }
        guard let count = reader.integer(4) else { throw .truncated(offset: reader.offset) }
        var entries: [Entry] = []
        for _ in 0..<count { entries.append(try reader.entry(version: version)) }
        let end = reader.offset
        guard let digest = reader.bytes(20) else { throw .truncated(offset: reader.offset) }
        guard digest.elementsEqual(Self.digest(of: file[..<end], password: password)) else { throw .otherPassword }
        self.version = version
        self.entries = entries
        self.password = password
        trailer = file[reader.offset...]
    }

    /// A store without entries, of version 2.
    init(password: String = defaultPassword) {
        version = 2
        entries = []
        self.password = password
        trailer = []
    }

    /// Adds a certificate under an alias; `created` is in milliseconds since 1970.
    mutating func append(_ der: [UInt8], alias: String, created: Int64) {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: 2, width: 4)
        bytes.append(modifiedUTF8: alias)
        bytes.append(bigEndian: Int(created), width: 8)
        if version == 2 { bytes.append(modifiedUTF8: "X.509") }
        bytes.append(bigEndian: der.count, width: 4)
        bytes += der
        entries.append(Entry(alias: alias, certificate: der, created: created, bytes: bytes[...]))
    }

    mutating func remove(where matches: (Entry) -> Bool) { entries.removeAll(where: matches) }

    /// The file, with the digest that belongs to what is before it.
    var encoded: [UInt8] {
        var file: [UInt8] = []
        file.append(bigEndian: 0xFEED_FEED, width: 4)
        file.append(bigEndian: version, width: 4)
        file.append(bigEndian: entries.count, width: 4)
        for entry in entries { file += entry.bytes }
        return file + Self.digest(of: file[...], password: password) + trailer
    }

    private static func digest(of bytes: ArraySlice<UInt8>, password: String) -> [UInt8] {
        var hash = Insecure.SHA1()
        hash.update(data: password.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
        hash.update(data: Array("Mighty Aphrodite".utf8))
        hash.update(data: bytes)
        return Array(hash.finalize())
    }
}

private struct Reader {
    let bytes: [UInt8]
    var offset = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= bytes.count - offset else { return nil }
        defer { offset += count }
        return bytes[offset..<(offset + count)]
    }

    /// A big-endian number of at most four bytes.
    mutating func integer(_ width: Int) -> Int? { bytes(width)?.reduce(0) { $0 << 8 | Int($1) } }

    mutating func text() -> String? {
        guard let count = integer(2), let raw = bytes(count) else { return nil }
        return String(modifiedUTF8: raw)
    }

    mutating func entry(version: Int) throws(JavaKeyStore.Failure) -> JavaKeyStore.Entry {
        let start = offset
        guard let tag = integer(4), let alias = text(), let created = bytes(8) else {
            throw .truncated(offset: offset)
        }
        if tag == 1 { throw .holdsPrivateKey(alias: alias) }
        guard tag == 2 else { throw .unknownEntry(tag: tag) }
        if version == 2, text() == nil { throw .truncated(offset: offset) }
        guard let count = integer(4), let der = bytes(count) else { throw .truncated(offset: offset) }
        return .init(
            alias: alias, certificate: Array(der),
            created: Int64(truncatingIfNeeded: created.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }),
            bytes: bytes[start..<offset])
    }
}

extension String {
    /// Java's `DataInput.readUTF`: UTF-16 units, each in one to three bytes, NUL in two.
    fileprivate init(modifiedUTF8 bytes: some Collection<UInt8>) {
        if bytes.allSatisfy({ $0 < 0x80 }) {
            self = String(decoding: bytes, as: UTF8.self)
            return
        }
        var units: [UInt16] = []
        var iterator = bytes.makeIterator()
        while let first = iterator.next() {
            let unit = UInt16(first)
            switch first {
            case ..<0x80: units.append(unit)
            case 0xC0..<0xE0:
                units.append((unit & 0x1F) << 6 | UInt16((iterator.next() ?? 0) & 0x3F))
            case 0xE0..<0xF0:
                let second = UInt16((iterator.next() ?? 0) & 0x3F)
                units.append((unit & 0x0F) << 12 | second << 6 | UInt16((iterator.next() ?? 0) & 0x3F))
            default: units.append(0xFFFD)
            }
        }
        self = String(decoding: units, as: UTF16.self)
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian value: Int, width: Int) {
        for shift in stride(from: (width - 1) * 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Java's `DataOutput.writeUTF`, with its length before it; what is over 65,535 bytes is cut.
    fileprivate mutating func append(modifiedUTF8 text: String) {
        var encoded: [UInt8] = []
        for unit in text.utf16 {
            switch unit {
            case 1..<0x80: encoded.append(UInt8(unit))
            case 0, 0x80..<0x800:
                encoded += [0xC0 | UInt8(unit >> 6), 0x80 | UInt8(unit & 0x3F)]
            default:
                encoded += [0xE0 | UInt8(unit >> 12), 0x80 | UInt8(unit >> 6 & 0x3F), 0x80 | UInt8(unit & 0x3F)]
            }
        }
        let bounded = encoded.prefix(0xFFFF)
        append(bigEndian: bounded.count, width: 2)
        append(contentsOf: bounded)
    }
}
