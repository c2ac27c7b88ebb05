import RootFS

/// What a root says of itself: os-release(5).
///
/// Images lie in it (distroless says Debian), so it only decides where nothing that is there does.
struct OSRelease {
    static let paths: [RootPath] = ["/etc/os-release", "/usr/lib/os-release"]

    /// `ID`, then the words of `ID_LIKE`, in their order.
    let identifiers: [String]

    /// A larger file is none; real ones are below 1 KiB.
    private static let sizeLimit = 1 << 16

    init(in root: Snapshot) throws(PlanError) {
        for path in Self.paths {
            guard let text = try root.contents(of: path), text.count <= Self.sizeLimit else { continue }
            self.init(text)
            return
        }
        self.init([])
    }

    /// Reads lines `NAME=value`; of several of one name the last counts, as in a shell.
    init(_ text: [UInt8]) {
        var values: [String: [String]] = [:]
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: line[..<equals], as: UTF8.self)
            guard name == "ID" || name == "ID_LIKE" else { continue }
            let value = line[(equals + 1)...].filter { !Self.quotes.contains($0) && $0 > 0x20 || $0 == 0x20 }
            values[name] = value.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        }
        identifiers = (values["ID"] ?? []) + (values["ID_LIKE"] ?? [])
    }

    private static let quotes: Set<UInt8> = [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\")]
}
