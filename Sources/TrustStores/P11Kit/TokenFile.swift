import TrustAnchors

/// A file of a token, as p11-kit's trust module reads it: its own text form, a certificate in DER, or PEM
/// (trust/parser.c). What is none of these is skipped.
struct TokenFile {
    let objects: [TrustObject]

    init(_ contents: [UInt8], in place: TokenPlace) {
        var objects = Self.read(contents)
        for index in objects.indices {
            guard case .certificate(var certificate) = objects[index] else { continue }
            place.settle(&certificate)
            objects[index] = .certificate(certificate)
        }
        self.objects = objects
    }

    private static func read(_ contents: [UInt8]) -> [TrustObject] {
        if PersistText.isPresent(in: contents), let objects = PersistText.objects(in: contents) { return objects }
        if contents.first == DERTag.sequence, let outline = CertificateOutline(contents) {
            return [.certificate(TrustedCertificate(outline: outline, extent: contents.indices))]
        }
        return PEMText.blocks(in: contents).flatMap(objects(of:))
    }

    private static func objects(of block: PEMText.Block) -> [TrustObject] {
        switch block.label {
        case "CERTIFICATE":
            guard let outline = CertificateOutline(block.contents) else { return [] }
            return [.certificate(TrustedCertificate(outline: outline, extent: block.range))]
        case "TRUSTED CERTIFICATE":
            return OpenSSLTrust.objects(of: block.contents).map { object in
                switch object {
                case .certificate(var certificate):
                    certificate.extent = block.range
                    return .certificate(certificate)
                case .attachedExtension(var attached):
                    attached.extent = block.range
                    return .attachedExtension(attached)
                case .other: return .other
                }
            }
        default: return []
        }
    }

    var certificates: [TrustedCertificate] {
        objects.compactMap { if case .certificate(let certificate) = $0 { certificate } else { nil } }
    }
}
