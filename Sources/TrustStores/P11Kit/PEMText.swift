import RootFS
import TrustAnchors

/// PEM as p11-kit reads it (common/pem.c): a block begins anywhere in a line, white space anywhere in it is skipped, and
/// the first block without its end ends the file.
enum PEMText {
    struct Block {
        let label: String
        let contents: [UInt8]
        /// From the first hyphen to after the line feed that follows the last.
        let range: Range<Int>
    }

    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let hyphens = Array("-----".utf8)

    /// The blocks of `text`, or of a part of it, that hold Base64.
    static func blocks(in text: [UInt8], _ part: Range<Int>? = nil) -> [Block] {
        let limit = (part ?? text.indices).upperBound
        var position = (part ?? text.indices).lowerBound
        var blocks: [Block] = []
        while let start = text.firstRange(of: begin, in: position..<limit)?.lowerBound {
            let name = start + begin.count
            guard let headEnd = text.firstRange(of: hyphens, in: name..<limit),
                !text[name..<headEnd.lowerBound].contains(UInt8(ascii: "\n"))
            else { break }
            let label = text[name..<headEnd.lowerBound]
            guard let tail = text.firstRange(of: end, in: headEnd.upperBound..<limit),
                text[tail.upperBound..<limit].starts(with: label),
                text[(tail.upperBound + label.count)..<limit].starts(with: hyphens)
            else { break }
            var stop = tail.upperBound + label.count + hyphens.count
            position = stop
            // Only for cutting the block out again.
            while stop < limit, text[stop] != UInt8(ascii: "\n"), text[stop] <= 0x20 { stop += 1 }
            if stop < limit, text[stop] == UInt8(ascii: "\n") { stop += 1 }
            guard let contents = decode(text, headEnd.upperBound..<tail.lowerBound) else { continue }
            blocks.append(
                Block(label: String(decoding: label, as: UTF8.self), contents: contents, range: start..<stop))
        }
        return blocks
    }

    /// What stands before the first empty line is a header.
    private static func decode(_ text: [UInt8], _ body: Range<Int>) -> [UInt8]? {
        guard !body.isEmpty else { return nil }
        var position = body.lowerBound
        var isFirst = true
        while let end = text.index(of: UInt8(ascii: "\n"), in: position..<body.upperBound) {
            // What precedes the first line feed is the rest of the BEGIN line.
            if !isFirst, text[position..<end].allSatisfy(isSpace) { return decodeBase64(text, end..<body.upperBound) }
            isFirst = false
            position = end + 1
        }
        return decodeBase64(text, body)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x0B, 0x0C, 0x0D, 0x20: true
        default: false
        }
    }

    private static func decodeBase64(_ text: [UInt8], _ range: Range<Int>) -> [UInt8]? {
        var decoder = Base64Decoder(reservingCapacity: range.count)
        return decoder.take(text, range) ? decoder.finish() : nil
    }
}
