/// What differs between releases of p11-kit in what they write.
struct ExtractionDialect {
    var order: FileOrder
    var label: SubjectLabel.Rule
    /// Whether file names are kept below 256 bytes, since 0.25.6.
    var boundsNames: Bool

    /// p11-kit 0.26.0 and later.
    static let newest = ExtractionDialect(order: .byPath, label: .last, boundsNames: true)

    /// The name of a certificate: what its file gives, or else what its subject has; nil where there is none.
    func label(of entry: TrustModule.Entry) -> [UInt8]? {
        let outline = entry.outline
        let found = entry.certificate.label ?? (label == .first ? outline.labelOfFirst : outline.labelOfLast)
        return found.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The label as it stands in comments and file names.
    func name(of entry: TrustModule.Entry) -> [UInt8] {
        label(of: entry).map { Array($0.prefix { $0 != 0 }) } ?? Array("certificate".utf8)
    }
}
