import Crypto

@testable import TrustStores

/// A Java key store, as it is and with the digest that belongs to it.
enum JavaKeyStoreFuzzing {
    static func check(_ input: [UInt8]) throws(Violation) {
        try check(file: input)
        try check(file: input + digest(of: input))
    }

    private static func check(file: [UInt8]) throws(Violation) {
        guard var store = try? JavaKeyStore(file) else { return }
        try require(store.encoded == file, "a store that wasn't changed is written as it was")
        let aliases = store.entries.map(\.alias)
        for alias in aliases.prefix(4) where alias.utf8.count < 10_000 {
            store.append(SampleCertificate.der, alias: alias, created: -1)
        }
        store.append(SampleCertificate.der, alias: "added", created: 0)
        guard let again = try? JavaKeyStore(store.encoded) else {
            throw Violation(description: "a store that was added to is read again")
        }
        try require(again.entries.map(\.alias) == store.entries.map(\.alias), "aliases are read as they were written")
        try require(again.entries.map(\.created) == store.entries.map(\.created), "times are too")
        store.remove { $0.certificate == SampleCertificate.der }
        if !again.entries.prefix(aliases.count).contains(where: { $0.certificate == SampleCertificate.der }) {
            try require(store.encoded == file, "taking out what was added leaves what was there")
        }
    }

    private static func digest(of bytes: [UInt8]) -> [UInt8] {
        var hash = Insecure.SHA1()
        hash.update(data: JavaKeyStore.defaultPassword.utf8.flatMap { [0, $0] })
        hash.update(data: Array("Mighty Aphrodite".utf8))
        hash.update(data: bytes)
        return Array(hash.finalize())
    }
}
