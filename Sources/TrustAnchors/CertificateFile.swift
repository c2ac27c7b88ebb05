/// What a file, or any other bytes that should hold certificates, turned out to be.
public struct CertificateFile: Hashable, Sendable {
    /// The largest input that is read, in bytes.
    public static let sizeLimit = 512 << 20
    /// How many certificates an input may hold.
    public static let countLimit = 200_000
    /// How many blocks of any kind a text may have.
    static let blockLimit = 2 * countLimit

    /// How the certificates were written.
    public enum Form: String, Hashable, Sendable {
        case pem = "PEM"
        case der = "DER"
        case base64 = "Base64"
        case pkcs7 = "PKCS#7"
        case unknown
    }

    /// How most of it was written.
    public internal(set) var form: Form
    /// The certificates in their order, without repetition.
    public internal(set) var certificates: [Certificate] = []
    /// Why this input must not be trusted as a whole; errors all of them.
    public internal(set) var problems: [Finding] = []
    /// What was left out or changed, one sentence each, safe to print.
    public internal(set) var notes: [String] = []

    /// Those of `certificates`.
    var fingerprints: Set<Fingerprint> = []

    /// Reads certificates in any form, found by content: PEM, DER, bare Base64 and PKCS#7, texts also in UTF-16.
    ///
    /// Throws where the input holds no certificate, a private key, or anything malformed, even beside good certificates.
    public static func read(_ bytes: [UInt8]) throws(InputError) -> CertificateFile {
        let file = CertificateFile(surveying: bytes)
        guard file.problems.isEmpty else { throw InputError(problems: file.problems) }
        return file
    }

    /// Reads what can be read, for showing; what `read` would throw stands in `problems`.
    public init(surveying bytes: [UInt8]) {
        form = .unknown
        guard bytes.count <= Self.sizeLimit else {
            problems = [Finding(.malformed, "the input is larger than 512 MiB")]
            return
        }
        survey(bytes)
        if certificates.isEmpty, problems.isEmpty {
            problems = [Finding(.noCertificate, bytes.isEmpty ? "the input is empty" : "there is no certificate in it")]
        }
    }
}

/// Why no certificate is taken from an input.
public struct InputError: Error, Hashable, Sendable {
    /// At least one; a private key comes first.
    public let problems: [Finding]
}
