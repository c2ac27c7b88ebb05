import Foundation
import MadeCertificates

@testable import TrustAnchors

/// Certificates as OpenSSL makes them.
enum OpenSSL {
    /// A self-signed root, DER, valid for 20 years from now; `key` is what `openssl req -newkey` takes.
    static func root(
        _ key: [String], constraints: String = "critical,CA:TRUE", digest: String? = nil, extensions: [String] = [],
        sections: [String] = []
    ) throws -> [UInt8] {
        let directory = try TemporaryDirectory()
        let configuration =
            [
                "[req]", "distinguished_name = name", "x509_extensions = extensions", "prompt = no", "[name]",
                "CN = Acme Root", "[extensions]", "basicConstraints = \(constraints)",
                "keyUsage = critical,keyCertSign,cRLSign", "subjectKeyIdentifier = hash",
            ] + extensions + sections
        try directory.write(Array(configuration.joined(separator: "\n").utf8), as: "config")
        var command = ["openssl", "req", "-x509", "-config", "config", "-nodes", "-days", "7300", "-outform", "DER"]
        command += ["-keyout", "key.pem", "-newkey"] + key
        if let digest { command.append("-\(digest)") }
        let result = try Tool.run(command, in: directory.path)
        guard result.status == 0 else {
            throw Tool.Failure(command: command.joined(separator: " "), errors: result.errors)
        }
        return result.output
    }

    /// The certificates that this machine trusts, DER.
    static func machineBundle() throws -> [[UInt8]] {
        let bundle = Array(try Data(contentsOf: URL(filePath: "/etc/ssl/certs/ca-certificates.crt")))
        return PEM.blocks(in: bundle).compactMap(\.certificate)
    }
}
