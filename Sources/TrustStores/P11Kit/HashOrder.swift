import TrustAnchors

/// The order in which p11-kit's hash tables give their keys back.
///
/// It shows in one place: the purposes of a trusted certificate pass through such a table (trust/parser.c), so that
/// outputs list them in this order. The hash is MurmurHash3 (x86, 32 bits) of the dotted form, as common/hash.c has it.
enum HashOrder {
    /// The object identifiers (contents octets), each once, in the table's order, after `removed` were taken out.
    static func sorted(_ identifiers: [[UInt8]], removing removed: [[UInt8]] = []) -> [[UInt8]] {
        guard identifiers.count > 1 || !removed.isEmpty else { return identifiers }
        var table = [[Item]](repeating: [], count: 9)
        var count = 0
        for identifier in identifiers {
            let item = Item(identifier)
            let bucket = Int(item.hash) % table.count
            guard !table[bucket].contains(where: { $0.identifier == identifier }) else { continue }
            table[bucket].append(item)
            count += 1
            if count > table.count { table = grown(table) }
        }
        let removed = Set(removed)
        return table.joined().map(\.identifier).filter { !removed.contains($0) }
    }

    private struct Item {
        let identifier: [UInt8]
        let hash: UInt32

        init(_ identifier: [UInt8]) {
            self.identifier = identifier
            hash = HashOrder.hash(Array(OID(encoded: identifier).description.utf8))
        }
    }

    /// Growing puts each item before those that are in its bucket already.
    private static func grown(_ table: [[Item]]) -> [[Item]] {
        var larger = [[Item]](repeating: [], count: table.count * 2 + 1)
        for item in table.joined() { larger[Int(item.hash) % larger.count].insert(item, at: 0) }
        return larger
    }

    private static func hash(_ bytes: [UInt8]) -> UInt32 {
        var hash: UInt32 = 42
        var rest = bytes[...]
        while rest.count >= 4 {
            hash ^= scrambled(word(rest.prefix(4)))
            hash = rotated(hash, 13) &* 5 &+ 0xE654_6B64
            rest = rest.dropFirst(4)
        }
        if !rest.isEmpty { hash ^= scrambled(word(rest)) }
        // The standard has the length of the whole here.
        hash ^= UInt32(rest.count)
        hash = (hash ^ hash >> 16) &* 0x85EB_CA6B
        hash = (hash ^ hash >> 13) &* 0xC2B2_AE35
        return hash ^ hash >> 16
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func scrambled(_ word: UInt32) -> UInt32 { rotated(word &* 0xCC9E_2D51, 15) &* 0x1B87_3593 }

    private static func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 - count) }
}
