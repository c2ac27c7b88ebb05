/// The text form of certificates and keys (RFC 7468), read as OpenSSL reads it and written as RFC 7468 wants it.
public enum PEM {
    /// One block of a text file.
    public struct Block: Hashable, Sendable {
        /// What stands after `BEGIN `, such as `CERTIFICATE`.
        public let label: String
        /// Byte offsets in the file: from the BEGIN line to after the END line's line feed. A block without an END line
        /// ends where the next one begins, or with the file.
        public let range: Range<Int>
        /// The decoded contents; nil where OpenSSL couldn't decode them either.
        public let der: [UInt8]?
        /// Why `der` is nil.
        public let defect: String?

        init(label: String, range: Range<Int>, der: [UInt8]) {
            self.label = label
            self.range = range
            self.der = der
            defect = nil
        }

        init(label: String, range: Range<Int>, defect: String) {
            self.label = label
            self.range = range
            der = nil
            self.defect = defect
        }
    }

    /// The blocks of a text in their order, in one pass.
    ///
    /// As with OpenSSL 3, a BEGIN line starts at the beginning of a line, text between blocks is skipped, lines end with
    /// LF or CRLF and may have trailing white space, and a UTF-8 byte order mark may stand before a block.
    public static func blocks(in text: [UInt8]) -> [Block] {
        var scanner = PEMScanner(text)
        var blocks: [Block] = []
        while let block = scanner.next() { blocks.append(block) }
        return blocks
    }

    /// Base64 in one line (RFC 4648 section 4).
    public static func base64(of bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        Base64.appendLines(of: bytes, to: &text)
        return String(decoding: text.filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// `der` as a block: lines of 64 columns that end with a line feed.
    public static func encode(_ der: some Collection<UInt8>, label: String = "CERTIFICATE") -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(der.count / 3 * 4 + der.count / 48 + 2 * label.utf8.count + 40)
        text += "-----BEGIN \(label)-----\n".utf8
        Base64.appendLines(of: der, to: &text)
        text += "-----END \(label)-----\n".utf8
        return text
    }
}

extension PEM.Block {
    /// The labels of certificates: the second is from before 2000, the third is OpenSSL's with trust settings.
    static let certificateLabels: Set<String> = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]

    /// The DER of the certificate in this block, without OpenSSL's trust settings; nil where the block holds something
    /// else, is broken, or isn't one whole DER SEQUENCE.
    public var certificate: [UInt8]? {
        guard let der, Self.certificateLabels.contains(label) else { return nil }
        var reader = DERReader(der)
        guard let element = try? reader.next(), element.tag == DERTag.sequence else { return nil }
        if element.end == der.count { return der }
        return label == "TRUSTED CERTIFICATE" ? Array(der[..<element.end]) : nil
    }
}
