import RootFS
import TrustAnchors

/// One output of a root as it is.
struct ExtractedOutput {
    enum Contents {
        case file(ExtractedFile.Form, [UInt8])
        case keyStore(Result<JavaKeyStore, JavaKeyStore.Failure>)
        case directory(ExtractedDirectory.Form, ExtractedListing)
    }

    let layout: ExtractedLayout.Output
    /// The physical path.
    let path: RootPath
    let selection: TrustModule.Selection
    let contents: Contents
    let root: Snapshot

    /// Nil where the root has no such output.
    init?(_ output: ExtractedLayout.Output, in root: Snapshot) throws(PlanError) {
        layout = output
        path = try root.resolve(output.path)
        selection = output.selection
        self.root = root
        switch output.form {
        case .file(let form):
            guard let bytes = try root.contents(of: path) else { return nil }
            contents = .file(form, bytes)
        case .keyStore:
            guard let bytes = try root.contents(of: path) else { return nil }
            contents = .keyStore(
                Result { () throws(JavaKeyStore.Failure) in try JavaKeyStore(bytes) })
        case .directory(let form, let links):
            guard case .directory? = try root.entry(at: path)?.kind else { return nil }
            contents = .directory(form, try ExtractedListing(of: path, in: root, besides: links))
        }
    }

    /// Whether everything in it comes from these sources, and nothing else is in it.
    func isAccounted(by module: TrustModule, in dialect: ExtractionDialect) -> Bool {
        let entries = module.select(selection, in: dialect.order)
        switch contents {
        case .file(let form, let bytes):
            return BundleText(bytes, form).isAccounted(by: entries, in: dialect)
        case .keyStore(.success(let store)):
            return ExtractedKeyStore.accounts(for: store, ExtractedKeyStore.items(entries, in: dialect))
        case .keyStore(.failure): return false
        case .directory(let form, let listing):
            return listing.isAccounted(by: ExtractedDirectory(entries, as: form, in: dialect))
        }
    }

    /// The steps that make it what the tool writes.
    func steps(to module: TrustModule, in dialect: ExtractionDialect, store: String) throws(PlanError) -> [Step] {
        let entries = module.select(selection, in: dialect.order)
        switch contents {
        case .file(let form, let bytes):
            return try replacing(with: BundleText(bytes, form).text(of: entries, in: dialect), store: store)
        case .keyStore(.failure): return []
        case .keyStore(.success(let old)):
            let new = ExtractedKeyStore.store(ExtractedKeyStore.items(entries, in: dialect), keeping: old)
            return try replacing(with: new.encoded, store: store)
        case .directory(let form, let listing):
            return try listing.steps(to: ExtractedDirectory(entries, as: form, in: dialect).items, store: store)
        }
    }

    private func replacing(with bytes: [UInt8], store: String) throws(PlanError) -> [Step] {
        guard let change = try root.change(path, to: bytes, mode: 0o444) else { return [] }
        return [Step(change, store: store, purpose: "output as the distribution's tool writes it")]
    }

    /// The edits that bring an output that isn't the tool's own to an intent.
    func patch(
        for intent: Intent, with module: TrustModule, in dialect: ExtractionDialect, store: String
    ) throws(PlanError) -> Proposal {
        let entries = Self.entries(for: intent, of: module.select(selection, in: dialect.order))
        let withdrawn: Set<Fingerprint> = if case .withdraw(let fingerprints) = intent { fingerprints } else { [] }
        var proposal = Proposal(diagnostics: [
            Diagnostic(
                "bundle-differs", at: path,
                "\(path) isn't what the distribution's tool would write; it is patched, and the tool's next run will "
                    + "drop what is foreign in it")
        ])
        let edited: [UInt8]
        switch contents {
        case .file(.edk2, let bytes):
            guard let lists = ExtractedFile.signatureLists(in: bytes) else {
                return Self.unreadable(path, "it isn't made of EFI signature lists as p11-kit writes them")
            }
            edited = BundleText.edit(lists, of: bytes, adding: entries, removing: withdrawn)
        case .file(let form, let bytes):
            proposal.diagnostics += Drift.brokenBlocks(of: PEMBundle(bytes), at: path)
            edited = BundleText(bytes, form).edited(adding: entries, removing: withdrawn, in: dialect)
        case .keyStore(.failure(let failure)): return Self.unreadable(path, failure.reason)
        case .keyStore(.success(var keyStore)):
            let count = keyStore.entries.count
            keyStore.remove { withdrawn.contains(Fingerprint(of: $0.certificate)) }
            let present = Set(keyStore.entries.map { ByteKey($0.certificate) })
            let added = entries.filter { !present.contains(ByteKey($0.der)) }
            guard keyStore.entries.count != count || !added.isEmpty else { return proposal }
            keyStore.append(added, in: dialect)
            edited = keyStore.encoded
        case .directory(let form, let listing):
            proposal.steps = try listing.patch(
                adding: entries, as: form, removing: withdrawn, in: dialect, store: store)
            return proposal
        }
        if let change = try root.change(path, to: edited, mode: 0o444) {
            proposal.steps = [Step(change, store: store, purpose: "output with what is asked for, all else as it was")]
        }
        return proposal
    }

    /// The anchors of an intent that this output shows.
    private static func entries(for intent: Intent, of selected: [TrustModule.Entry]) -> [TrustModule.Entry] {
        guard case .trust(let anchors) = intent else { return [] }
        let wanted = Set(anchors.map(\.der))
        return selected.filter { wanted.contains($0.der) }
    }

    private static func unreadable(_ path: RootPath, _ reason: String) -> Proposal {
        Proposal(diagnostics: [Diagnostic("unreadable-store", at: path, "\(path) is left alone: \(reason)")])
    }
}

extension ExtractedOutput {
    /// What it shows of the order in which files were read; nil where its form hides it.
    var evidence: FileOrder.Evidence? {
        guard case .file(let form, let bytes) = contents, form != .edk2 else { return nil }
        return FileOrder.Evidence(selection: selection, certificates: PEMBundle(bytes).certificates)
    }

    /// The certificates in it, without repetition, and why some can't be read.
    func certificates() -> (found: [[UInt8]], problems: [Diagnostic]) {
        var problems: [Diagnostic] = []
        var all: [[UInt8]] = []
        switch contents {
        case .file(.edk2, let bytes):
            if let lists = ExtractedFile.signatureLists(in: bytes) {
                all = lists.map(\.der)
            } else {
                problems =
                    Self.unreadable(path, "it isn't made of EFI signature lists as p11-kit writes them").diagnostics
            }
        case .file(_, let bytes):
            all = PEMBundle(bytes).certificates
            problems = Drift.brokenBlocks(of: PEMBundle(bytes), at: path)
        case .keyStore(.success(let store)): all = store.entries.map(\.certificate)
        case .keyStore(.failure(let failure)): problems = Self.unreadable(path, failure.reason).diagnostics
        case .directory(_, let listing):
            all = listing.reachable()
        }
        var seen: Set<ByteKey> = []
        return (all.filter { seen.insert(ByteKey($0)).inserted }, problems)
    }
}

extension JavaKeyStore {
    /// Adds certificates under aliases that aren't taken.
    mutating func append(_ entries: [TrustModule.Entry], in dialect: ExtractionDialect) {
        var names = UniqueNames(Set(self.entries.map { ByteKey(Array($0.alias.utf8)) }))
        for item in ExtractedKeyStore.items(entries, in: dialect) {
            let alias = names.take { Array(($0 == 0 ? item.alias : "\(item.alias)-\($0)").utf8) }
            append(item.der, alias: String(decoding: alias, as: UTF8.self), created: item.notBefore &* 1000)
        }
    }
}
