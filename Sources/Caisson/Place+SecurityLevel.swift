import RootFS

extension Place {
    /// OpenSSL's security level here, 0 to 5, as its configuration sets it (`@SECLEVEL=N` in a `CipherString`, config(5)).
    /// Nil where the configuration doesn't say; then it is that of the build: 2 on Debian, and with OpenSSL from 3.2.
    public func securityLevel() async throws(CaissonError) -> Int? {
        let files: [RootPath] = [
            "/etc/crypto-policies/back-ends/opensslcnf.config", "/etc/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf",
        ]
        let snapshot = try await read(files, into: try await discover(files.map { PathPattern($0) }))
        for file in files {
            // What can't be followed or isn't a file says nothing.
            guard let contents = try? snapshot.contents(of: file) else { continue }
            if let level = SecurityLevel.stated(in: contents) { return level }
        }
        return nil
    }
}

/// Where OpenSSL's configuration speaks of its security level.
enum SecurityLevel {
    /// The level of the first `CipherString` that sets one; comments don't count.
    static func stated(in configuration: [UInt8]) -> Int? {
        let mark = Array("@SECLEVEL=".utf8)
        for line in configuration.split(separator: UInt8(ascii: "\n")) {
            let text = line.drop { $0 == 0x20 || $0 == 0x09 }
            guard text.starts(with: "CipherString".utf8), let end = text.firstRange(of: mark)?.upperBound,
                end < text.endIndex, (0x30...0x35).contains(text[end])
            else { continue }
            return Int(text[end] - 0x30)
        }
        return nil
    }
}
