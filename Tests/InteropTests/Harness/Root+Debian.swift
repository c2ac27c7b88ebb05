import Foundation

extension Root {
    /// Trusts an authority as Debian's manual says: a file in the source directory, then the tool.
    func trustByHand(_ authority: Authority, as path: String) async throws {
        try write(authority.pem, to: path)
        try await runInside("update-ca-certificates")
    }

    /// The files in the source directory, by path.
    func anchors() throws -> [String: [UInt8]] {
        let directory = "/usr/local/share/ca-certificates"
        return try Dictionary(
            uniqueKeysWithValues: names(in: directory).map { ("\(directory)/\($0)", try bytes("\(directory)/\($0)")) })
    }

    /// Whether the root's own OpenSSL accepts a certificate: by the hash directory, and by the bundle.
    func verify(_ certificate: [UInt8]) async throws -> [Bool] {
        let certs = "/etc/ssl/certs"
        let directory = ["openssl", "verify", "-no-CAfile", "-no-CAstore", "-CApath", certs]
        let bundle = ["openssl", "verify", "-no-CApath", "-no-CAstore", "-CAfile", certs + "/ca-certificates.crt"]
        return [
            try await outcomeInside(of: directory, input: certificate).status == 0,
            try await outcomeInside(of: bundle, input: certificate).status == 0,
        ]
    }

    /// When each link of a directory was made.
    func linkTimes(in directory: String) throws -> [String: String] {
        try listing(of: directory, .modified).lines.filter { $0.value.hasPrefix("link") }
    }

    func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(local(path), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

extension Listing {
    /// The paths about which the two say different things, sorted.
    func pathsChanged(in other: Listing) -> [String] {
        Set(lines.keys).union(other.lines.keys).filter { lines[$0] != other.lines[$0] }.sorted()
    }
}
