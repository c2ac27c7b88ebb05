import RootFS
import TrustAnchors

/// The administrator's token of a family: where anchors are put, taken out, and packaged ones distrusted.
struct AnchorToken {
    let layout: ExtractedLayout
    let store: String

    private var token: RootPath { layout.administrator }
    private var anchors: RootPath { token.appending("anchors") }

    func proposal(for intent: Intent, in root: Snapshot, _ module: TrustModule) throws(PlanError) -> Proposal {
        switch intent {
        case .trust(let anchors): Proposal(steps: try adding(anchors, in: root, module))
        case .withdraw(let fingerprints): try removing(fingerprints, in: root, module)
        }
    }

    // MARK: Trust

    /// Puts in the anchors that servers' certificates aren't verified by already, and takes their copies out of the
    /// blocklist.
    private func adding(_ wanted: [TrustAnchor], in root: Snapshot, _ module: TrustModule) throws(PlanError) -> [Step] {
        let readmission = try readmitting(wanted, in: root)
        var view = root.applying(readmission.map(\.change))
        let current = readmission.isEmpty ? module : try TrustModule(layout.tokens, in: view, reusing: module)
        let present = Set(current.select(.serverAnchors).map { ByteKey($0.der) })
        let missing = wanted.filter { !present.contains(ByteKey($0.der)) }
        guard !missing.isEmpty else { return readmission }

        var steps = readmission + (try NewNodes.directories(to: anchors, in: view, store: store))
        view = root.applying(steps.map(\.change))
        let directory = try view.resolve(anchors)
        for anchor in missing {
            guard let change = try view.change(directory.appending(anchor.fileName), to: PEM.encode(anchor.der)) else {
                continue
            }
            steps.append(Step(change, store: store, purpose: "anchor that the distribution's own tool will keep"))
        }
        return steps
    }

    /// Takes away what `distrust` put into the blocklist for these certificates, known by its name and its bytes.
    private func readmitting(_ wanted: [TrustAnchor], in root: Snapshot) throws(PlanError) -> [Step] {
        let blocklist = try TrustToken.blocklist(of: token, in: root)
        var steps: [Step] = []
        for anchor in wanted {
            let path = try root.locate(blocklist.appending(anchor.fileName))
            guard case .file? = try root.entry(at: path)?.kind,
                try root.contents(of: path) == PEM.encode(anchor.der)
            else { continue }
            steps.append(Step(try root.removal(of: path), store: store, purpose: "certificate that is trusted again"))
        }
        return steps
    }

    /// Throws where an anchor stays distrusted by a blocklist: nothing is half added.
    func check(_ wanted: [TrustAnchor], in root: Snapshot, _ module: TrustModule) throws(PlanError) {
        let overruled = Set(module.entries.lazy.filter(\.isOverruled).map { ByteKey($0.der) })
        if overruled.isEmpty { return }
        let present = Set(module.select(.anchors(nil)).map { ByteKey($0.der) })
        for anchor in wanted where overruled.contains(ByteKey(anchor.der)) {
            if present.contains(ByteKey(anchor.der)) { continue }
            let file = Self.file(thatDistrusts: anchor.der, in: module) ?? token
            throw .refused(
                store: store, file, reason: "this root distrusts \(anchor.subject) (\(anchor.fingerprint)) there",
                hint: "take it out of \(file) first, if you are sure")
        }
    }

    private static func file(thatDistrusts der: [UInt8], in module: TrustModule) -> RootPath? {
        guard let outline = CertificateOutline(der) else { return nil }
        let wanted = TrustedCertificate(outline: outline)
        for file in module.tokens.flatMap(\.files) {
            for certificate in file.parsed.certificates where certificate.isDistrusted {
                if certificate.keyInfo == wanted.keyInfo { return file.path }
                if let serial = certificate.issuerAndSerialNumber, serial == wanted.issuerAndSerialNumber {
                    return file.path
                }
            }
        }
        return nil
    }
}

// MARK: Withdraw

extension AnchorToken {
    /// Takes the certificates out of the administrator's token, and puts those that the distribution ships into its
    /// blocklist.
    private func removing(
        _ fingerprints: Set<Fingerprint>, in root: Snapshot, _ module: TrustModule
    ) throws(PlanError) -> Proposal {
        var steps: [Step] = []
        for file in module.tokens.first?.files ?? [] {
            if case .blocklist = file.place { continue }
            if let step = try removal(of: fingerprints, from: file, in: root) { steps.append(step) }
        }
        let packaged = module.tokens.dropFirst().flatMap(\.files).flatMap(\.parsed.certificates).compactMap(
            \.outline?.der)
        let withdrawn = Set(packaged).filter { fingerprints.contains(Fingerprint(of: $0)) }
        guard !withdrawn.isEmpty else { return Proposal(steps: steps) }

        let view = root.applying(steps.map(\.change))
        let rest = try TrustModule(layout.tokens, in: view, reusing: module).select(.anchors(nil))
        let trusted = rest.map(\.der).filter(withdrawn.contains)
        return Proposal(
            steps: steps + (try blocking(trusted, in: view)), diagnostics: Self.alsoBlocked(trusted, of: rest))
    }

    private func blocking(_ certificates: [[UInt8]], in root: Snapshot) throws(PlanError) -> [Step] {
        guard !certificates.isEmpty else { return [] }
        let blocklist = try TrustToken.blocklist(of: token, in: root)
        var steps = try NewNodes.directories(to: blocklist, in: root, store: store)
        let view = root.applying(steps.map(\.change))
        let directory = try view.resolve(blocklist)
        for der in certificates {
            guard let change = try view.change(directory.appending(Self.fileName(of: der)), to: PEM.encode(der)) else {
                continue
            }
            steps.append(
                Step(change, store: store, purpose: "certificate of the distribution that is no longer trusted"))
        }
        return steps
    }

    private static func fileName(of der: [UInt8]) -> String {
        guard let certificate = try? Certificate(der: der) else {
            return "ca-\(Fingerprint(of: der).hex.prefix(16)).crt"
        }
        return TrustAnchor(admitted: certificate).fileName
    }

    /// p11-kit distrusts keys: other certificates with the same one go too.
    private static func alsoBlocked(_ certificates: [[UInt8]], of anchors: [TrustModule.Entry]) -> [Diagnostic] {
        let blocked = Set(certificates)
        let keys = Set(anchors.filter { blocked.contains($0.der) }.compactMap(\.certificate.keyInfo))
        return anchors.filter { entry in
            !blocked.contains(entry.der) && entry.certificate.keyInfo.map(keys.contains) ?? false
        }.map { entry in
            Diagnostic(
                "also-distrusted",
                "\(Fingerprint(of: entry.der)) has the same key, so p11-kit no longer trusts it either")
        }
    }

    /// The step that takes certificates out of a file: a file that has no others goes, in others their parts go.
    private func removal(
        of fingerprints: Set<Fingerprint>, from file: TrustToken.File, in root: Snapshot
    ) throws(PlanError) -> Step? {
        let certificates = file.parsed.certificates
        let isDoomed = certificates.map { certificate in
            certificate.outline.map { fingerprints.contains(Fingerprint(of: $0.der)) } ?? false
        }
        guard isDoomed.contains(true) else { return nil }
        if !isDoomed.contains(false) {
            // The entry goes, not what a link leads to.
            return Step(try root.removal(of: root.locate(file.path)), store: store, purpose: "withdrawn anchor")
        }
        let kept = Set(zip(certificates, isDoomed).filter { !$0.1 }.compactMap(\.0.keyInfo))
        let gone = Set(zip(certificates, isDoomed).filter(\.1).compactMap(\.0.keyInfo)).subtracting(kept)
        var cuts = zip(certificates, isDoomed).filter(\.1).map(\.0.extent)
        for case .attachedExtension(let attached) in file.parsed.objects where gone.contains(attached.publicKey) {
            cuts.append(attached.extent)
        }
        var text: [UInt8] = []
        var position = 0
        for cut in cuts.sorted(by: { $0.lowerBound < $1.lowerBound }) where cut.lowerBound >= position {
            text += file.contents[position..<cut.lowerBound]
            position = cut.upperBound
        }
        text += file.contents[position...]
        guard let change = try root.change(root.resolve(file.path), to: text) else { return nil }
        return Step(change, store: store, purpose: "withdrawn anchor, from a file with others")
    }
}
