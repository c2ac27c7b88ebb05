import RootFS
import TrustAnchors

extension SettingsStore {
    /// NixOS: the bundle is built into the read-only store from the system's configuration.
    public static let nixos = SettingsStore(
        name: "nixos", marks: ["/etc/NIXOS"], bundle: "/etc/ssl/certs/ca-certificates.crt",
        trusting: { anchors in
            let blocks = anchors.map { anchor in
                "  # \(anchor.subject)\n  ''\n" + indented(PEM.encode(anchor.der), by: 4) + "  ''\n"
            }
            return "security.pki.certificates = [\n" + blocks.joined() + "];\n"
        },
        withdrawing: { certificates in
            let names = certificates.compactMap { try? Certificate(der: $0) }.map { certificate in
                "  # \(certificate.displayName), \(certificate.fingerprint)\n"
                    + "  \(nixString(certificate.facts.subject.commonName ?? certificate.displayName))\n"
            }
            return "# take it out of security.pki.certificates and certificateFiles or, if it is a public root:\n"
                + "security.pki.caCertificateBlacklist = [\n" + names.joined() + "];\n"
        })

    private static func indented(_ text: [UInt8], by width: Int) -> String {
        String(decoding: text, as: UTF8.self).split(separator: "\n")
            .map { String(repeating: " ", count: width) + $0 + "\n" }.joined()
    }

    /// A string literal of the Nix language.
    private static func nixString(_ text: String) -> String {
        var literal = "\""
        for character in printable(text) {
            if character == "\"" || character == "\\" || character == "$" { literal += "\\" }
            literal.append(character)
        }
        return literal + "\""
    }
}
