import RootFS
import TrustAnchors

extension SettingsStore {
    /// Bottlerocket: `certdog` makes the bundle anew at each start, from the system's own and from the settings.
    public static let bottlerocket = SettingsStore(
        name: "bottlerocket", marks: ["/usr/bin/certdog"], bundle: "/etc/pki/tls/certs/ca-bundle.crt",
        trusting: { anchors in
            anchors.map { setting(for: $0.certificate, isTrusted: true) }.joined(separator: "\n")
        },
        withdrawing: { certificates in
            certificates.compactMap { try? Certificate(der: $0) }
                .map { setting(for: $0, isTrusted: false) }.joined(separator: "\n")
        })

    /// User data in TOML; the certificate's PEM in Base64.
    private static func setting(for certificate: Certificate, isTrusted: Bool) -> String {
        let anchor = TrustAnchor(admitted: certificate)
        let name = anchor.fileName.hasSuffix(".crt") ? String(anchor.fileName.dropLast(4)) : anchor.fileName
        return """
            # \(anchor.subject), \(anchor.fingerprint)
            [settings.pki.\(name)]
            data = "\(PEM.base64(of: PEM.encode(anchor.der)))"
            trusted = \(isTrusted)

            """
    }
}
