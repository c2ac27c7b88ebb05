import RootFS

extension P11KitStore {
    /// Arch, Manjaro, EndeavourOS and others: `update-ca-trust`, which links what it extracts into `/etc/ssl/certs`.
    public static let arch = P11KitStore(
        name: "arch",
        layout: ExtractedLayout(
            tools: ["/usr/bin/update-ca-trust"],
            identifiers: ["arch", "manjaro", "endeavouros"],
            administrator: "/etc/ca-certificates/trust-source",
            distribution: "/usr/share/ca-certificates/trust-source",
            extracted: "/etc/ca-certificates/extracted",
            outputs: [
                .init("/etc/ca-certificates/extracted/tls-ca-bundle.pem", .file(.pem), .serverAnchors),
                .init("/etc/ca-certificates/extracted/email-ca-bundle.pem", .file(.pem), .emailAnchors),
                .init("/etc/ca-certificates/extracted/objsign-ca-bundle.pem", .file(.pem), .codeSigningAnchors),
                .init("/etc/ca-certificates/extracted/ca-bundle.trust.crt", .file(.trusted), .certificates),
                .init("/etc/ca-certificates/extracted/edk2-cacerts.bin", .file(.edk2), .serverAnchors),
                // The script of 2015 wrote the Java store where newer ones put a link.
                .init("/etc/ssl/certs/java/cacerts", .keyStore, .serverAnchors),
                .init("/etc/ca-certificates/extracted/cadir", .directory(.pem), .serverAnchors),
            ],
            mirrors: [
                .init(directory: "/etc/ssl/certs", of: "/etc/ca-certificates/extracted/cadir", style: .everything)
            ]))
}
