import RootFS

/// Asks an HTTP proxy for a tunnel (RFC 9110 section 9.3.6), with Basic credentials (RFC 7617) where there are any.
struct ConnectDialogue: ProxyDialogue {
    /// The largest head of an answer that is read, in bytes.
    static let headLimit = 64 << 10

    /// `HOST:PORT`.
    let authority: String
    let proxy: Proxy
    private var received: [UInt8] = []

    init(authority: String, proxy: Proxy) {
        self.authority = authority
        self.proxy = proxy
    }

    func opening() -> [UInt8] {
        var head = "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\nUser-Agent: caisson\r\n"
        if let credentials = proxy.credentials { head += "Proxy-Authorization: \(credentials.basicAuthorization)\r\n" }
        return Array((head + "\r\n").utf8)
    }

    mutating func receive(_ bytes: [UInt8]) throws(ProbeFailure) -> ProxyDialogueStep {
        // The end of the head may be cut in two.
        let scanned = max(0, received.count - 3)
        received += bytes
        guard let end = received[scanned...].firstRange(of: Array("\r\n\r\n".utf8)) else {
            guard received.count <= Self.headLimit else {
                throw ProbeFailure("the proxy \(proxy) answers without end", hint: Self.notHTTP)
            }
            guard received.starts(with: "HTTP/".utf8.prefix(received.count)) else {
                throw ProbeFailure("the proxy \(proxy) doesn't speak HTTP", hint: Self.notHTTP)
            }
            return .wait
        }
        let head = ConnectAnswer(received[..<end.lowerBound])
        guard let status = head.status else {
            throw ProbeFailure("the proxy \(proxy) doesn't speak HTTP", hint: Self.notHTTP)
        }
        switch status {
        case 200..<300: return .open(rest: Array(received[end.upperBound...]))
        // tinyproxy says 401 to wrong credentials.
        case 401 where proxy.credentials != nil: throw refusal(schemes: [])
        case 407: throw refusal(schemes: head.authenticationSchemes)
        default:
            throw ProbeFailure(
                "the proxy \(proxy) refuses the connection to \(authority): \(status) \(printable(head.reason))")
        }
    }

    private static let notHTTP = "is the scheme right? it may be https:// or socks5://"

    private func refusal(schemes: [String]) -> ProbeFailure {
        let wanted = schemes.isEmpty ? "" : ", by " + schemes.map { printable($0) }.joined(separator: " or ")
        guard schemes.isEmpty || schemes.contains(where: { $0.lowercased() == "basic" }) else {
            return ProbeFailure(
                "the proxy \(proxy) asks who you are\(wanted), and Caisson knows Basic only",
                hint: "go through a local relay that logs in, such as px or cntlm")
        }
        if proxy.credentials != nil { return ProbeFailure("the proxy \(proxy) refuses the user or the password") }
        return ProbeFailure(
            "the proxy \(proxy) asks who you are\(wanted)",
            hint: "put USER:PASSWORD into ~/.netrc, a file for --proxy-login, or the URL in HTTPS_PROXY")
    }
}

/// The head of a proxy's answer.
private struct ConnectAnswer {
    let status: Int?
    let reason: ArraySlice<UInt8>
    let authenticationSchemes: [String]

    init(_ head: ArraySlice<UInt8>) {
        let lines = head.split(separator: UInt8(ascii: "\n")).map { $0.last == 0x0D ? $0.dropLast() : $0 }
        let words = (lines.first ?? []).split(separator: 0x20, maxSplits: 2)
        let isHTTP = words.first.map { $0.starts(with: "HTTP/1.".utf8) } ?? false
        let digits = words.dropFirst().first ?? []
        status = isHTTP && digits.count == 3 ? Int(String(decoding: digits, as: UTF8.self)) : nil
        reason = (words.dropFirst(2).first ?? []).prefix(200)
        authenticationSchemes = lines.dropFirst().compactMap { line in
            let field = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            guard field.count == 2,
                String(decoding: field[0].prefix(32), as: UTF8.self).lowercased() == "proxy-authenticate"
            else { return nil }
            return field[1].split(separator: 0x20).first.map { String(decoding: $0.prefix(32), as: UTF8.self) }
        }
    }
}

extension ProxyCredentials {
    /// The value of an `Authorization` or `Proxy-Authorization` field.
    var basicAuthorization: String { "Basic " + Self.base64(Array("\(user):\(password)".utf8)) }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for place in 0..<4 {
                text.append(place > group.count ? UInt8(ascii: "=") : alphabet[Int(bits >> (18 - 6 * place)) & 63])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
