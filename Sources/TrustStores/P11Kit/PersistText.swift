import RootFS
import TrustAnchors

/// p11-kit's own text form (common/persist.c, common/lexer.c): sections `[p11-kit-object-v1]` with `name: value` lines
/// and PEM blocks, one object each.
///
/// A file with a line that isn't understood isn't read in this form at all.
enum PersistText {
    private static let header = Array("[p11-kit-object-v1]".utf8)
    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("\n-----END ".utf8)

    static func isPresent(in text: [UInt8]) -> Bool { text.firstRange(of: header, in: text.indices) != nil }

    /// The objects of the file; nil where it isn't in this form.
    ///
    /// As with p11-kit, an object that lacks what its class needs ends the list.
    static func objects(in text: [UInt8]) -> [TrustObject]? {
        guard let sections = sections(in: text) else { return nil }
        var objects: [TrustObject] = []
        for section in sections {
            guard let object = section.object else { break }
            objects.append(object)
        }
        return objects
    }

    private static func sections(in text: [UInt8]) -> [PersistSection]? {
        var sections: [PersistSection] = []
        var current: PersistSection?
        var isSkipping = false
        var position = 0
        while position < text.count {
            let start = position
            if text[position...].starts(with: begin) {
                guard let tail = text.firstRange(of: end, in: position..<text.count) else { return nil }
                position = lineEnd(in: text, from: tail.upperBound)
                if isSkipping { continue }
                guard current != nil, current?.take(PEMText.blocks(in: text, start..<position)) == true else {
                    return nil
                }
                current?.end(at: position)
                continue
            }
            position = lineEnd(in: text, from: position)
            let line = text[start..<position].trimming(isBlank)
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            if first == UInt8(ascii: "[") {
                guard line.last == UInt8(ascii: "]") else { return nil }
                if let current { sections.append(current) }
                isSkipping = !line.elementsEqual(header)
                current = isSkipping ? nil : PersistSection(extent: start..<position)
            } else {
                guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
                if isSkipping { continue }
                let name = line[..<colon].trimming(isBlank)
                let value = line[(colon + 1)...].trimming(isBlank)
                guard current != nil, current?.take(name, value) == true else { return nil }
                current?.end(at: position)
            }
        }
        if let current { sections.append(current) }
        return sections
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func lineEnd(in text: [UInt8], from position: Int) -> Int {
        text.index(of: UInt8(ascii: "\n"), in: position..<text.count).map { $0 + 1 } ?? text.count
    }
}
