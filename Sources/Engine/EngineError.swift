package import Caisson
internal import RootFS

/// Why an engine didn't do what it was asked.
package enum EngineError: Error, Hashable, Sendable {
    /// The text names no engine; `hint` says what would.
    case badAddress(String, hint: String)
    /// No engine was found where they usually listen.
    case noneFound
    /// Nobody answers at the address; `reason` is printable.
    case unreachable(String)
    /// This user may not talk to it.
    case forbidden
    /// It answered with a failure; the message is the engine's own, not yet printable.
    case refused(status: Int, message: String)
    /// It answered with something that the API doesn't have; `what` was asked for.
    case unintelligible(String)
    /// The answer is larger than `limit` bytes.
    case tooLarge(limit: Int)
    case tooSlow
    /// It speaks only versions of the API that this client doesn't.
    case unknownVersion(String)
    /// A file that the connection needs can't be read.
    case unreadable(String)

    /// Whether what was asked for isn't there.
    package var isNotFound: Bool {
        if case .refused(404, _) = self { true } else { false }
    }
}

extension CaissonError {
    /// What the failure means for the user; `subject` is what was asked about, `engine` where the engine listens.
    package init(_ error: EngineError, _ subject: String, engine: String) {
        let hint = "is it running? name another with --engine or DOCKER_HOST"
        let engine = printable(engine)
        switch error {
        case .badAddress(let text, let hint):
            self.init(.usage, printable(text), "it names no engine", hint: hint)
        case .noneFound:
            self.init(
                .unavailable, subject, "no container engine was found where they usually listen",
                hint: "start one, or name it with --engine or DOCKER_HOST")
        case .unreachable(let reason):
            self.init(.unavailable, subject, "no engine answers at \(engine): \(reason)", hint: hint)
        case .forbidden:
            self.init(
                .permission, subject, "this user may not talk to the engine at \(engine)",
                hint: "run it as root, or as a member of the group that owns the socket")
        case .refused(404, let message):
            self.init(.noInput, subject, "the engine has no such thing: \(Self.shown(message))")
        case .refused(let status, let message):
            self.init(.unavailable, subject, "the engine refused (status \(status)): \(Self.shown(message))")
        case .unintelligible(let what):
            self.init(.unavailable, subject, "what answers at \(engine) is no engine: \(what) can't be understood")
        case .tooLarge(let limit):
            self.init(.inputOutput, subject, "the engine's answer is larger than \(limit >> 20) MiB")
        case .tooSlow:
            self.init(.unavailable, subject, "the engine at \(engine) didn't answer in time", hint: hint)
        case .unknownVersion(let version):
            self.init(
                .unavailable, subject,
                "the engine at \(engine) speaks version \(printable(version)) of the API; at least "
                    + "\(APIVersion.oldest) is needed")
        case .unreadable(let path):
            self.init(.noInput, printable(path), "the engine's TLS connection needs this file, and it can't be read")
        }
    }

    /// An engine's message in bounds, without what ends a sentence.
    private static func shown(_ message: String) -> String {
        var text = printable(String(message.prefix(300)))
        while text.last == "." || text.last == "\n" { text.removeLast() }
        return text.isEmpty ? "without a reason" : text
    }
}
