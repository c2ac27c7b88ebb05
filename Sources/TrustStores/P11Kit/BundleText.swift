import RootFS
import TrustAnchors

/// The contents of an extracted file, with the form that they show: a header that the tool puts before what it extracts,
/// and comments or none.
struct BundleText {
    private let bytes: [UInt8]
    private let form: ExtractedFile.Form
    /// Where what is extracted begins.
    private let start: Int
    /// Whether each certificate has its label before it.
    private let hasComments: Bool

    init(_ bytes: [UInt8], _ form: ExtractedFile.Form) {
        self.bytes = bytes
        self.form = form
        guard form != .edk2 else {
            (start, hasComments) = (0, false)
            return
        }
        let header = Self.header(of: bytes)
        start = header
        // An empty file shows nothing; the tools that write no comments write a header, or are old.
        hasComments = header == 0 && (bytes.isEmpty || bytes.first == UInt8(ascii: "#"))
    }

    /// The length of a header: several lines that begin with `#`, as SUSE's tool writes them.
    private static func header(of bytes: [UInt8]) -> Int {
        var end = 0
        var lines = 0
        while end < bytes.count, bytes[end] == UInt8(ascii: "#") {
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            end = min(end + 1, bytes.count)
            lines += 1
        }
        return lines > 1 ? end : 0
    }

    private var separator: [UInt8] { hasComments ? [UInt8(ascii: "\n")] : [] }

    private func parts(_ entries: [TrustModule.Entry], in dialect: ExtractionDialect) -> [[UInt8]] {
        ExtractedFile.parts(entries, as: form, comments: hasComments, in: dialect)
    }

    func isAccounted(by entries: [TrustModule.Entry], in dialect: ExtractionDialect) -> Bool {
        if start == bytes.count { return true }
        var position = start
        for part in parts(entries, in: dialect) where bytes.holds(part, at: position) {
            let end = position + part.count
            if end == bytes.count { return true }
            if bytes.holds(separator, at: end) { position = end + separator.count }
        }
        return false
    }

    /// The file with these certificates instead.
    func text(of entries: [TrustModule.Entry], in dialect: ExtractionDialect) -> [UInt8] {
        var text = Array(bytes[..<start])
        text.reserveCapacity(bytes.count + 4096)
        for (index, part) in parts(entries, in: dialect).enumerated() {
            if index > 0 { text += separator }
            text += part
        }
        return text
    }

    /// The file with some certificates at its end, unless they are in it, and others taken out with their labels.
    func edited(
        adding entries: [TrustModule.Entry], removing withdrawn: Set<Fingerprint>, in dialect: ExtractionDialect
    ) -> [UInt8] {
        let blocks = PEM.blocks(in: bytes)
        var present: Set<[UInt8]> = []
        var text: [UInt8] = []
        var position = 0
        for block in blocks {
            guard let der = block.certificate else { continue }
            guard withdrawn.contains(Fingerprint(of: der)) else {
                present.insert(der)
                continue
            }
            text += bytes[position..<max(position, commentStart(before: block.range.lowerBound))]
            position = block.range.upperBound
        }
        text += bytes[position...]
        let added = entries.filter { !present.contains($0.der) }
        for part in parts(added, in: dialect) {
            if let last = text.last, last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
            if !text.isEmpty { text += separator }
            text += part
        }
        return text
    }

    /// Where the label before a block begins, with the empty line before it.
    private func commentStart(before block: Int) -> Int {
        guard hasComments, block > 0, let line = lineStart(before: block), bytes[line] == UInt8(ascii: "#") else {
            return block
        }
        guard line > 1, bytes[line - 1] == UInt8(ascii: "\n"), bytes[line - 2] == UInt8(ascii: "\n") else {
            return line
        }
        return line - 1
    }

    /// Where the line that ends before `position` begins.
    private func lineStart(before position: Int) -> Int? {
        var start = position - 1
        guard start >= 0, bytes[start] == UInt8(ascii: "\n") else { return nil }
        while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
        return start
    }

    /// EFI signature lists with some certificates at their end and others taken out.
    static func edit(
        _ lists: [(der: [UInt8], range: Range<Int>)], of bytes: [UInt8], adding entries: [TrustModule.Entry],
        removing withdrawn: Set<Fingerprint>
    ) -> [UInt8] {
        let kept = lists.filter { !withdrawn.contains(Fingerprint(of: $0.der)) }
        let present = Set(kept.map(\.der))
        let added = entries.map(\.der).filter { !present.contains($0) }
        return kept.flatMap { bytes[$0.range] } + added.flatMap(ExtractedFile.signatureList)
    }
}
