import MadeCertificates

@testable import TrustAnchors

/// A PKCS#7 message with certificates in it.
enum PKCS7Fuzzing {
    static func check(_ input: [UInt8]) throws(Violation) {
        if let found = try? PKCS7.certificates(in: input) {
            try require(found.reduce(0) { $0 + $1.count } <= input.count, "certificates are no larger than the message")
        }
        _ = CertificateFile(surveying: input)
        guard (try? DERReader.check(input, in: input.indices)) != nil, input.first == DERTag.sequence else { return }
        let message = DER.sequence(
            DER.oid("1.2.840.113549.1.7.2"),
            DER.explicit(
                0,
                DER.sequence(
                    DER.integer([1]), DER.set(), DER.sequence(DER.oid("1.2.840.113549.1.7.1")),
                    DER.explicit(0, input), DER.set())))
        try require((try? PKCS7.certificates(in: message)) == [input], "what was wrapped is found again")
    }
}
