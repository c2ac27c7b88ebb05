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
                throw ProbeFailure("the proxy \(proxy) answers without end", hint: proxy.notSpoken)
            }
            guard received.starts(with: "HTTP/".utf8.prefix(received.count)) else {
                throw ProbeFailure("the proxy \(proxy) doesn't speak HTTP", hint: proxy.notSpoken)
            }
            return .wait
        }
        let head = ConnectAnswer(received[..<end.lowerBound])
        guard let status = head.status else {
            throw ProbeFailure("the proxy \(proxy) doesn't speak HTTP", hint: proxy.notSpoken)
        }
        switch status {
        case 200..<300: return .open(rest: Array(received[end.upperBound...]))
        // tinyproxy says 401 to wrong credentials.
        case 401 where proxy.credentials != nil: throw refusal(schemes: [])
        case 407: throw refusal(schemes: head.authenticationSchemes)
        case 502...504:
            throw ProbeFailure("the proxy \(proxy) can't reach \(authority): \(status) \(printable(head.reason))")
        default:
            throw ProbeFailure(
                "the proxy \(proxy) refuses the connection to \(authority): \(status) \(printable(head.reason))",
                hint: advice(status, head))
        }
    }

    private func advice(_ status: Int, _ head: ConnectAnswer) -> String {
        switch status {
        case 300..<400:
            let page = head.location.map { " at \(printable($0))" } ?? ""
            return "it wants something of you first: open any page in a browser and log in\(page)"
        case 400, 404, 405, 501: return "is it a proxy? web servers answer like this"
        default: return ProxyRoute.proxy(proxy).advice
        }
    }

    private func refusal(schemes: [String]) -> ProbeFailure {
        let wanted = schemes.isEmpty ? "" : ", by " + schemes.map { printable($0) }.joined(separator: " or ")
        guard schemes.isEmpty || schemes.contains(where: { $0.lowercased() == "basic" }) else {
            return ProbeFailure(
                "the proxy \(proxy) asks for a login\(wanted), and Caisson knows Basic only",
                hint: "go through a local relay that logs in, such as px or cntlm")
        }
        guard proxy.credentials == nil else {
            return ProbeFailure("the proxy \(proxy) refuses the user or the password", hint: ProxyCredentials.refused)
        }
        return ProbeFailure(
            "the proxy \(proxy) asks for a user and a password\(wanted)", hint: ProxyCredentials.missing)
    }
}

/// The head of a proxy's answer.
private struct ConnectAnswer {
    let status: Int?
    let reason: ArraySlice<UInt8>
    let authenticationSchemes: [String]
    let location: ArraySlice<UInt8>?

    init(_ head: ArraySlice<UInt8>) {
        let lines = head.split(separator: UInt8(ascii: "\n")).map { $0.last == 0x0D ? $0.dropLast() : $0 }
        let words = (lines.first ?? []).split(separator: 0x20, maxSplits: 2)
        let isHTTP = words.first.map { $0.starts(with: "HTTP/1.".utf8) } ?? false
        let digits = words.dropFirst().first ?? []
        status = isHTTP && digits.count == 3 ? Int(String(decoding: digits, as: UTF8.self)) : nil
        reason = (words.dropFirst(2).first ?? []).prefix(200)
        let fields = lines.dropFirst().compactMap { line -> (name: String, value: ArraySlice<UInt8>)? in
            let field = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            guard field.count == 2 else { return nil }
            let value = field[1].drop { $0 == 0x20 || $0 == 0x09 }
            return (String(decoding: field[0].prefix(64), as: UTF8.self).lowercased(), value)
        }
        authenticationSchemes = fields.filter { $0.name == "proxy-authenticate" }.prefix(8)
            .compactMap { $0.value.split(separator: 0x20).first }
            .map { String(decoding: $0.prefix(32), as: UTF8.self) }
        location = fields.first { $0.name == "location" }?.value.prefix(200)
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
