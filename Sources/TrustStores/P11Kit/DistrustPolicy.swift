/// What the certificates that any token distrusts rule out: every other with the same key, or with the same issuer and
/// serial number (trust/enumerate.c).
struct DistrustPolicy {
    private var keys: Set<[UInt8]> = []
    private var serialNumbers: Set<[UInt8]> = []

    init(_ tokens: [TrustToken]) {
        for certificate in tokens.lazy.flatMap(\.files).flatMap(\.parsed.certificates) where certificate.isDistrusted {
            if let key = certificate.keyInfo { keys.insert(key) }
            if let serial = certificate.issuerAndSerialNumber { serialNumbers.insert(serial) }
        }
    }

    func distrusts(_ certificate: TrustedCertificate) -> Bool {
        if keys.isEmpty, serialNumbers.isEmpty { return false }
        return certificate.keyInfo.map(keys.contains) ?? false
            || certificate.issuerAndSerialNumber.map(serialNumbers.contains) ?? false
    }
}
