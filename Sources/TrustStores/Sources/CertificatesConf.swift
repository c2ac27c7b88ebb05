import RootFS

/// `/etc/ca-certificates.conf`: which of the packaged certificates are trusted, one path a line, relative to
/// `/usr/share/ca-certificates`.
///
/// `!path` is a certificate that is not trusted, `#` begins a comment (update-ca-certificates(8)).
struct CertificatesConf {
    static let path: RootPath = "/etc/ca-certificates.conf"
    static let packages: RootPath = "/usr/share/ca-certificates"

    /// A line that names a certificate.
    struct Line {
        let path: [UInt8]
        let isSelected: Bool
    }

    /// In the order of the file.
    let lines: [Line]

    /// The paths of certificates that were deselected.
    var deselected: [[UInt8]] { lines.filter { !$0.isSelected }.map(\.path) }

    init(_ text: [UInt8]) {
        var lines: [Line] = []
        for line in text.split(separator: UInt8(ascii: "\n")) {
            // The shell's `read` takes blanks off both ends.
            let trimmed = line.trimming(Self.isBlank)
            switch line.first {
            case UInt8(ascii: "#"): continue
            case UInt8(ascii: "!"): lines.append(Line(path: Array(trimmed.dropFirst()), isSelected: false))
            default: lines.append(Line(path: Array(trimmed), isSelected: true))
            }
        }
        self.lines = lines
    }

    /// The configuration of a root, as its own tool reads it.
    init(in root: Snapshot) throws(PlanError) {
        var text = (try root.contents(of: Self.path) ?? [])[...]
        // The shell's `read` fails on a line that the end of the file cuts off, and the script ends its loop there.
        if try UpdateCACertificates.tool(in: root) == .script {
            text = text[..<(text.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)]
        }
        self.init(Array(text))
    }

    /// The paths of certificates that are selected.
    var selected: [[UInt8]] { lines.filter(\.isSelected).map(\.path) }

    /// The packaged files that are selected and there, with the path by which the tool knows them.
    func files(in root: Snapshot) throws(PlanError) -> [SourceDirectory.File] {
        try files(in: root, where: \.isSelected)
    }

    /// The packaged files of the lines that `isWanted`.
    func files(in root: Snapshot, where isWanted: (Line) -> Bool) throws(PlanError) -> [SourceDirectory.File] {
        var files: [SourceDirectory.File] = []
        for line in lines where isWanted(line) {
            if let file = try Self.file(line.path, in: root) { files.append(file) }
        }
        return files
    }

    /// The packaged file that a line names, if it is there.
    static func file(_ line: [UInt8], in root: Snapshot) throws(PlanError) -> SourceDirectory.File? {
        guard let path = RootPath(bytes: packages.bytes + [UInt8(ascii: "/")] + line),
            let contents = try root.contents(of: path)
        else { return nil }
        return SourceDirectory.File(path: path, contents: contents)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

extension CertificatesConf {
    /// The text with `!` before these lines; all else stays.
    static func deselecting(_ lines: Set<[UInt8]>, in text: [UInt8]) -> [UInt8] {
        guard !lines.isEmpty else { return text }
        return edited(text) { line in
            guard let first = line.first, first != UInt8(ascii: "#"), first != UInt8(ascii: "!"),
                lines.contains(Array(line.trimming(isBlank)))
            else { return line }
            return [UInt8(ascii: "!")] + line.trimming(isBlank)[...]
        }
    }

    /// The text with these lines without their `!`; all else stays.
    static func selecting(_ lines: Set<[UInt8]>, in text: [UInt8]) -> [UInt8] {
        guard !lines.isEmpty else { return text }
        return edited(text) { line in
            let rest = line.dropFirst().trimming(isBlank)
            return line.first == UInt8(ascii: "!") && lines.contains(Array(rest)) ? rest : line
        }
    }

    private static func edited(_ text: [UInt8], _ edit: (ArraySlice<UInt8>) -> ArraySlice<UInt8>) -> [UInt8] {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return Array(lines.map(edit).joined(separator: [UInt8(ascii: "\n")]))
    }
}

extension ArraySlice<UInt8> {
    /// The slice without the bytes at both ends that `isBlank` accepts.
    func trimming(_ isBlank: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return []
        }
        return self[first...last]
    }
}
