import TrustAnchors

/// A text file of concatenated certificates, as OpenSSL, GnuTLS and Go read it.
///
/// Edits leave every byte that they aren't about: foreign text, comments, broken blocks and other certificates stay.
struct PEMBundle {
    let bytes: [UInt8]
    let blocks: [PEM.Block]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        blocks = PEM.blocks(in: bytes)
    }

    /// The certificates, DER, in file order.
    var certificates: [[UInt8]] { blocks.compactMap(\.certificate) }

    /// Blocks that can't be read: OpenSSL, GnuTLS and Node refuse the whole file for one of them.
    var broken: [PEM.Block] {
        blocks.filter { $0.der == nil || ($0.label.hasSuffix("CERTIFICATE") && $0.certificate == nil) }
    }

    /// Whether the file holds this one certificate and nothing else that a tool would read.
    func holdsOnly(_ der: [UInt8]) -> Bool { blocks.count == 1 && blocks[0].certificate == der }

    /// The bytes with those certificates at the end that aren't in it yet.
    func appending(_ added: some Sequence<[UInt8]>) -> [UInt8] {
        var present = certificates
        var text = bytes
        for der in added where !present.contains(der) {
            present.append(der)
            if let last = text.last, last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
            text += PEM.encode(der)
        }
        return text
    }

    /// The bytes without the blocks of those certificates.
    func removing(_ removed: Set<Fingerprint>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var kept = 0
        for block in blocks {
            guard let der = block.certificate, removed.contains(Fingerprint(of: der)) else { continue }
            text += bytes[kept..<block.range.lowerBound]
            kept = block.range.upperBound
        }
        return text + bytes[kept...]
    }
}
