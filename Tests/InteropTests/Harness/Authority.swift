import Foundation

/// A throw-away certificate authority, made by openssl.
struct Authority: Sendable {
    let directory: String

    /// Its certificate, PEM, as openssl writes it.
    var certificate: String { directory + "/ca.crt" }
    var pem: [UInt8] { get throws { [UInt8](try Data(contentsOf: URL(filePath: certificate))) } }

    /// Makes one that every verifier accepts.
    ///
    /// - Parameter subject: as openssl's `-subj` takes it.
    static func make(_ subject: String = "/O=Acme Corp/CN=Acme Proxy CA") async throws -> Authority {
        let authority = Authority(directory: try Scratch.current.makeDirectory("ca"))
        try await run(
            "openssl", "req", "-x509", "-utf8", "-subj", subject, "-days", "3650", "-sha256",
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            authority.directory + "/ca.key",
            "-out", authority.certificate, "-config",
            try Scratch.current.write(Array("[req]\ndistinguished_name=n\n[n]\n".utf8), to: "req.cnf"),
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            "-addext", "subjectKeyIdentifier=hash")
        return authority
    }

    /// A server certificate that it issued, PEM.
    func issue(for host: String = "proxy.example") async throws -> [UInt8] {
        let extensions = try Scratch.current.write(
            Array(
                """
                subjectAltName=DNS:\(host)
                extendedKeyUsage=serverAuth
                authorityKeyIdentifier=keyid
                subjectKeyIdentifier=hash
                """.utf8),
            to: "leaf.cnf")
        try await run(
            "openssl", "req", "-new", "-subj", "/CN=\(host)", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", directory + "/leaf.key", "-out", directory + "/leaf.csr")
        return Array(
            try await run(
                "openssl", "x509", "-req", "-in", directory + "/leaf.csr", "-CA", certificate,
                "-CAkey", directory + "/ca.key", "-CAcreateserial", "-days", "90", "-extfile", extensions
            ).utf8)
    }

    /// `sha256:` and 64 lower-case hex digits, as openssl computes it.
    var fingerprint: String {
        get async throws {
            let line = try await run("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256")
            let digits = line.split(separator: "=").last ?? ""
            return "sha256:" + digits.filter(\.isHexDigit).lowercased()
        }
    }
}

extension Authority {
    /// The hash that OpenSSL looks it up by: eight lower-case hex digits.
    var subjectHash: String {
        get async throws {
            String(
                try await run("openssl", "x509", "-in", certificate, "-noout", "-subject_hash")
                    .filter { !$0.isWhitespace })
        }
    }

    /// An empty revocation list that it signed, PEM.
    func revocationList() async throws -> [UInt8] {
        let configuration = try Scratch.current.write(
            Array("[ca]\ndefault_ca=d\n[d]\ndatabase=\(directory)/index\ndefault_md=sha256\n".utf8), to: "crl.cnf")
        try await run("touch", directory + "/index")
        return Array(
            try await run(
                "openssl", "ca", "-config", configuration, "-gencrl", "-crldays", "30", "-cert", certificate,
                "-keyfile", directory + "/ca.key"
            ).utf8)
    }
}
