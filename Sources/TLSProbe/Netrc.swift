public import ChainVerification

/// The logins of a netrc file, in the form that curl and ftp(1) read.
public struct Netrc: Sendable {
    private var logins: [String: ProxyCredentials] = [:]

    /// Reads `machine NAME login USER password PASSWORD`; what it doesn't know is skipped. The login of `default` isn't
    /// taken: a password goes only to the host it was written for.
    public init(_ contents: [UInt8]) {
        var tokens = Self.tokens(contents)[...]
        var (machine, user, password): (String?, String?, String?) = (nil, nil, nil)
        func take(_ logins: inout [String: ProxyCredentials]) {
            if let machine, let user, logins[machine] == nil {
                logins[machine] = ProxyCredentials(user: user, password: password ?? "")
            }
            (machine, user, password) = (nil, nil, nil)
        }
        while let token = tokens.popFirst() {
            switch token {
            case "machine":
                take(&logins)
                machine = tokens.popFirst()?.lowercased()
            case "default": take(&logins)
            case "login": user = tokens.popFirst()
            case "password": password = tokens.popFirst()
            case "account": _ = tokens.popFirst()
            default: break
            }
        }
        take(&logins)
    }

    /// The login for a host that is named just so.
    public func credentials(for host: ServerName) -> ProxyCredentials? { logins[host.description] }

    /// The words of the file: macros up to their empty line and comments left out, quotation marks and backslashes
    /// taken away.
    private static func tokens(_ contents: [UInt8]) -> [String] {
        var tokens: [String] = []
        var isMacro = false
        for line in contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let words = words(of: line)
            if isMacro {
                isMacro = !words.isEmpty
                continue
            }
            if let macro = words.firstIndex(of: "macdef") {
                isMacro = true
                tokens += words[..<macro]
            } else {
                tokens += words
            }
        }
        return tokens
    }

    private static func words(of line: ArraySlice<UInt8>) -> [String] {
        var words: [String] = []
        var rest = line.drop(while: \.isBlank)
        while let first = rest.first, first != UInt8(ascii: "#") {
            var word: [UInt8] = []
            let isQuoted = first == UInt8(ascii: "\"")
            if isQuoted { rest = rest.dropFirst() }
            while let byte = rest.popFirst(), isQuoted ? byte != UInt8(ascii: "\"") : !byte.isBlank {
                if isQuoted, byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                    word.append(escaped)
                } else {
                    word.append(byte)
                }
            }
            words.append(String(decoding: word, as: UTF8.self))
            rest = rest.drop(while: \.isBlank)
        }
        return words
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
}
