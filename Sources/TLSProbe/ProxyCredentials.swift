import RootFS

/// A user name and a password for a proxy. However it is printed, the password isn't in it.
public struct ProxyCredentials: Hashable, Sendable {
    let user: String
    let password: String

    /// Takes both as they are, without any encoding.
    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    /// Reads a URL's percent-encoded `USER[:PASSWORD]`; nil where an escape is broken.
    init?(userInformation: String) {
        let parts = userInformation.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let user = Self.decoded(parts.first ?? ""), let password = Self.decoded(parts.dropFirst().first ?? "")
        else { return nil }
        self.init(user: user, password: password)
    }

    /// Reads a file whose first line is `USER:PASSWORD`; nil where it isn't.
    public init?(file contents: [UInt8]) {
        let line = contents.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
            let user = String(validating: line[..<colon], as: UTF8.self),
            let password = String(validating: line[(colon + 1)...], as: UTF8.self)
        else { return nil }
        self.init(user: user, password: password)
    }

    private static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, digits.first != "+", let value = UInt8(digits, radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension ProxyCredentials {
    /// `USER:PASSWORD`, percent-encoded: for a client's environment, and never to be shown.
    package var userInformation: String { "\(user.percentEncoded):\(password.percentEncoded)" }

    /// What may not be shown of what such a client prints.
    package var secrets: [String] {
        [userInformation, password.percentEncoded, password].filter { !$0.isEmpty && $0 != ":" }
    }

    /// Where to put them.
    static let missing =
        "put them into the proxy's URL in the environment, a file for --proxy-login (USER:PASSWORD), or ~/.netrc"
    /// Where they may have come from.
    static let refused = "they are taken from --proxy-login, else the proxy's URL in the environment, else ~/.netrc"
}

extension ProxyCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Nothing but the fact that there are credentials.
    public var description: String { "(credentials)" }
    /// The same.
    public var debugDescription: String { description }
    /// A mirror that shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
