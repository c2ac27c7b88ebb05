import Crypto

extension DistinguishedName {
    /// The form in which OpenSSL compares names: case and the amount of white space don't count. Nil where OpenSSL
    /// couldn't read the name; such a name equals none.
    public var canonicalForm: [UInt8]? {
        var reader = DERReader(encoded)
        guard let element = try? reader.next(DERTag.sequence) else { return nil }
        return try? SubjectHash.canonicalForm(of: element, in: encoded)
    }
}

extension SubjectHash {
    /// The hash of a name in its canonical form.
    package static func current(ofCanonical name: [UInt8]) -> UInt32 { littleEndian(Insecure.SHA1.hash(data: name)) }
}
