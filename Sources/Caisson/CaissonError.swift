/// Why something could not be done: what it was about, one cause, and what to do.
///
/// All texts are lower case, without a full stop, and safe to print.
public struct CaissonError: Error, Hashable, Sendable {
    /// What kind of failure it is; each has an exit status of its own.
    public enum Kind: Hashable, Sendable {
        case usage, badCertificate, badImage, noInput, unavailable, cannotCreate, inputOutput, locked, permission
    }

    public let kind: Kind
    /// What it is about, as the user wrote it: a path, a place, a fingerprint.
    public let subject: String
    public let reason: String
    public let hint: String?
    /// What answers the caller although it failed, such as a setting to make by hand: it belongs on standard output.
    public let answer: String?

    public init(_ kind: Kind, _ subject: String, _ reason: String, hint: String? = nil, answer: String? = nil) {
        self.kind = kind
        self.subject = subject
        self.reason = reason
        self.hint = hint
        self.answer = answer
    }
}
