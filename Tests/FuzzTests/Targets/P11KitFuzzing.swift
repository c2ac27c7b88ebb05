import RootFS

@testable import TrustAnchors
@testable import TrustStores

/// A file of p11-kit's trust module, in each of the places where it may lie.
enum P11KitFuzzing {
    static func check(_ input: [UInt8]) throws(Violation) {
        for place in [TokenPlace.top, .anchors, .blocklist] {
            let file = TokenFile(input, in: place)
            for object in file.objects {
                switch object {
                case .certificate(let certificate): try check(certificate, in: place, of: input)
                case .attachedExtension(let attached):
                    try require(isPart(attached.extent, of: input), "an object is a part of its file")
                case .other: continue
                }
            }
        }
        let module = TrustModule([TrustToken(file: "/etc/anchors", contents: input)])
        let anchors = module.select(.anchors(nil)).map(\.der)
        let all = module.select(.certificates).map(\.der)
        try require(Set(all).count == all.count, "an output shows each certificate once")
        try require(Set(anchors).isSubset(of: all), "anchors are certificates")
        for purpose in Purpose.known {
            let some = module.select(.anchors(purpose)).map(\.der)
            try require(Set(some).isSubset(of: anchors), "anchors for a purpose are anchors")
        }
    }

    private static func check(
        _ certificate: TrustedCertificate, in place: TokenPlace, of input: [UInt8]
    ) throws(Violation) {
        try require(isPart(certificate.extent, of: input), "an object is a part of its file")
        switch place {
        case .top: break
        case .anchors:
            try require(certificate.isTrusted || certificate.isDistrusted, "an anchor is trusted or distrusted")
        case .blocklist:
            try require(certificate.isDistrusted && !certificate.isTrusted, "what is in the blocklist is distrusted")
        }
        guard let outline = certificate.outline else { return }
        _ = (outline.labelOfFirst, outline.labelOfLast, outline.subjectHashes, certificate.issuerAndSerialNumber)
        try checkTrustSettings(of: outline)
    }

    /// OpenSSL's trust settings behind the certificate are read as they were written.
    private static func checkTrustSettings(of outline: CertificateOutline) throws(Violation) {
        let settings = OpenSSLTrust.auxiliary(
            trusted: [Purpose.serverAuthentication.identifier], rejected: [Purpose.codeSigning.identifier],
            alias: Array("alias".utf8), keyIdentifier: nil)
        var found: [TrustedCertificate] = []
        for case .certificate(let certificate) in OpenSSLTrust.objects(of: outline.der + settings) {
            found.append(certificate)
        }
        try require(found.count == 1 && found[0].outline?.der == outline.der, "the certificate before them is found")
        try require(found[0].isTrusted && !found[0].isDistrusted, "with a purpose it is trusted")
        try require(found[0].label == Array("alias".utf8), "with an alias it has a label")
    }

    private static func isPart(_ extent: Range<Int>, of input: [UInt8]) -> Bool {
        extent.lowerBound >= 0 && extent.upperBound <= input.count
    }
}
