import RootFS

extension P11KitStore {
    /// Fedora, CentOS, RHEL and its images, Rocky, Alma, Oracle, Amazon Linux and Azure Linux: `update-ca-trust`.
    ///
    /// Fedora 42 and RHEL 10 added links by hash in `/etc/pki/tls/certs`; Fedora 44 dropped the file with trust settings
    /// and the links to bundles (ca-certificates 2024.2.69 and later).
    public static let rhel = P11KitStore(
        name: "rhel",
        layout: ExtractedLayout(
            tools: ["/usr/bin/update-ca-trust"],
            identifiers: [
                "fedora", "rhel", "centos", "rocky", "almalinux", "ol", "amzn", "azurelinux", "mariner",
            ],
            administrator: "/etc/pki/ca-trust/source",
            distribution: "/usr/share/pki/ca-trust-source",
            extracted: "/etc/pki/ca-trust/extracted",
            outputs: [
                .init("/etc/pki/ca-trust/extracted/openssl/ca-bundle.trust.crt", .file(.trusted), .certificates),
                .init("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", .file(.pem), .serverAnchors),
                .init("/etc/pki/ca-trust/extracted/pem/email-ca-bundle.pem", .file(.pem), .emailAnchors),
                .init("/etc/pki/ca-trust/extracted/pem/objsign-ca-bundle.pem", .file(.pem), .codeSigningAnchors),
                .init("/etc/pki/ca-trust/extracted/java/cacerts", .keyStore, .serverAnchors),
                .init("/etc/pki/ca-trust/extracted/edk2/cacerts.bin", .file(.edk2), .serverAnchors),
                .init(
                    "/etc/pki/ca-trust/extracted/pem/directory-hash",
                    .directory(
                        .pem,
                        links: ["ca-certificates.crt": "../tls-ca-bundle.pem", "ca-bundle.crt": "../tls-ca-bundle.pem"]),
                    .serverAnchors),
            ],
            mirrors: [
                .init(
                    directory: "/etc/pki/tls/certs", of: "/etc/pki/ca-trust/extracted/pem/directory-hash",
                    style: .hashLinks)
            ]))
}
