extension KeyMaterial {
    /// Whether a private key stands behind the first of several DER encodings, where no reader of certificates looks.
    static func standsBehind(der: [UInt8]) -> Bool {
        var reader = DERReader(der)
        guard (try? reader.next()) != nil else { return false }
        while let element = try? reader.next() {
            if element.tag == DERTag.sequence, isPrivateKey(Array(der[element.start..<element.end])) { return true }
        }
        return false
    }

    /// Whether lines of bare Base64 in a part of a text are a private key.
    static func standsBare(in text: [UInt8], _ part: Range<Int>) -> Bool {
        var run: [UInt8] = []
        for line in text[part].split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let digits = line.drop { $0 <= 0x20 }
            if digits.allSatisfy(Base64Decoder.accepts) {
                run += digits
            } else {
                if isKey(base64: run) { return true }
                run = []
            }
        }
        return isKey(base64: run)
    }

    /// The shortest private key there is, one of Ed25519, has 48 bytes.
    private static let shortest = 48

    private static func isKey(base64 text: [UInt8]) -> Bool {
        guard text.count >= shortest / 3 * 4, let der = Base64.decode(text) else { return false }
        return isPrivateKey(der)
    }
}
