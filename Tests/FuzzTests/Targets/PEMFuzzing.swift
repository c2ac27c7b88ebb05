@testable import TrustAnchors
@testable import TrustStores

/// A text with PEM blocks, as OpenSSL reads it and as p11-kit does, and the edits of a bundle.
enum PEMFuzzing {
    static func check(_ input: [UInt8]) throws(Violation) {
        let blocks = PEM.blocks(in: input)
        try checkOrder(of: blocks.map(\.range), in: input)
        for block in blocks {
            try require((block.der == nil) == (block.defect != nil), "a block has contents or a defect")
            guard let der = block.der else { continue }
            try require(der.count * 4 <= block.range.count * 3, "contents are no larger than their Base64")
            try checkEncoding(der, label: block.label)
        }
        try checkOffset(of: blocks, in: input)
        try checkEdits(of: input)

        let others = PEMText.blocks(in: input)
        try checkOrder(of: others.map(\.range), in: input)
        for block in others {
            try require(block.contents.count * 4 <= block.range.count * 3, "contents are no larger than their Base64")
        }
        _ = CertificateFile(surveying: input)
    }

    private static func checkOrder(of ranges: [Range<Int>], in input: [UInt8]) throws(Violation) {
        var end = 0
        for range in ranges {
            try require(range.lowerBound >= end && range.upperBound <= input.count, "blocks follow each other")
            end = range.upperBound
        }
    }

    private static func checkEncoding(_ der: [UInt8], label: String) throws(Violation) {
        guard label.utf8.count < 200, label.utf8.allSatisfy({ 0x20 < $0 && $0 < 0x7F && $0 != 0x2D }) else { return }
        let text = PEM.encode(der, label: label)
        let block = PEM.blocks(in: text).first
        try require(block?.der == der && block?.label == label, "a block that was written is read again")
        try require(block?.range == text.indices, "it is the whole text")
        guard !der.isEmpty else { return }
        try require(PEMText.blocks(in: text).map(\.contents) == [der], "p11-kit's reader reads it too")
        let base64 = Array(PEM.base64(of: der).utf8)
        try require(Base64.decode(base64) == der, "Base64 in one line is read again")
    }

    /// Lines are found eight bytes at a time, which must not depend on where they begin.
    private static func checkOffset(of blocks: [PEM.Block], in input: [UInt8]) throws(Violation) {
        // A byte order mark is only skipped before everything else.
        guard input.first != 0xEF else { return }
        for count in 1..<8 {
            let moved = PEM.blocks(in: [UInt8](repeating: 0x0A, count: count) + input)
            let isSame = zip(blocks, moved).allSatisfy { block, moved in
                block.range.lowerBound + count == moved.range.lowerBound && block.range.count == moved.range.count
                    && block.label == moved.label && block.der == moved.der && block.defect == moved.defect
            }
            try require(isSame && moved.count == blocks.count, "empty lines before a text change nothing")
        }
    }

    private static func checkEdits(of input: [UInt8]) throws(Violation) {
        let bundle = PEMBundle(input)
        try require(bundle.removing([]) == input, "taking nothing out changes nothing")
        let fingerprints = bundle.certificates.map { Fingerprint(of: $0) }
        if bundle.broken.isEmpty, let first = fingerprints.first {
            let rest = PEMBundle(bundle.removing([first])).certificates
            try require(
                rest == bundle.certificates.filter { Fingerprint(of: $0) != first }, "taking one out leaves the others")
        }
        let added = SampleCertificate.der
        guard !bundle.certificates.contains(added) else { return }
        let longer = PEMBundle(bundle.appending([added]))
        try require(longer.certificates == bundle.certificates + [added], "one that is added comes last")
        try require(longer.appending([added]) == longer.bytes, "one that is there isn't added")
        let back = longer.removing([Fingerprint(of: added)])
        try require(back == input || back == input + [0x0A], "taking it out again leaves what was there")
    }
}
