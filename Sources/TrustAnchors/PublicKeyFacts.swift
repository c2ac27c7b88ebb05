/// What a certificate says of its public key.
public struct PublicKeyFacts: Hashable, Sendable {
    /// The kind of key.
    public let algorithm: OID
    /// The strength in the algorithm's own measure: the bits of an RSA or DSA modulus, of an elliptic curve's field.
    /// Nil where it isn't known.
    public let bits: Int?
    /// The name of the elliptic curve, or its OID.
    public let curve: String?
    /// Whether the curve's parameters are spelled out instead of named, which RFC 5480 forbids.
    public let hasExplicitCurve: Bool

    /// Such as `RSA 4096`, `EC secp384r1`, `Ed25519`, or an OID.
    public var description: String {
        if let curve { return "\(algorithm.name) \(curve)" }
        switch algorithm {
        case .rsa, .rsaPSS, .dsa: return "\(algorithm.name) \(bits.map { String($0) } ?? "of unknown size")"
        default: return algorithm.name
        }
    }

    /// Names and field sizes of curves (SEC 2, RFC 5639, and the curves that only old certificates have).
    static let curves: [OID: (name: String, bits: Int)] = [
        OID(1, 2, 840, 10045, 3, 1, 1): ("secp192r1", 192), OID(1, 2, 840, 10045, 3, 1, 7): ("secp256r1", 256),
        OID(1, 3, 132, 0, 6): ("secp112r1", 112), OID(1, 3, 132, 0, 28): ("secp128r1", 128),
        OID(1, 3, 132, 0, 8): ("secp160r1", 160), OID(1, 3, 132, 0, 9): ("secp160k1", 160),
        OID(1, 3, 132, 0, 31): ("secp192k1", 192), OID(1, 3, 132, 0, 32): ("secp224k1", 224),
        OID(1, 3, 132, 0, 33): ("secp224r1", 224), OID(1, 3, 132, 0, 10): ("secp256k1", 256),
        OID(1, 3, 132, 0, 34): ("secp384r1", 384), OID(1, 3, 132, 0, 35): ("secp521r1", 521),
        OID(1, 3, 132, 0, 26): ("sect233k1", 233), OID(1, 3, 132, 0, 27): ("sect233r1", 233),
        OID(1, 3, 132, 0, 16): ("sect283k1", 283), OID(1, 3, 132, 0, 17): ("sect283r1", 283),
        OID(1, 3, 132, 0, 36): ("sect409k1", 409), OID(1, 3, 132, 0, 37): ("sect409r1", 409),
        OID(1, 3, 132, 0, 38): ("sect571k1", 571), OID(1, 3, 132, 0, 39): ("sect571r1", 571),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 1): ("brainpoolP160r1", 160),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 2): ("brainpoolP160t1", 160),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 3): ("brainpoolP192r1", 192),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 4): ("brainpoolP192t1", 192),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 5): ("brainpoolP224r1", 224),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 6): ("brainpoolP224t1", 224),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 7): ("brainpoolP256r1", 256),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 8): ("brainpoolP256t1", 256),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 9): ("brainpoolP320r1", 320),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 10): ("brainpoolP320t1", 320),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 11): ("brainpoolP384r1", 384),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 12): ("brainpoolP384t1", 384),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 13): ("brainpoolP512r1", 512),
        OID(1, 3, 36, 3, 3, 2, 8, 1, 1, 14): ("brainpoolP512t1", 512),
        OID(1, 2, 156, 10197, 1, 301): ("SM2", 256),
    ]
}
