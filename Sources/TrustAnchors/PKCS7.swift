import SwiftASN1

/// Certificates in a PKCS#7 or CMS message (RFC 5652 sections 3 and 5.1), which Windows exports as `.p7b`.
enum PKCS7 {
    /// The largest message that is read, in bytes.
    static let sizeLimit = 64 << 20

    /// The encodings of all certificates of a signed message, in their order. Lengths may be indefinite outside of them.
    static func certificates(in message: [UInt8]) throws(CertificateError) -> [[UInt8]] {
        guard message.count <= sizeLimit else { throw CertificateError(offset: sizeLimit, "it is larger than 64 MiB") }
        var fields = try ASN1Fields(of: parse(message))
        let type = try fields.next()
        guard try type.oid() == .signedData else {
            throw CertificateError(offset: type.offset, "it isn't a signed message but \(try type.oid().name)")
        }
        var content = try ASN1Fields(of: fields.next(.context(0)), .context(0))
        var signedData = try ASN1Fields(of: content.next(.sequence))
        _ = try signedData.next(.integer)  // version
        _ = try signedData.next(.set)  // digest algorithms
        _ = try signedData.next(.sequence)  // the signed content
        let list = try signedData.nextIfPresent(.context(0))?.children() ?? []
        return list.filter { $0.identifier == .sequence }.map { Array($0.encodedBytes) }
    }

    private static func parse(_ message: [UInt8]) throws(CertificateError) -> ASN1Node {
        do {
            return try BER.parse(message)
        } catch {
            // The strict walk names the byte, unless what is wrong lies behind something that only BER allows.
            try DERReader.check(message, in: message.indices)
            throw CertificateError(offset: 0, "it isn't BER")
        }
    }
}
