import NIOCore
import NIOPosix
import NIOSSL
import RootFS

extension ProbeFailure {
    /// Why no TCP connection came about.
    init(connecting error: any Error, to peer: String, timeout: TimeAmount, hint: String) {
        guard let error = error as? NIOConnectionError else {
            self = ProbeFailure(error, peer: peer).advising(hint)
            return
        }
        if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil {
            self.init("\(peer) can't be found: its name can't be resolved", hint: hint)
        } else if let first = error.connectionErrors.first?.error as? IOError {
            self.init("\(peer) can't be reached: \(first.cause)", hint: hint)
        } else {
            self.init("\(peer) can't be reached within \(timeout.shown)", hint: hint)
        }
    }

    /// Why a conversation with `peer` ended; `advice` is for where it was cut.
    init(_ error: any Error, peer: String, advice: String? = nil) {
        let cut = "\(peer) closed the connection before the handshake was complete"
        switch error {
        case let failure as ProbeFailure: self = failure
        case let error as IOError: self.init("\(peer) can't be talked to: \(error.cause)", hint: advice)
        case ChannelError.eof, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed:
            self.init(cut, hint: advice)
        case NIOSSLError.handshakeFailed(let cause): self.init(handshake: cause, peer: peer, cut: cut, advice: advice)
        case NIOSSLError.uncleanShutdown: self.init(cut, hint: advice)
        case let cause as BoringSSLError: self.init(handshake: cause, peer: peer, cut: cut, advice: advice)
        default: self.init("the connection to \(peer) failed: \(printable("\(error)"))")
        }
    }

    private init(handshake error: BoringSSLError, peer: String, cut: String, advice: String?) {
        guard let name = error.reasonName else {
            self.init(cut, hint: advice)
            return
        }
        self.init(
            "the TLS handshake with \(peer) failed: \(Self.handshakeReasons[name] ?? Self.words(name))",
            hint: Self.handshakeHints[name])
    }

    private static let keyExchange =
        "it may offer only key exchanges that can't be done here (plain RSA, ffdhe groups, X448); ask openssl s_client"

    private static let handshakeHints = [
        "SSLV3_ALERT_HANDSHAKE_FAILURE": keyExchange,
        "HANDSHAKE_FAILURE_ON_CLIENT_HELLO": keyExchange,
        "WRONG_VERSION_NUMBER": "is it the right port? 443 is taken where the URL names none",
        "HTTP_REQUEST": "is it the right port? 443 is taken where the URL names none",
        "CERTIFICATE_VERIFY_FAILED": "trust the proxy's CA on this machine first, or use its http:// port",
    ]

    private static let handshakeReasons = [
        "WRONG_VERSION_NUMBER": "what it sends isn't TLS",
        "HTTP_REQUEST": "what it sends isn't TLS",
        "UNSUPPORTED_PROTOCOL": "it offers only versions of TLS that nobody takes any more",
        "EXCESSIVE_MESSAGE_SIZE": "its certificates are larger than 100 kB, which OpenSSL's clients refuse too",
        "CERTIFICATE_VERIFY_FAILED":
            "this machine doesn't trust its certificate, and a password isn't sent to a stranger",
        "KEY_USAGE_BIT_INCORRECT": "its certificate's key usage lacks digitalSignature, which some clients let pass",
        "CANNOT_PARSE_LEAF_CERT": "its certificate can't be read",
        "DECODE_ERROR": "a message of it can't be read",
    ]

    /// A name such as `SSLV3_ALERT_HANDSHAKE_FAILURE` as words.
    private static func words(_ name: String) -> String {
        let words = name.lowercased().split(separator: "_")
        let isAlert = words.count > 2 && words[1] == "alert"
        return isAlert
            ? "it sent the alert \"\(words.dropFirst(2).joined(separator: " "))\"" : words.joined(separator: " ")
    }
}

extension IOError {
    /// The cause alone, without the system call.
    fileprivate var cause: String {
        switch errnoCode {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET, EPIPE: "the connection was reset"
        case EHOSTUNREACH: "no route to the host"
        case ENETUNREACH: "the network is unreachable"
        case ETIMEDOUT: "no answer"
        default: "error \(errnoCode)"
        }
    }
}

extension BoringSSLError {
    /// The library's name for what went wrong, such as `WRONG_VERSION_NUMBER`.
    fileprivate var reasonName: String? {
        let stack: NIOBoringSSLErrorStack
        switch self {
        case .sslError(let errors), .unknownError(let errors): stack = errors
        default: return nil
        }
        // `error:CODE:LIBRARY:FUNCTION:REASON at FILE:LINE`; the first is the cause.
        guard let text = stack.first?.description, let start = text.firstRange(of: "OPENSSL_internal:")?.upperBound
        else { return nil }
        return String(text[start...].prefix { $0 != " " })
    }
}
