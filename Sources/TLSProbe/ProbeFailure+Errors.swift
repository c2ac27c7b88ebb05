import ChainVerification
import NIOCore
import NIOPosix
import NIOSSL

extension ProbeFailure {
    /// Why no TCP connection came about.
    init(connecting error: any Error, to host: ServerName, peer: String, timeout: TimeAmount) {
        guard let error = error as? NIOConnectionError else {
            self.init(error, peer: peer)
            return
        }
        if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil {
            self.init("the name \(host) can't be resolved")
        } else if let first = error.connectionErrors.first?.error as? IOError {
            self.init("\(peer) can't be reached: \(first.cause)")
        } else {
            self.init("\(peer) can't be reached within \(timeout.shown)")
        }
    }

    /// Why a conversation with `peer` ended.
    init(_ error: any Error, peer: String) {
        switch error {
        case let failure as ProbeFailure: self = failure
        case let error as IOError: self.init("\(peer) can't be talked to: \(error.cause)")
        case ChannelError.eof, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed:
            self.init("\(peer) closed the connection before the handshake was complete")
        case NIOSSLError.handshakeFailed(let cause): self.init(handshake: cause, peer: peer)
        case NIOSSLError.uncleanShutdown:
            self.init("\(peer) closed the connection before the handshake was complete")
        case let cause as BoringSSLError: self.init(handshake: cause, peer: peer)
        default: self.init("the connection to \(peer) failed")
        }
    }

    private init(handshake error: BoringSSLError, peer: String) {
        guard let name = error.reasonName else {
            self.init("\(peer) closed the connection before the handshake was complete")
            return
        }
        self.init("the TLS handshake with \(peer) failed: \(Self.handshakeReasons[name] ?? Self.words(name))")
    }

    private static let handshakeReasons = [
        "WRONG_VERSION_NUMBER": "what it sends isn't TLS",
        "HTTP_REQUEST": "what it sends isn't TLS",
        "UNSUPPORTED_PROTOCOL": "it offers only versions of TLS that nobody takes any more",
        "EXCESSIVE_MESSAGE_SIZE": "its certificates are larger than 100 kB",
        "CERTIFICATE_VERIFY_FAILED":
            "this machine doesn't trust its certificate, and a password isn't sent to a stranger",
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
