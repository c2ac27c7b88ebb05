import RootFS
import TrustAnchors

/// The Java key store that `trust extract --format=java-cacerts` writes (trust/extract-jks.c).
enum ExtractedKeyStore {
    /// One certificate of the store.
    struct Item: Equatable {
        let alias: String
        let der: [UInt8]
        /// From when the certificate is valid, in seconds since 1970.
        var notBefore: Int64 { ((try? Certificate(der: der))?.facts.notBefore).map { max($0, 0) } ?? 0 }
    }

    static func items(_ entries: [TrustModule.Entry], in dialect: ExtractionDialect) -> [Item] {
        var names = UniqueNames()
        return entries.map { entry in
            let label = dialect.label(of: entry)
            let base = alias(for: label, 0)
            // p11-kit doesn't notice that an empty alias is taken: its table of them holds what was in memory before.
            let unique = base.isEmpty ? base : names.take { number in alias(for: label, number) }
            return Item(alias: String(decoding: unique, as: UTF8.self), der: entry.der)
        }
    }

    /// The label in lower case, without white space and what isn't ASCII, and with a number if that is taken.
    private static func alias(for label: [UInt8]?, _ number: Int) -> [UInt8] {
        var alias: [UInt8] = []
        for byte in label ?? Array("unlabeled".utf8) where byte < 0x80 && byte != 0x20 && !(0x09...0x0D).contains(byte)
        {
            alias.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
        }
        return number == 0 ? alias : alias + Array("-\(number)".utf8)
    }

    /// Whether a store is made of these items alone, in their order; some may be missing.
    static func accounts(for store: JavaKeyStore, _ items: [Item]) -> Bool {
        var rest = items[...]
        for entry in store.entries {
            let item = Item(alias: entry.alias, der: entry.certificate)
            guard let index = rest.firstIndex(of: item) else { return false }
            rest = rest[(index + 1)...]
        }
        return true
    }

    /// A store of these items. p11-kit stamps all entries with the time of the run; here those that are there keep
    /// their time, and a new one gets the same where they have one in common.
    static func store(_ items: [Item], keeping old: JavaKeyStore) -> JavaKeyStore {
        let times = Set(old.entries.map(\.created))
        let common = times.count == 1 ? times.first : nil
        var known: [String: (der: [UInt8], created: Int64)] = [:]
        for entry in old.entries { known[entry.alias] = (entry.certificate, entry.created) }
        var store = JavaKeyStore()
        for item in items {
            let before = known[item.alias].flatMap { $0.der == item.der ? $0.created : nil }
            store.append(item.der, alias: item.alias, created: before ?? common ?? item.notBefore &* 1000)
        }
        return store
    }
}

/// Names that are each used once, as tools make them: with a number after what is taken already.
struct UniqueNames {
    private var taken: Set<ByteKey>
    /// The next number to try, by the name without one: so that many equal names don't take long.
    private var next: [ByteKey: Int] = [:]

    init(_ taken: Set<ByteKey> = []) { self.taken = taken }

    /// The first free of the names that `name` makes of 0, 1, 2 and so on.
    mutating func take(_ name: (Int) -> [UInt8]) -> [UInt8] {
        let base = ByteKey(name(0))
        var number = next[base] ?? 0
        var candidate = number == 0 ? base : ByteKey(name(number))
        while !taken.insert(candidate).inserted {
            number += 1
            candidate = ByteKey(name(number))
        }
        next[base] = number + 1
        return candidate.bytes
    }
}
