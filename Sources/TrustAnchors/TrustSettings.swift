import SwiftASN1

/// What OpenSSL notes behind a certificate in a `TRUSTED CERTIFICATE` block (`X509_CERT_AUX`, crypto/x509/x_x509a.c): what
/// it may be an anchor for, and what not.
struct TrustSettings {
    /// Nil where there is no list; an empty one allows nothing.
    private var trusted: [OID]?
    private var rejected: [OID] = []

    /// Reads the settings in `range`, which must lie in `bytes`.
    init(_ bytes: [UInt8], in range: Range<Int>) throws(CertificateError) {
        var fields = try ASN1Fields(of: parseDER(bytes, in: range))
        trusted = try Self.purposes(fields.nextIfPresent(.sequence))
        rejected = try Self.purposes(fields.nextIfPresent(.context(0))) ?? []
    }

    /// Whether OpenSSL takes it for no anchor of TLS servers (`obj_trust` in crypto/x509/x509_trust.c).
    var rejectsServers: Bool {
        if rejected.contains(where: Self.serverPurposes.contains) { return true }
        return trusted.map { !$0.contains(where: Self.serverPurposes.contains) } ?? false
    }

    private static let serverPurposes: Set<OID> = [.serverAuthentication, .anyUsage]

    private static func purposes(_ node: ASN1Node?) throws(CertificateError) -> [OID]? {
        guard let node else { return nil }
        var purposes: [OID] = []
        for child in try node.children() { purposes.append(try child.oid()) }
        return purposes
    }
}

extension PEM.Block {
    /// Whether trust settings behind the certificate keep OpenSSL from trusting TLS servers by it. Settings that can't be
    /// read do so too.
    public var isRejectedForServers: Bool {
        guard label == "TRUSTED CERTIFICATE", let der, let certificate, certificate.count < der.count else {
            return false
        }
        return (try? TrustSettings(der, in: certificate.count..<der.count))?.rejectsServers ?? true
    }
}
