import RootFS

/// What p11-kit's trust module knows of a root: the tokens, with the policy that follows from them.
struct TrustModule {
    /// The administrator's token before the distribution's.
    let tokens: [TrustToken]
    /// By token and file, in the order of `tokens`.
    let groups: [[Group]]

    /// The certificates of one file.
    struct Group {
        let file: TrustToken.File
        let entries: [Entry]
    }

    /// A certificate with what the whole module makes of it.
    struct Entry {
        let certificate: TrustedCertificate
        let outline: CertificateOutline
        /// The same number for the same bytes.
        let identity: Int
        /// Trusted, an authority, and not distrusted by anything.
        let isAnchor: Bool
        /// Trusted, but for something that distrusts it.
        let isOverruled: Bool
        /// The purposes that it is held to, if it is held to any.
        let purposes: [[UInt8]]?
        let attached: Attachments

        var der: [UInt8] { outline.der }

        func serves(_ purpose: Purpose) -> Bool {
            guard let purposes else { return true }
            return purposes.contains(purpose.identifier) || purposes.contains(Purpose.any)
        }
    }

    init(_ directories: [RootPath], in root: Snapshot, reusing previous: TrustModule? = nil) throws(PlanError) {
        var tokens: [TrustToken] = []
        for (index, directory) in directories.enumerated() {
            tokens.append(try TrustToken(directory, in: root, reusing: previous?.tokens[index]))
        }
        self.init(tokens)
    }

    init(_ tokens: [TrustToken]) {
        let policy = DistrustPolicy(tokens)
        var identities: [ByteKey: Int] = [:]
        self.tokens = tokens
        groups = tokens.map { token in
            let attachments = AttachmentTable(token)
            return token.files.map { file in
                let entries = file.parsed.certificates.compactMap { certificate -> Entry? in
                    guard let outline = certificate.outline, let attached = attachments[certificate] else { return nil }
                    guard let purposes = attached.purposes(of: outline) else { return nil }
                    let key = ByteKey(outline.der)
                    let identity = identities[key] ?? identities.count
                    identities[key] = identity
                    let isTrusted =
                        certificate.isTrusted && !certificate.isDistrusted
                        && attached.isAuthority(certificate, outline)
                    let isDistrusted = policy.distrusts(certificate)
                    return Entry(
                        certificate: certificate, outline: outline, identity: identity,
                        isAnchor: isTrusted && !isDistrusted, isOverruled: isTrusted && isDistrusted,
                        purposes: purposes, attached: attached)
                }
                return Group(file: file, entries: entries)
            }
        }
    }

    /// Which certificates an output shows.
    enum Selection: Hashable {
        /// Authorities that are trusted for a purpose, or for any (`--filter=ca-anchors`).
        case anchors(Purpose?)
        /// Every certificate (`--filter=certificates`).
        case certificates

        /// Whether an output may show this certificate.
        func admits(_ entry: Entry) -> Bool {
            switch self {
            case .certificates: true
            case .anchors(let purpose): entry.isAnchor && (purpose.map(entry.serves) ?? true)
            }
        }
    }

    /// The certificates of an output in their order, each once; the first of several with the same bytes counts, whether
    /// it serves the purpose or not (trust/enumerate.c).
    func select(_ selection: Selection, in order: FileOrder = .byPath) -> [Entry] {
        var seen: Set<Int> = []
        var selected: [Entry] = []
        for entry in order.sorted(groups).lazy.flatMap({ $0 }).flatMap(\.entries) {
            if case .anchors = selection, !entry.isAnchor { continue }
            guard seen.insert(entry.identity).inserted else { continue }
            if selection.admits(entry) { selected.append(entry) }
        }
        return selected
    }

    /// Every certificate of every file, in path order.
    var entries: [Entry] { groups.joined().flatMap(\.entries) }
}
