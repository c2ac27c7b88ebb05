import RootFS

/// What clients can't use at all, and what to do about it.
extension Drift {
    private static let repair = "`caisson trust CERT PLACE` or the distribution's own tool writes it anew"

    /// Why clients find no certificate in the bundle at `path`, whose contents are `bundle`.
    static func unusable(_ path: RootPath, _ bundle: PEMBundle, in root: Snapshot) throws(PlanError) -> [Diagnostic] {
        func note(_ identifier: String, _ message: String) -> [Diagnostic] {
            [Diagnostic(identifier, at: path, "\(path) \(message)")]
        }
        switch try root.entry(at: root.resolve(path))?.kind {
        case nil: return note("no-bundle", "isn't there; \(repair)")
        case .file: break
        case .special(let special):
            return note("no-bundle", "is \(special.rawValue), not a file; remove it, then \(repair)")
        case .directory, .symlink: return note("no-bundle", "isn't a file; remove it, then \(repair)")
        }
        guard let file = try root.file(at: path) else { return [] }
        if bundle.certificates.isEmpty {
            return note("empty-bundle", "holds no certificate; \(repair)")
        }
        let mode = file.entry.attributes.mode
        guard mode & 0o004 == 0 else { return [] }
        return note(
            "unreadable-bundle",
            "can be read by some users only (mode \(String(mode, radix: 8))); distributions give it 644")
    }

    /// A directory in which OpenSSL finds nothing.
    static func noHashLinks(in path: RootPath) -> Diagnostic {
        Diagnostic("no-hash-links", at: path, "OpenSSL finds no certificate by its hash in \(path); \(repair)")
    }

    /// A file in the source directory from which the tool takes nothing that clients could use.
    static func withoutCertificate(_ file: SourceDirectory.File) -> Diagnostic? {
        guard PEMBundle(file.contents).certificates.isEmpty else { return nil }
        return Diagnostic(
            "no-certificate", at: file.path,
            "\(file.path) holds no PEM certificate, and the distribution's tool puts it into the bundle as it is; "
                + "convert it (`caisson convert`) or remove it")
    }
}
