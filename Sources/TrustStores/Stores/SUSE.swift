import RootFS

extension P11KitStore {
    /// openSUSE, SLES and their images: `update-ca-certificates`, a script of its own with hooks that extract
    /// (openSUSE/ca-certificates; `java.run`, `openssl.run`, `etc_ssl.run`, `certbundle.run`).
    ///
    /// Newer packages bring no outputs along; they are made at the first start.
    public static let suse = P11KitStore(
        name: "suse",
        layout: ExtractedLayout(
            tools: ["/usr/sbin/update-ca-certificates"],
            identifiers: ["suse", "opensuse", "sles", "opensuse-leap", "opensuse-tumbleweed"],
            administrator: "/etc/pki/trust",
            distribution: "/usr/share/pki/trust",
            extracted: "/var/lib/ca-certificates",
            outputs: [
                .init("/var/lib/ca-certificates/java-cacerts", .keyStore, .serverAnchors),
                .init("/var/lib/ca-certificates/openssl", .directory(.trusted), .anchors(nil)),
                .init("/var/lib/ca-certificates/pem", .directory(.pem), .serverAnchors),
                .init("/var/lib/ca-certificates/ca-bundle.pem", .file(.pem), .serverAnchors),
            ]))
}
