import RootFS

extension CertificateDirectoryStore {
    /// Flatcar Container Linux: an `update-ca-certificates` of its own, which rebuilds the bundle from the links by hash.
    ///
    /// Before its first run the bundle is a link into the read-only `/usr`.
    public static let flatcar = CertificateDirectoryStore(
        name: "flatcar", identifiers: ["flatcar", "coreos"],
        tools: ["/usr/sbin/update-ca-certificates", "/usr/bin/update-ca-certificates"], mark: "--skip-rehash",
        directory: "/etc/ssl/certs", bundle: "/etc/ssl/certs/ca-certificates.crt", selection: .hashLinks)
}
