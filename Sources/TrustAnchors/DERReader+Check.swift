extension DERReader {
    /// How deep elements may be nested; real certificates stay below 16.
    static let depthLimit = 32

    /// Checks that `range` holds one whole element, made of whole elements to the last level, and that those of a
    /// universal type have a form that the type allows: OpenSSL refuses a certificate where one hasn't.
    static func check(_ bytes: [UInt8], in range: Range<Int>) throws(CertificateError) {
        var reader = DERReader(bytes, in: range)
        let whole = try reader.next()
        guard reader.isAtEnd else {
            throw CertificateError(offset: whole.end, "\(range.upperBound - whole.end) bytes follow the end")
        }
        try whole.checkForm(in: bytes)
        var open = whole.isConstructed ? [DERReader(whole, of: bytes)] : []
        while var last = open.popLast() {
            guard !last.isAtEnd else { continue }
            let element = try last.next()
            open.append(last)
            try element.checkForm(in: bytes)
            guard element.isConstructed else { continue }
            guard open.count < depthLimit else {
                throw CertificateError(offset: element.start, "elements are nested too deeply")
            }
            open.append(DERReader(element, of: bytes))
        }
    }
}

extension DERElement {
    fileprivate func checkForm(in bytes: [UInt8]) throws(CertificateError) {
        guard tag & 0xC0 == 0 else { return }
        let mustHaveParts =
            switch tag | 0x20 {
            case DERTag.sequence, DERTag.set, 0x28, 0x2B: true
            default: false
            }
        guard isConstructed == mustHaveParts else {
            throw CertificateError(
                offset: start, isConstructed ? "a value is in pieces, which DER forbids" : "a value should have parts")
        }
        let content = bytes[content]
        if let reason = Self.defect(of: content, tag: tag) { throw CertificateError(offset: start, reason) }
    }

    /// What is wrong with the contents of a universal type (ITU-T X.690 sections 8 and 11); nil if nothing is.
    private static func defect(of content: ArraySlice<UInt8>, tag: UInt8) -> String? {
        switch tag {
        case DERTag.boolean: content.count == 1 ? nil : "a truth value isn't one byte"
        case DERTag.integer, 0x0A: isShortestInteger(content) ? nil : "a whole number isn't in its shortest form"
        case DERTag.bitString: content.first.map { $0 < 8 } == true ? nil : "a bit string has no valid count of bits"
        case 0x05: content.isEmpty ? nil : "a null isn't empty"
        case DERTag.objectIdentifier: OID.isValid(content) ? nil : "an object identifier isn't valid"
        case 0x1C: content.count.isMultiple(of: 4) ? nil : "a text doesn't fit its string type"
        case 0x1E: content.count.isMultiple(of: 2) ? nil : "a text doesn't fit its string type"
        default: nil
        }
    }

    private static func isShortestInteger(_ content: ArraySlice<UInt8>) -> Bool {
        guard let first = content.first else { return false }
        guard let second = content.dropFirst().first, first == 0 || first == 0xFF else { return true }
        return (first ^ second) & 0x80 != 0
    }
}
