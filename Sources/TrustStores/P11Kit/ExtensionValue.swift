import TrustAnchors

/// What p11-kit reads from the values of certificate extensions (RFC 5280 section 4.2).
enum ExtensionValue {
    static let basicConstraints: [UInt8] = [0x55, 0x1D, 0x13]
    static let extendedKeyUsage: [UInt8] = [0x55, 0x1D, 0x25]
    static let subjectKeyIdentifier: [UInt8] = [0x55, 0x1D, 0x0E]
    /// p11-kit's own, for the purposes that an OpenSSL trusted certificate rejects: 1.3.6.1.4.1.3319.6.10.1.
    static let rejectedPurposes: [UInt8] = [0x2B, 0x06, 0x01, 0x04, 0x01, 0x99, 0x77, 0x06, 0x0A, 0x01]
    /// p11-kit's own, that stands for no purpose where a list must not be empty: 1.3.6.1.4.1.3319.6.10.16.
    static let reservedPurpose: [UInt8] = [0x2B, 0x06, 0x01, 0x04, 0x01, 0x99, 0x77, 0x06, 0x0A, 0x10]

    /// The CA flag; nil where the value can't be read.
    static func isAuthority(_ basicConstraints: ArraySlice<UInt8>) -> Bool? {
        let bytes = Array(basicConstraints)
        do {
            var whole = DERReader(bytes)
            var fields = DERReader(try whole.next(DERTag.sequence), of: bytes)
            guard whole.isAtEnd else { return nil }
            var isAuthority = false
            if fields.nextTag == DERTag.boolean {
                isAuthority = bytes[try fields.next().content].contains { $0 != 0 }
            }
            if fields.nextTag == DERTag.integer { _ = try fields.next() }
            return fields.isAtEnd ? isAuthority : nil
        } catch {
            return nil
        }
    }

    /// The purposes (contents octets) of an extended key usage, without the reserved one; nil where it can't be read.
    static func purposes(_ extendedKeyUsage: ArraySlice<UInt8>) -> [[UInt8]]? {
        let bytes = Array(extendedKeyUsage)
        do {
            var whole = DERReader(bytes)
            var list = DERReader(try whole.next(DERTag.sequence), of: bytes)
            guard whole.isAtEnd else { return nil }
            var purposes: [[UInt8]] = []
            while !list.isAtEnd {
                let purpose = Array(bytes[try list.next(DERTag.objectIdentifier).content])
                if purpose != reservedPurpose { purposes.append(purpose) }
            }
            return purposes
        } catch {
            return nil
        }
    }
}

/// What a certificate may be used for, by its object identifier (contents octets).
struct Purpose: Hashable {
    let identifier: [UInt8]

    private init(pkix arc: UInt8) { identifier = [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, arc] }

    static let serverAuthentication = Purpose(pkix: 1)
    static let clientAuthentication = Purpose(pkix: 2)
    static let codeSigning = Purpose(pkix: 3)
    static let emailProtection = Purpose(pkix: 4)

    /// All that p11-kit knows, in the order in which it writes them: 1.3.6.1.5.5.7.3.1 and on.
    static let known: [Purpose] = [1, 2, 3, 4, 5, 6, 7, 8].map(Purpose.init(pkix:))

    /// anyExtendedKeyUsage, 2.5.29.37.0.
    static let any: [UInt8] = [0x55, 0x1D, 0x25, 0x00]
}
