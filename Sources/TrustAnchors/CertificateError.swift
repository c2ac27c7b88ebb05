/// Why bytes are no certificate.
public struct CertificateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The first byte that doesn't fit, counted from the start of the DER.
    public let offset: Int
    /// What is wrong there.
    public let reason: String

    package init(offset: Int, _ reason: String) {
        self.offset = offset
        self.reason = reason
    }

    /// `malformed at byte 45: the length is absurd`.
    public var description: String { "malformed at byte \(offset): \(reason)" }
}
