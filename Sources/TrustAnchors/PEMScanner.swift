import RootFS

/// Finds the blocks of a text, line by line, under the rules of OpenSSL's PEM reader (`crypto/pem/pem_lib.c` of 3.0).
struct PEMScanner {
    private let text: [UInt8]
    private var position = 0

    init(_ text: [UInt8]) { self.text = text }

    mutating func next() -> PEM.Block? {
        skipByteOrderMark()
        while position < text.count {
            let line = Line(at: position, in: text)
            position = line.end
            if let label = line.label(after: Self.begin, in: text) { return block(label, from: line.start) }
        }
        return nil
    }

    private mutating func skipByteOrderMark() {
        if text[position...].starts(with: [0xEF, 0xBB, 0xBF]) { position += 3 }
    }

    /// Reads the rest of a block, after its BEGIN line.
    private mutating func block(_ label: String, from start: Int) -> PEM.Block {
        var decoder = Base64Decoder(reservingCapacity: 2048)
        var body = Body(mayHaveHeader: !Self.labelsWithoutHeader.contains(label))
        while position < text.count {
            let line = Line(at: position, in: text)
            guard line.start < line.trimmed, text[line.start] == UInt8(ascii: "-") else {
                position = line.end
                body.take(line, of: text, into: &decoder)
                continue
            }
            if line.label(after: Self.begin, in: text) != nil { break }
            position = line.end
            guard line.starts(with: Self.end, in: text) else {
                body.take(line, of: text, into: &decoder)
                continue
            }
            let range = start..<line.end
            let endLabel = line.label(after: Self.end, in: text)
            guard endLabel == label else {
                let isGlued = endLabel?.hasPrefix(label + "-----") == true
                return PEM.Block(
                    label: label, range: range,
                    defect: isGlued
                        ? "its END line goes on with another block, so a line feed is missing"
                        : "its END line doesn't match its BEGIN line")
            }
            if let defect = body.defect { return PEM.Block(label: label, range: range, defect: defect) }
            guard let der = decoder.finish() else {
                return PEM.Block(label: label, range: range, defect: "its Base64 is cut off")
            }
            return PEM.Block(label: label, range: range, der: der)
        }
        return PEM.Block(label: label, range: start..<position, defect: "it has no END line")
    }

    /// Labels whose blocks OpenSSL refuses with any header.
    private static let labelsWithoutHeader = PEM.Block.certificateLabels.union(["X509 CRL"])

    static let begin = Array("-----BEGIN ".utf8)
    static let end = Array("-----END ".utf8)
}

extension PEMScanner {
    /// A line of the text, by offsets.
    struct Line {
        let start: Int
        /// After the last byte that isn't white space or a control character.
        let trimmed: Int
        /// After the line feed.
        let end: Int

        init(at start: Int, in text: [UInt8]) {
            let end = text.index(of: UInt8(ascii: "\n"), in: start..<text.count) ?? text.count
            var trimmed = end
            while trimmed > start, text[trimmed - 1] <= 0x20 { trimmed -= 1 }
            self.start = start
            self.trimmed = trimmed
            self.end = min(end + 1, text.count)
        }

        func starts(with prefix: [UInt8], in text: [UInt8]) -> Bool {
            guard trimmed - start >= prefix.count else { return false }
            return text[start..<(start + prefix.count)].elementsEqual(prefix)
        }

        /// The text between `prefix` and the final five hyphens; nil on any other line. OpenSSL reads lines in pieces of
        /// 254 bytes, so that a longer one is none of these.
        func label(after prefix: [UInt8], in text: [UInt8]) -> String? {
            let first = start + prefix.count
            guard starts(with: prefix, in: text), trimmed - first >= 5, trimmed - start <= 254,
                text[(trimmed - 5)..<trimmed].allSatisfy({ $0 == UInt8(ascii: "-") })
            else { return nil }
            return String(decoding: text[first..<(trimmed - 5)], as: UTF8.self)
        }
    }

    /// What stands between the BEGIN and the END line: Base64, perhaps after a header that an empty line ends. After an
    /// empty line OpenSSL takes only lines of 64 columns.
    private struct Body {
        let mayHaveHeader: Bool
        private(set) var defect: String?
        private var isEmpty = true
        private var isAfterHeader = false
        private var isAtEnd = false

        init(mayHaveHeader: Bool) { self.mayHaveHeader = mayHaveHeader }

        mutating func take(_ line: Line, of text: [UInt8], into decoder: inout Base64Decoder) {
            let width = line.trimmed - line.start
            if width == 0 {
                endHeader(&decoder)
                return
            }
            guard defect == nil else { return }
            if isAfterHeader {
                if isAtEnd || width > 64 { defect = "its lines after the empty one aren't 64 columns wide" }
                isAtEnd = width < 64
            }
            isEmpty = false
            if !decoder.take(text, line.start..<line.trimmed) { defect = "it isn't Base64" }
        }

        private mutating func endHeader(_ decoder: inout Base64Decoder) {
            if isAfterHeader || !isEmpty && !mayHaveHeader {
                defect = "it has an empty line inside"
            } else if !isEmpty {
                decoder = Base64Decoder()
                defect = nil
            }
            isAfterHeader = true
        }
    }
}
