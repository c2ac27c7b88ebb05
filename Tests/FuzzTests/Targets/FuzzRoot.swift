import RootFS

/// The root of one family: what makes it one, and the files whose contents are anything.
struct FuzzRoot {
    let tools: [RootPath: String]
    var directories: [RootPath] = []
    var links: [RootPath: String] = [:]
    let files: [RootPath]

    static let families = [debian, alpine, rhel, suse, arch, photon, flatcar, bundle]

    private static let debian = FuzzRoot(
        tools: [
            "/usr/sbin/update-ca-certificates": "#!/bin/sh\n",
            "/etc/ca-certificates/update.d/jks-keystore": "#!/bin/sh\n",
        ],
        links: [
            "/etc/ssl/certs/a.pem": "/usr/share/ca-certificates/a.crt", "/etc/ssl/certs/0a0a0a0a.0": "a.pem",
            "/etc/ssl/certs/b.pem": "/usr/local/share/ca-certificates/b.crt",
        ],
        files: [
            "/etc/ca-certificates.conf", "/etc/ssl/certs/ca-certificates.crt", "/usr/share/ca-certificates/a.crt",
            "/usr/local/share/ca-certificates/b.crt", "/etc/ssl/certs/java/cacerts", "/etc/default/cacerts",
            "/etc/os-release",
        ])

    private static let alpine = FuzzRoot(
        tools: [
            "/usr/sbin/update-ca-certificates": "ELF", "/etc/ca-certificates/update.d/certhash": "#!/bin/sh\n",
            "/etc/ca-certificates/update.d/java-cacerts": "#!/bin/sh\n",
        ],
        links: [
            "/etc/ssl/cert.pem": "certs/ca-certificates.crt", "/etc/ssl/certs/0a0a0a0a.0": "ca-cert-a.pem",
            "/etc/ssl/certs/ca-cert-a.pem": "/usr/share/ca-certificates/a.crt",
        ],
        files: [
            "/etc/ca-certificates.conf", "/etc/ssl/certs/ca-certificates.crt", "/usr/share/ca-certificates/a.crt",
            "/usr/local/share/ca-certificates/b.crt", "/etc/ssl/certs/java/cacerts", "/etc/os-release",
        ])

    private static let rhel = FuzzRoot(
        tools: ["/usr/bin/update-ca-trust": "#!/bin/sh\n"],
        links: ["/etc/pki/tls/certs/ca-bundle.crt": "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"],
        files: [
            "/etc/pki/ca-trust/source/anchors/a.crt", "/etc/pki/ca-trust/source/b.p11-kit",
            "/etc/pki/ca-trust/source/blocklist/c.crt", "/usr/share/pki/ca-trust-source/d.p11-kit",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
            "/etc/pki/ca-trust/extracted/openssl/ca-bundle.trust.crt",
            "/etc/pki/ca-trust/extracted/java/cacerts", "/etc/pki/ca-trust/extracted/edk2/cacerts.bin",
            "/etc/pki/ca-trust/extracted/pem/directory-hash/e.pem",
        ])

    private static let suse = FuzzRoot(
        tools: ["/usr/sbin/update-ca-certificates": "#!/bin/sh\n"],
        directories: ["/var/lib/ca-certificates/pem"],
        links: ["/etc/ssl/certs": "../../var/lib/ca-certificates/pem"],
        files: [
            "/etc/pki/trust/anchors/a.crt", "/etc/pki/trust/blocklist/b.crt", "/usr/share/pki/trust/c.p11-kit",
            "/var/lib/ca-certificates/ca-bundle.pem", "/var/lib/ca-certificates/java-cacerts",
            "/var/lib/ca-certificates/openssl/d.pem",
        ])

    private static let arch = FuzzRoot(
        tools: ["/usr/bin/update-ca-trust": "#!/bin/sh\n"],
        links: ["/etc/ssl/certs/e.pem": "../../ca-certificates/extracted/cadir/e.pem"],
        files: [
            "/etc/ca-certificates/trust-source/anchors/a.crt", "/etc/ca-certificates/trust-source/blocklist/b.crt",
            "/usr/share/ca-certificates/trust-source/c.p11-kit", "/etc/ca-certificates/extracted/tls-ca-bundle.pem",
            "/etc/ca-certificates/extracted/ca-bundle.trust.crt", "/etc/ca-certificates/extracted/edk2-cacerts.bin",
            "/etc/ca-certificates/extracted/cadir/e.pem", "/etc/ssl/certs/java/cacerts",
        ])

    private static let photon = FuzzRoot(
        tools: ["/usr/bin/rehash_ca_certificates.sh": "#!/bin/sh\n"],
        links: ["/etc/ssl/certs/0a0a0a0a.0": "a.pem"],
        files: [
            "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/a.pem", "/etc/ssl/certs/0b0b0b0b.0", "/etc/os-release",
        ])

    private static let flatcar = FuzzRoot(
        tools: ["/usr/sbin/update-ca-certificates": "#!/bin/bash\n# echo \"$0 [--skip-rehash]\"\n"],
        links: ["/etc/ssl/certs/a.pem": "../../../usr/share/ca-certificates/a.pem"],
        files: [
            "/usr/lib/os-release", "/etc/ssl/certs/ca-certificates.crt", "/usr/share/ca-certificates/a.pem",
            "/etc/ssl/certs/b.pem",
        ])

    private static let bundle = FuzzRoot(
        tools: [:],
        files: [
            "/etc/os-release", "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem",
            "/usr/local/share/ca-certificates/a.crt",
        ])
}

extension FuzzRoot {
    /// The root with every directory of it listed.
    func snapshot(contents: [[UInt8]]) -> Snapshot {
        var snapshot = Snapshot(root: "fuzzed")
        var names: [RootPath: Set<[UInt8]>] = [:]
        func note(_ kind: Entry.Kind, _ path: RootPath, mode: UInt16) {
            snapshot.record(Entry(kind: kind, attributes: Attributes(mode: mode)), at: path)
            if kind == .directory, names[path] == nil { names[path] = [] }
            guard let parent = path.parent else { return }
            if names[parent] == nil { note(.directory, parent, mode: 0o755) }
            names[parent]?.insert(Array(path.name))
        }
        func write(_ bytes: [UInt8], _ path: RootPath) {
            note(.file(size: bytes.count, links: 1), path, mode: 0o644)
            snapshot.record(contents: bytes, at: path)
        }
        for path in directories { note(.directory, path, mode: 0o755) }
        for (path, text) in tools { write(Array(text.utf8), path) }
        for (path, target) in links { note(.symlink(to: Array(target.utf8)), path, mode: 0o777) }
        for (path, bytes) in zip(files, contents) {
            if bytes.isEmpty, let parent = path.parent {
                if names[parent] == nil { note(.directory, parent, mode: 0o755) }
            } else {
                write(bytes, path)
            }
        }
        for (directory, names) in names { snapshot.record(listing: names, of: directory) }
        return snapshot
    }
}
