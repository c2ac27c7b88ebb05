/// The links `HHHHHHHH.N` by which OpenSSL finds a certificate in a directory, as `openssl rehash` 3.x makes them
/// (apps/rehash.c): numbers that are in use stay, new ones take the lowest that is free.
struct HashDirectory {
    /// An entry of the directory as rehash meets it.
    struct Item {
        enum Kind {
            /// A symbolic link; it may be a hash link or lead to a certificate.
            case link(target: [UInt8])
            case file
        }

        let name: [UInt8]
        let kind: Kind
    }

    /// What rehash would do.
    struct Result {
        var removed: [[UInt8]] = []
        /// Links to make, in place of whatever has their name.
        var created: [(name: [UInt8], target: [UInt8])] = []
    }

    /// rehash numbers at most this many names of one hash.
    static let collisionLimit = 256

    /// Runs rehash over `items`, the whole directory.
    ///
    /// `subject` gives what a file with one certificate or one revocation list is found by, and nil for every other.
    static func rehash<Failure>(
        _ items: [Item], subject: (_ name: [UInt8]) throws(Failure) -> Subject?
    ) throws(Failure) -> Result {
        var buckets = Buckets()
        for item in items.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
            if case .link(let target) = item.kind, let link = HashLink(item.name) {
                buckets.add(link, target: target)
            } else if hasExtension(item.name), let found = try subject(item.name) {
                buckets.add(found, name: item.name)
            }
        }
        return buckets.result
    }

    /// By what a file is looked up.
    struct Subject {
        let isRevocationList: Bool
        let hash: UInt32
        /// What the file holds: two files that hold the same get one link.
        let der: [UInt8]
    }

    /// The extensions that rehash looks at, in any case.
    private static let extensions = ["pem", "crt", "cer", "crl"]

    static func hasExtension(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return false }
        let end = name[name.index(after: dot)...].map(lowercased)
        return extensions.contains { $0.utf8.elementsEqual(end) }
    }
}

/// A name of the form `HHHHHHHH.N` or `HHHHHHHH.rN`.
struct HashLink: Hashable {
    let hash: UInt32
    let isRevocationList: Bool
    let number: Int

    init(hash: UInt32, isRevocationList: Bool = false, number: Int) {
        self.hash = hash
        self.isRevocationList = isRevocationList
        self.number = number
    }

    init?(_ name: [UInt8]) {
        guard name.count > 9, name.count < 20, name[8] == UInt8(ascii: ".") else { return nil }
        var hash: UInt32 = 0
        for byte in name[..<8] {
            guard let digit = hexadecimalDigit(byte) else { return nil }
            hash = hash << 4 | UInt32(digit)
        }
        var rest = name[9...]
        let isRevocationList = lowercased(name[9]) == UInt8(ascii: "r")
        if isRevocationList { rest = rest.dropFirst() }
        var number = 0
        for byte in rest {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        self.init(hash: hash, isRevocationList: isRevocationList, number: number)
    }

    var name: [UInt8] {
        let digits = String(hash, radix: 16)
        let padded = String(repeating: "0", count: 8 - digits.utf8.count) + digits
        return Array("\(padded).\(isRevocationList ? "r" : "")\(number)".utf8)
    }
}

/// rehash's table: per hash, the files that want a link and the links that are there, in the order they were met.
private struct Buckets {
    private struct Entry {
        let name: [UInt8]
        var number: Int?
        var der: [UInt8]?
    }

    private struct Key: Hashable {
        let hash: UInt32
        let isRevocationList: Bool
    }

    private var order: [Key] = []
    private var entries: [Key: [Entry]] = [:]

    private mutating func bucket(_ key: Key) -> [Entry] {
        if let bucket = entries[key] { return bucket }
        order.append(key)
        return []
    }

    mutating func add(_ link: HashLink, target: [UInt8]) {
        let key = Key(hash: link.hash, isRevocationList: link.isRevocationList)
        var bucket = bucket(key)
        if let index = bucket.firstIndex(where: { $0.name == target }) {
            bucket[index].number = min(bucket[index].number ?? link.number, link.number)
        } else {
            bucket.append(Entry(name: target, number: link.number, der: nil))
        }
        entries[key] = bucket
    }

    mutating func add(_ subject: HashDirectory.Subject, name: [UInt8]) {
        let key = Key(hash: subject.hash, isRevocationList: subject.isRevocationList)
        var bucket = bucket(key)
        if !bucket.contains(where: { $0.der == subject.der }) {
            if let index = bucket.firstIndex(where: { $0.name == name }) {
                bucket[index].der = subject.der
            } else if bucket.count(where: { $0.der != nil }) < HashDirectory.collisionLimit {
                bucket.append(Entry(name: name, number: nil, der: subject.der))
            }
        }
        entries[key] = bucket
    }

    var result: HashDirectory.Result {
        var result = HashDirectory.Result()
        for key in order {
            let bucket = entries[key] ?? []
            let needed = bucket.count { $0.der != nil }
            var taken = Set(bucket.compactMap(\.number).filter { $0 < needed })
            var next = 0
            for entry in bucket {
                func link(_ number: Int) -> [UInt8] {
                    HashLink(hash: key.hash, isRevocationList: key.isRevocationList, number: number).name
                }
                if let number = entry.number, number < needed { continue }
                if entry.der != nil {
                    while taken.contains(next) { next += 1 }
                    taken.insert(next)
                    result.created.append((link(next), entry.name))
                } else if let number = entry.number {
                    result.removed.append(link(number))
                }
            }
        }
        // A name that is made anew needn't be removed before.
        let created = Set(result.created.map(\.name))
        result.removed.removeAll { created.contains($0) }
        return result
    }
}

private func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch lowercased(byte) {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): lowercased(byte) - UInt8(ascii: "a") + 10
    default: nil
    }
}
