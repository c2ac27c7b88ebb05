import Caisson

/// Why a server wasn't reached; where it happened stands in the reason.
package struct ProbeFailure: Error, Hashable {
    package let reason: String
    let hint: String?

    init(_ reason: String, hint: String? = nil) {
        self.reason = reason
        self.hint = hint
    }

    /// The same with a hint, if it has none yet.
    func advising(_ hint: String?) -> ProbeFailure { ProbeFailure(reason, hint: self.hint ?? hint) }

    func error(for subject: String) -> CaissonError { CaissonError(.unavailable, subject, reason, hint: hint) }
}
