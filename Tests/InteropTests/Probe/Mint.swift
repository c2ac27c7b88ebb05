import Foundation

/// Makes certificates of every kind with `openssl ca`: good ones, and ones that somebody must refuse.
struct Mint: Sendable {
    private let directory: String

    /// A certificate and its key, PEM files.
    struct Coin: Sendable {
        let certificate: String
        let key: String

        var pem: [UInt8] { get throws { [UInt8](try Data(contentsOf: URL(filePath: certificate))) } }
    }

    /// What a certificate is made of; the presets are those of a careful CA.
    struct Recipe: Sendable {
        var subject: String
        /// As `openssl genpkey` takes it.
        var key = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        var digest = "sha256"
        var extensions: [String]
        /// `YYYYMMDDHHMMSSZ`.
        var from = "20240101000000Z"
        var until = "20490101000000Z"

        static func root(_ name: String) -> Recipe {
            Recipe(
                subject: "/O=Test/CN=\(name)",
                extensions: [
                    "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign",
                    "subjectKeyIdentifier=hash",
                ])
        }

        static func intermediate(_ name: String) -> Recipe {
            var recipe = root(name)
            recipe.extensions.append("authorityKeyIdentifier=keyid")
            return recipe
        }

        static func server(_ host: String = "www.server.example", names: String? = nil) -> Recipe {
            Recipe(
                subject: "/CN=\(host)",
                extensions: [
                    "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                    "extendedKeyUsage=serverAuth", "subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid",
                    "subjectAltName=\(names ?? "DNS:\(host)")",
                ])
        }

        /// Without the extensions of these names, and with the ones given.
        func replacing(_ names: String..., with extensions: String...) -> Recipe {
            var recipe = self
            recipe.extensions.removeAll { line in names.contains { line.hasPrefix($0 + "=") } }
            recipe.extensions += extensions
            return recipe
        }

        func adding(_ extension: String) -> Recipe {
            var recipe = self
            recipe.extensions.append(`extension`)
            return recipe
        }

        func with(key: [String]? = nil, digest: String? = nil, from: String? = nil, until: String? = nil) -> Recipe {
            var recipe = self
            if let key { recipe.key = key }
            if let digest { recipe.digest = digest }
            if let from { recipe.from = from }
            if let until { recipe.until = until }
            return recipe
        }
    }

    static let rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
    static let weakRSA = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]
    static let tinyRSA = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:768"]
    static func curve(_ name: String) -> [String] { ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:\(name)"] }
    static let ed25519 = ["-algorithm", "ED25519"]

    init() throws {
        directory = try Scratch.current.makeDirectory("mint")
        let configuration = """
            [ca]
            default_ca=d
            [d]
            database=\(directory)/index
            new_certs_dir=\(directory)
            rand_serial=yes
            policy=p
            unique_subject=no
            [p]
            organizationName=optional
            commonName=optional
            [req]
            distinguished_name=n
            [n]
            """
        try Data(configuration.utf8).write(to: URL(filePath: directory + "/ca.cnf"))
        try Data().write(to: URL(filePath: directory + "/index"))
    }

    /// Makes a certificate, signed by `issuer` or by itself; with the key of `twin`, if one is given.
    func make(_ recipe: Recipe, by issuer: Coin? = nil, keyOf twin: Coin? = nil) async throws -> Coin {
        let base = "\(directory)/\(UUID().uuidString.prefix(8))"
        let coin = Coin(certificate: base + ".crt", key: twin?.key ?? base + ".key")
        if twin == nil { try await run(["openssl", "genpkey", "-out", coin.key] + recipe.key) }
        try await run([
            "openssl", "req", "-new", "-config", directory + "/ca.cnf", "-key", coin.key, "-subj", recipe.subject,
            "-out",
            base + ".csr",
        ])
        try Data(recipe.extensions.joined(separator: "\n").utf8).write(to: URL(filePath: base + ".ext"))
        let signer =
            issuer.map { ["-cert", $0.certificate, "-keyfile", $0.key] } ?? ["-selfsign", "-keyfile", coin.key]
        try await run(
            [
                "openssl", "ca", "-batch", "-notext", "-preserveDN", "-config", directory + "/ca.cnf", "-in",
                base + ".csr",
                "-out", coin.certificate, "-md", recipe.digest, "-startdate", recipe.from, "-enddate", recipe.until,
                "-extfile", base + ".ext",
            ] + signer)
        return coin
    }

    /// The certificates in one file.
    func bundle(_ coins: [Coin]) throws -> String {
        let path = "\(directory)/\(UUID().uuidString.prefix(8)).pem"
        try Data(try coins.flatMap { try $0.pem }).write(to: URL(filePath: path))
        return path
    }

    private func run(_ command: [String]) async throws { try await outcome(of: command).checked() }
}
