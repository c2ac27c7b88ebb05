import ChainVerification

/// The hosts that are reached without a proxy, as `NO_PROXY` lists them and curl reads it (lib/noproxy.c, 7.86 and later).
///
/// Entries are separated by commas or blanks. A name covers itself and everything below it, with or without a dot before
/// it; an address covers itself, and with `/BITS` its network; a single `*` covers everything.
struct NoProxyList: Hashable {
    private let entries: [Substring]
    private let coversEverything: Bool

    init(_ text: String) {
        coversEverything = text == "*"
        entries = text.split { $0 == "," || $0.isWhitespace }
    }

    func covers(_ host: ServerName) -> Bool {
        if coversEverything { return true }
        return switch host {
        case .dns(let name): entries.contains { Self.covers(name, entry: $0) }
        case .address(let address): entries.contains { Self.covers(address, entry: $0) }
        }
    }

    private static func covers(_ name: String, entry: Substring) -> Bool {
        var entry = entry.lowercased()
        if entry.hasSuffix(".") { entry.removeLast() }
        if entry.hasPrefix(".") { entry.removeFirst() }
        return !entry.isEmpty && (name == entry || name.hasSuffix("." + entry))
    }

    private static func covers(_ address: IPAddress, entry: Substring) -> Bool {
        let parts = entry.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard var text = parts.first else { return false }
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        guard let network = IPAddress(text) else { return false }
        // No bits, or zero of them, mean the address itself.
        let bits = parts.dropFirst().first.map { Int($0) ?? 0 } ?? 0
        return network.shares(prefix: bits == 0 ? network.bytes.count * 8 : bits, with: address)
    }
}
