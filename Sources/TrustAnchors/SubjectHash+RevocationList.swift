import Crypto

extension SubjectHash {
    /// The hash by which OpenSSL finds a revocation list (`HHHHHHHH.rN`): that of its issuer (RFC 5280 section 5.1).
    /// Nil where the DER isn't one.
    public static func current(ofRevocationList der: [UInt8]) -> UInt32? {
        do {
            var outer = DERReader(der)
            var body = DERReader(try outer.next(DERTag.sequence), of: der)
            var fields = DERReader(try body.next(DERTag.sequence), of: der)
            if fields.nextTag == DERTag.integer { _ = try fields.next() }  // version
            _ = try fields.next(DERTag.sequence)  // signature algorithm
            let issuer = try fields.next(DERTag.sequence)
            return littleEndian(Insecure.SHA1.hash(data: try canonicalForm(of: issuer, in: der)))
        } catch {
            return nil
        }
    }
}
