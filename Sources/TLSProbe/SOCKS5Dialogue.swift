import ChainVerification

/// Asks a SOCKS 5 proxy for a connection (RFC 1928), with a user name and a password (RFC 1929) where there are any.
struct SOCKS5Dialogue: ProxyDialogue {
    private enum State { case greeting, login, request }

    let host: ServerName
    let port: Int
    let proxy: Proxy
    private var state = State.greeting
    private var received: [UInt8] = []

    init(host: ServerName, port: Int, proxy: Proxy) {
        self.host = host
        self.port = port
        self.proxy = proxy
    }

    func opening() -> [UInt8] { proxy.credentials == nil ? [5, 1, 0] : [5, 2, 0, 2] }

    mutating func receive(_ bytes: [UInt8]) throws(ProbeFailure) -> ProxyDialogueStep {
        received += bytes
        guard let first = received.first else { return .wait }
        guard first == (state == .login ? 1 : 5) else {
            throw ProbeFailure("the proxy \(proxy) doesn't speak SOCKS 5", hint: proxy.notSpoken)
        }
        switch state {
        case .greeting:
            guard received.count >= 2 else { return .wait }
            return try afterGreeting(method: take(2)[1])
        case .login:
            guard received.count >= 2 else { return .wait }
            guard take(2)[1] == 0 else {
                throw ProbeFailure(
                    "the proxy \(proxy) refuses the user or the password", hint: ProxyCredentials.refused)
            }
            state = .request
            return .send(request)
        case .request:
            return try afterRequest()
        }
    }

    private mutating func afterGreeting(method: UInt8) throws(ProbeFailure) -> ProxyDialogueStep {
        switch (method, proxy.credentials) {
        case (0, _):
            state = .request
            return .send(request)
        case (2, let credentials?):
            let (user, password) = (Array(credentials.user.utf8), Array(credentials.password.utf8))
            guard user.count < 256, password.count < 256 else {
                throw ProbeFailure("a user name or a password for \(proxy) is longer than 255 bytes")
            }
            state = .login
            return .send([1, UInt8(user.count)] + user + [UInt8(password.count)] + password)
        case (_, nil):
            throw ProbeFailure(
                "the proxy \(proxy) asks for a user and a password", hint: ProxyCredentials.missing)
        default:
            throw ProbeFailure(
                "the proxy \(proxy) wants a kind of login that Caisson doesn't know; it knows a user and a password")
        }
    }

    private var request: [UInt8] {
        let address: [UInt8] =
            switch host {
            case .dns(let name): [3, UInt8(truncatingIfNeeded: name.utf8.count)] + Array(name.utf8)
            case .address(let address): [address.isV4 ? 1 : 4] + address.bytes
            }
        return [5, 1, 0] + address + [UInt8(port >> 8 & 0xFF), UInt8(port & 0xFF)]
    }

    private mutating func afterRequest() throws(ProbeFailure) -> ProxyDialogueStep {
        guard received.count >= 2 else { return .wait }
        guard received[1] == 0 else {
            let reason = Self.replies[received[1]] ?? "code \(received[1])"
            throw ProbeFailure(
                "the proxy \(proxy) refuses the connection to \(host.urlForm):\(port): \(reason)",
                hint: received[1] == 2 ? ProxyRoute.proxy(proxy).advice : nil)
        }
        guard received.count >= 5 else { return .wait }
        let length: Int
        switch received[3] {
        case 1: length = 4 + 4 + 2
        case 3: length = 4 + 1 + Int(received[4]) + 2
        case 4: length = 4 + 16 + 2
        default: throw ProbeFailure("the proxy \(proxy) doesn't speak SOCKS 5", hint: proxy.notSpoken)
        }
        guard received.count >= length else { return .wait }
        _ = take(length)
        return .open(rest: received)
    }

    private mutating func take(_ count: Int) -> [UInt8] {
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    /// RFC 1928 section 6.
    private static let replies: [UInt8: String] = [
        1: "general failure", 2: "not allowed by its rules", 3: "network unreachable", 4: "host unreachable",
        5: "connection refused", 6: "time to live expired", 7: "command not supported",
        8: "address type not supported",
    ]
}
