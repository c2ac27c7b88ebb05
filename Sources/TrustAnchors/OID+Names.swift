extension OID {
    // Attributes of names (X.520, RFC 4519).
    static let commonName = OID(2, 5, 4, 3)
    static let organization = OID(2, 5, 4, 10)
    static let organizationalUnit = OID(2, 5, 4, 11)

    // Keys.
    static let rsa = OID(1, 2, 840, 113549, 1, 1, 1)
    static let rsaPSS = OID(1, 2, 840, 113549, 1, 1, 10)
    static let dsa = OID(1, 2, 840, 10040, 4, 1)
    static let ellipticCurve = OID(1, 2, 840, 10045, 2, 1)
    static let primeField = OID(1, 2, 840, 10045, 1, 1)
    static let ed25519 = OID(1, 3, 101, 112)
    static let ed448 = OID(1, 3, 101, 113)

    // Signatures with broken digests.
    static let md2WithRSA = OID(1, 2, 840, 113549, 1, 1, 2)
    static let md5WithRSA = OID(1, 2, 840, 113549, 1, 1, 4)
    static let sha1WithRSA = OID(1, 2, 840, 113549, 1, 1, 5)
    static let sha1WithRSAOfOIW = OID(1, 3, 14, 3, 2, 29)
    static let sha1WithDSA = OID(1, 2, 840, 10040, 4, 3)
    static let sha1WithECDSA = OID(1, 2, 840, 10045, 4, 1)

    // Extensions (RFC 5280 section 4.2).
    static let subjectKeyIdentifier = OID(2, 5, 29, 14)
    static let keyUsage = OID(2, 5, 29, 15)
    static let subjectAlternativeName = OID(2, 5, 29, 17)
    static let basicConstraints = OID(2, 5, 29, 19)
    static let nameConstraints = OID(2, 5, 29, 30)
    static let distributionPoints = OID(2, 5, 29, 31)
    static let certificatePolicies = OID(2, 5, 29, 32)
    static let policyMappings = OID(2, 5, 29, 33)
    static let authorityKeyIdentifier = OID(2, 5, 29, 35)
    static let policyConstraints = OID(2, 5, 29, 36)
    static let extendedKeyUsage = OID(2, 5, 29, 37)
    static let inhibitAnyPolicy = OID(2, 5, 29, 54)

    // Extended key usages.
    static let anyUsage = OID(2, 5, 29, 37, 0)
    static let serverAuthentication = OID(1, 3, 6, 1, 5, 5, 7, 3, 1)

    // PKCS#7 and PKCS#12 contents.
    static let data = OID(1, 2, 840, 113549, 1, 7, 1)
    static let signedData = OID(1, 2, 840, 113549, 1, 7, 2)

    static let names: [OID: String] = [
        commonName: "CN", OID(2, 5, 4, 4): "SN", OID(2, 5, 4, 5): "serialNumber", OID(2, 5, 4, 6): "C",
        OID(2, 5, 4, 7): "L", OID(2, 5, 4, 8): "ST", OID(2, 5, 4, 9): "street", organization: "O",
        organizationalUnit: "OU", OID(2, 5, 4, 12): "title", OID(2, 5, 4, 13): "description",
        OID(2, 5, 4, 17): "postalCode", OID(2, 5, 4, 42): "GN", OID(2, 5, 4, 46): "dnQualifier",
        OID(2, 5, 4, 97): "organizationIdentifier", OID(0, 9, 2342, 19_200_300, 100, 1, 1): "UID",
        OID(0, 9, 2342, 19_200_300, 100, 1, 25): "DC", OID(1, 2, 840, 113549, 1, 9, 1): "emailAddress",

        rsa: "RSA", rsaPSS: "RSA-PSS", dsa: "DSA", ellipticCurve: "EC", ed25519: "Ed25519", ed448: "Ed448",
        OID(1, 3, 101, 110): "X25519", OID(1, 3, 101, 111): "X448", OID(1, 2, 840, 10046, 2, 1): "DH",
        OID(2, 16, 840, 1, 101, 3, 4, 3, 17): "ML-DSA-44", OID(2, 16, 840, 1, 101, 3, 4, 3, 18): "ML-DSA-65",
        OID(2, 16, 840, 1, 101, 3, 4, 3, 19): "ML-DSA-87",

        md2WithRSA: "MD2 with RSA", md5WithRSA: "MD5 with RSA", sha1WithRSA: "SHA-1 with RSA",
        sha1WithRSAOfOIW: "SHA-1 with RSA", sha1WithDSA: "SHA-1 with DSA", sha1WithECDSA: "SHA-1 with ECDSA",
        OID(1, 2, 840, 113549, 1, 1, 11): "SHA-256 with RSA", OID(1, 2, 840, 113549, 1, 1, 12): "SHA-384 with RSA",
        OID(1, 2, 840, 113549, 1, 1, 13): "SHA-512 with RSA", OID(1, 2, 840, 113549, 1, 1, 14): "SHA-224 with RSA",
        OID(1, 2, 840, 10045, 4, 3, 1): "SHA-224 with ECDSA", OID(1, 2, 840, 10045, 4, 3, 2): "SHA-256 with ECDSA",
        OID(1, 2, 840, 10045, 4, 3, 3): "SHA-384 with ECDSA", OID(1, 2, 840, 10045, 4, 3, 4): "SHA-512 with ECDSA",
        OID(2, 16, 840, 1, 101, 3, 4, 3, 2): "SHA-256 with DSA",

        serverAuthentication: "serverAuth", OID(1, 3, 6, 1, 5, 5, 7, 3, 2): "clientAuth",
        OID(1, 3, 6, 1, 5, 5, 7, 3, 3): "codeSigning", OID(1, 3, 6, 1, 5, 5, 7, 3, 4): "emailProtection",
        OID(1, 3, 6, 1, 5, 5, 7, 3, 8): "timeStamping", OID(1, 3, 6, 1, 5, 5, 7, 3, 9): "OCSPSigning",
        anyUsage: "anyExtendedKeyUsage",

        subjectKeyIdentifier: "subjectKeyIdentifier", keyUsage: "keyUsage",
        subjectAlternativeName: "subjectAltName", OID(2, 5, 29, 18): "issuerAltName",
        basicConstraints: "basicConstraints", nameConstraints: "nameConstraints",
        distributionPoints: "cRLDistributionPoints", certificatePolicies: "certificatePolicies",
        policyMappings: "policyMappings", authorityKeyIdentifier: "authorityKeyIdentifier",
        policyConstraints: "policyConstraints", extendedKeyUsage: "extKeyUsage",
        inhibitAnyPolicy: "inhibitAnyPolicy", OID(1, 3, 6, 1, 5, 5, 7, 1, 1): "authorityInfoAccess",
    ]
}
