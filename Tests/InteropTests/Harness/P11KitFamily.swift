import Foundation
import Testing

/// A distribution family whose tool calls `trust extract`, with what its script does.
struct P11KitFamily: CustomTestStringConvertible, Sendable {
    struct Output: Sendable {
        let path: String
        let options: String

        init(_ path: String, _ options: String) {
            self.path = path
            self.options = options
        }
    }

    let testDescription: String
    let tool: String
    /// The administrator's directory, then the distribution's.
    let tokens: [String]
    let outputs: [Output]
    /// What the script does after extracting.
    var finish: @Sendable (Root) throws -> Void = { _ in }

    /// The bundle for servers' certificates, and the directory that OpenSSL finds them in.
    let bundle: String
    let hashes: String
    let keyStore: String

    static let all = [fedora, rhel8, suse, arch]

    private static let anchors = "--filter=ca-anchors --purpose=server-auth"

    /// Fedora 43: every output, and links by hash in `/etc/pki/tls/certs`.
    static let fedora = P11KitFamily(
        testDescription: "Fedora", tool: "/usr/bin/update-ca-trust",
        tokens: ["/etc/pki/ca-trust/source", "/usr/share/pki/ca-trust-source"],
        outputs: [
            Output("/etc/pki/ca-trust/extracted/edk2/cacerts.bin", "--format=edk2-cacerts \(anchors)"),
            Output(directoryHash, "--format=pem-directory-hash \(anchors)"),
        ] + redHatOutputs,
        finish: { root in
            for name in ["ca-certificates.crt", "ca-bundle.crt"]
            where root.target(of: "\(directoryHash)/\(name)") == nil {
                try root.link("\(directoryHash)/\(name)", to: "../tls-ca-bundle.pem")
            }
            for name in root.names(in: "/etc/pki/tls/certs") { try root.remove("/etc/pki/tls/certs/\(name)") }
            for name in root.names(in: directoryHash) where name.contains(/^[0-9a-f]{8}\.[0-9]+$/) {
                let file = try #require(root.target(of: "\(directoryHash)/\(name)"))
                try root.link("/etc/pki/tls/certs/\(name)", to: "\(directoryHash)/\(file)")
            }
        },
        bundle: extracted + "/pem/tls-ca-bundle.pem", hashes: directoryHash, keyStore: extracted + "/java/cacerts")

    /// RHEL 8: no directory with hashes.
    static let rhel8 = P11KitFamily(
        testDescription: "RHEL 8", tool: "/usr/bin/update-ca-trust",
        tokens: ["/etc/pki/ca-trust/source", "/usr/share/pki/ca-trust-source"], outputs: redHatOutputs,
        bundle: extracted + "/pem/tls-ca-bundle.pem", hashes: "", keyStore: extracted + "/java/cacerts")

    private static let extracted = "/etc/pki/ca-trust/extracted"
    private static let directoryHash = extracted + "/pem/directory-hash"
    private static let redHatOutputs = [
        Output(extracted + "/openssl/ca-bundle.trust.crt", "--format=openssl-bundle --filter=certificates --comment"),
        Output(extracted + "/pem/tls-ca-bundle.pem", "--format=pem-bundle --comment \(anchors)"),
        Output(
            extracted + "/pem/email-ca-bundle.pem", "--format=pem-bundle --filter=ca-anchors --purpose=email --comment"),
        Output(
            extracted + "/pem/objsign-ca-bundle.pem",
            "--format=pem-bundle --filter=ca-anchors --purpose=code-signing --comment"),
        Output(extracted + "/java/cacerts", "--format=java-cacerts \(anchors)"),
    ]

    static let suse = P11KitFamily(
        testDescription: "SUSE", tool: "/usr/sbin/update-ca-certificates",
        tokens: ["/etc/pki/trust", "/usr/share/pki/trust"],
        outputs: [
            Output("/var/lib/ca-certificates/java-cacerts", "--format=java-cacerts \(anchors)"),
            Output("/var/lib/ca-certificates/openssl", "--format=openssl-directory --filter=ca-anchors"),
            Output("/var/lib/ca-certificates/pem", "--format=pem-directory-hash \(anchors)"),
            Output("/var/lib/ca-certificates/ca-bundle.pem", "--format=pem-bundle \(anchors)"),
        ],
        finish: { root in
            let bundle = "/var/lib/ca-certificates/ca-bundle.pem"
            let text = try root.bytes(bundle)
            try root.remove(bundle)
            try root.write(Array("#\n# automatically created by a hook. Do not edit!\n#\n".utf8) + text, to: bundle)
            try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: root.local(bundle))
        },
        bundle: "/var/lib/ca-certificates/ca-bundle.pem", hashes: "/var/lib/ca-certificates/pem",
        keyStore: "/var/lib/ca-certificates/java-cacerts")

    static let arch: P11KitFamily = {
        let extracted = "/etc/ca-certificates/extracted"
        let purposes = [("tls", "server-auth"), ("email", "email"), ("objsign", "code-signing")]
        return P11KitFamily(
            testDescription: "Arch", tool: "/usr/bin/update-ca-trust",
            tokens: ["/etc/ca-certificates/trust-source", "/usr/share/ca-certificates/trust-source"],
            outputs: purposes.map { name, purpose in
                Output(
                    "\(extracted)/\(name)-ca-bundle.pem",
                    "--format=pem-bundle --filter=ca-anchors --purpose=\(purpose) --comment")
            } + [
                Output(
                    extracted + "/ca-bundle.trust.crt", "--format=openssl-bundle --filter=certificates --comment"),
                Output(extracted + "/edk2-cacerts.bin", "--format=edk2-cacerts \(anchors)"),
                Output(extracted + "/java-cacerts.jks", "--format=java-cacerts \(anchors)"),
                Output(extracted + "/cadir", "--format=pem-directory-hash \(anchors)"),
            ],
            finish: { root in
                for name in root.names(in: "/etc/ssl/certs") where name != "java" {
                    try root.remove("/etc/ssl/certs/\(name)")
                }
                for name in root.names(in: extracted + "/cadir") {
                    try root.link("/etc/ssl/certs/\(name)", to: "../../ca-certificates/extracted/cadir/\(name)")
                }
                if root.target(of: "/etc/ssl/certs/java/cacerts") == nil {
                    try root.link(
                        "/etc/ssl/certs/java/cacerts", to: "../../../ca-certificates/extracted/java-cacerts.jks")
                }
            },
            bundle: extracted + "/tls-ca-bundle.pem", hashes: extracted + "/cadir",
            keyStore: extracted + "/java-cacerts.jks")
    }()

    /// A root of the family with the tool and empty tokens.
    func root() throws -> Root {
        let root = try Root.empty()
        try root.write(Array("#!/bin/sh\n".utf8), to: tool)
        for token in tokens {
            for place in ["anchors", "blocklist"] {
                try FileManager.default.createDirectory(
                    atPath: root.local("\(token)/\(place)"), withIntermediateDirectories: true)
            }
        }
        return root
    }
}
