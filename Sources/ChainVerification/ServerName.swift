/// What a client calls the server that it connects to, and looks for in the server's certificate.
public enum ServerName: Hashable, Sendable, CustomStringConvertible {
    /// A name in lower case, without a dot at its end; internationalized names in their `xn--` form.
    case dns(String)
    case address(IPAddress)

    /// Reads a host as it stands in a URL: a name, an IPv4 address, or an IPv6 address with or without brackets.
    /// Nil where it is none of these.
    public init?(_ text: some StringProtocol) {
        if text.hasPrefix("["), text.hasSuffix("]") {
            guard let address = IPAddress(text.dropFirst().dropLast()), !address.isV4 else { return nil }
            self = .address(address)
            return
        }
        if let address = IPAddress(text) {
            self = .address(address)
            return
        }
        var name = text.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy(Self.isLabel) else { return nil }
        // What looks like a number is no name: resolvers would read 127.1 as an address.
        guard let last = labels.last, !last.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        self = .dns(name)
    }

    /// Without brackets.
    public var description: String {
        switch self {
        case .dns(let name): name
        case .address(let address): address.description
        }
    }

    /// As it stands in a URL or before a port: an IPv6 address in brackets.
    public var urlForm: String {
        if case .address(let address) = self, !address.isV4 { return "[\(address)]" }
        return description
    }

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        (1...63).contains(label.count)
            && label.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}
