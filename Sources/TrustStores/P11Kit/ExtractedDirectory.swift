import RootFS
import TrustAnchors

/// A directory that `trust extract` writes: a file for each certificate, and links to it by both of OpenSSL's hashes
/// (`pem-directory-hash` and `openssl-directory`).
struct ExtractedDirectory {
    enum Form: Hashable {
        case pem
        /// With OpenSSL's trust settings.
        case trusted
    }

    enum Item: Equatable {
        case file([UInt8])
        case link(to: [UInt8])
    }

    private(set) var items: [ByteKey: Item] = [:]
    private var names: UniqueNames

    init(_ entries: [TrustModule.Entry], as form: Form, in dialect: ExtractionDialect) {
        self.init(taken: [])
        for entry in entries { add(entry, as: form, in: dialect) }
    }

    /// A directory in which these names are taken already.
    init(taken: Set<ByteKey>) { names = UniqueNames(taken) }

    mutating func add(_ entry: TrustModule.Entry, as form: Form, in dialect: ExtractionDialect) {
        let bare = Self.fileName(dialect.name(of: entry), bounded: dialect.boundsNames)
        let file = names.take { number in
            (number == 0 ? bare : bare + Array(".\(number)".utf8)) + Self.suffix
        }
        items[ByteKey(file)] = .file(form == .pem ? entry.outline.pem : ExtractedFile.trustedBlock(entry, in: dialect))
        for hash in entry.outline.subjectHashes {
            let link = names.take { HashLink(hash: hash, number: $0).name }
            items[ByteKey(link)] = .link(to: file)
        }
    }

    private static let suffix = Array(".pem".utf8)
    /// File names are at most 255 bytes on Linux, of which p11-kit keeps 16 for a number (trust/save.c).
    private static let nameLimit = 255 - 16 - suffix.count

    /// The label with everything but letters, digits, `.`, `-` and `_` replaced.
    private static func fileName(_ label: [UInt8], bounded: Bool) -> [UInt8] {
        let name = label.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                byte
            default: UInt8(ascii: "_")
            }
        }
        return bounded ? Array(name.prefix(nameLimit)) : name
    }
}
