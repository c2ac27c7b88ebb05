import RootFS

extension CertificateDirectoryStore {
    /// Photon OS: `rehash_ca_certificates.sh` of its package openssl.
    public static let photon = CertificateDirectoryStore(
        name: "photon", identifiers: ["photon"],
        tools: ["/usr/bin/rehash_ca_certificates.sh"],
        directory: "/etc/ssl/certs", bundle: "/etc/pki/tls/certs/ca-bundle.crt", selection: .files)
}
