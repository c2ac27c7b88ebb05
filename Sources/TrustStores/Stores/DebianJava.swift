public import RootFS
import TrustAnchors

/// Debian's Java store `/etc/ssl/certs/java/cacerts`, which the hook of `ca-certificates-java` keeps.
///
/// The hook adds each certificate that is linked in `/etc/ssl/certs` under the alias `debian:` and the link's name in
/// lower case. It never takes one out that was withdrawn with `--fresh`; here it is taken out.
public struct DebianJava: TrustStore {
    public let name = "debian-java"

    static let store: RootPath = "/etc/ssl/certs/java/cacerts"
    private static let hook: RootPath = "/etc/ca-certificates/update.d/jks-keystore"
    private static let settings: RootPath = "/etc/default/cacerts"

    public init() {}

    public var patterns: [PathPattern] {
        [PathPattern(Self.store), PathPattern(Self.hook), PathPattern(Self.settings)] + Debian().patterns
    }

    public func reads(in listing: Snapshot) throws(PlanError) -> [RootPath] {
        guard try listing.file(at: Self.hook) != nil else { return [] }
        return try [Self.store, Self.settings] + Debian().reads(in: listing)
    }

    private func contents(in root: Snapshot) throws(PlanError) -> [UInt8]? {
        guard try Debian.isPresent(in: root), try root.file(at: Self.hook) != nil else { return nil }
        return try root.contents(of: Self.store)
    }

    public func survey(_ root: Snapshot) throws(PlanError) -> StoreSurvey? {
        guard let contents = try contents(in: root) else { return nil }
        let password = try password(in: root)
        let source = try Debian.sources.files(in: root).flatMap { PEMBundle($0.contents).certificates }
        do throws(JavaKeyStore.Failure) {
            let store = try JavaKeyStore(contents, password: password)
            let locations: [StoreSurvey.Location] = [
                .init(path: Debian.sources.path, role: .source, certificates: source),
                .init(
                    path: Self.store, role: .extracted, certificates: store.entries.map(\.certificate), reader: .java),
            ]
            return StoreSurvey(store: name, locations: locations, drift: Drift.between(locations))
        } catch {
            let problem = Diagnostic("unreadable-store", at: Self.store, "\(Self.store): \(error.reason)")
            // Nothing is trusted by who can't read it.
            let empty = StoreSurvey.Location(path: Self.store, role: .extracted, certificates: [], reader: .java)
            return StoreSurvey(store: name, locations: [empty], drift: [problem])
        }
    }

    public func proposal(for intent: Intent, in root: Snapshot) throws(PlanError) -> Proposal {
        guard let contents = try contents(in: root) else { return Proposal() }
        guard try setting("cacerts_updates", in: root) ?? "yes" == "yes" else {
            let message = "\(Self.settings) turns updates of the Java store off; it is left alone"
            return Proposal(diagnostics: [Diagnostic("java-updates-off", at: Self.settings, message)])
        }
        let password = try password(in: root)
        var store: JavaKeyStore
        do throws(JavaKeyStore.Failure) {
            store = try JavaKeyStore(contents, password: password)
        } catch {
            throw .refused(
                store: name, Self.store, reason: error.reason, hint: "leave this store out with --without \(name)")
        }
        switch intent {
        case .trust(let anchors):
            let files = try Debian.files(in: root)
            let present = Set(store.entries.map(\.certificate))
            for anchor in anchors where !present.contains(anchor.der) {
                // Without the store of the certificates themselves the file isn't there; its name is known all the same.
                let file = files.last { PEMBundle($0.contents).holdsOnly(anchor.der) }
                let path = file?.path ?? Debian.sources.path.appending(anchor.fileName)
                let link = String(decoding: Debian.linkName(for: path), as: UTF8.self)
                let alias = "debian:" + link.lowercased()
                store.remove { $0.alias == alias }
                store.append(anchor.der, alias: alias, created: anchor.certificate.facts.notBefore &* 1000)
            }
        case .withdraw(let fingerprints):
            store.remove { fingerprints.contains(Fingerprint(of: $0.certificate)) }
        }
        let path = try root.resolve(Self.store)
        guard let change = try root.change(path, to: store.encoded) else { return Proposal() }
        return Proposal(steps: [Step(change, store: name, purpose: "Java store as its hook keeps it")])
    }

    private func password(in root: Snapshot) throws(PlanError) -> String {
        try setting("storepass", in: root) ?? JavaKeyStore.defaultPassword
    }

    /// A variable of `/etc/default/cacerts`, a shell file: the last assignment, without its quotes.
    private func setting(_ name: String, in root: Snapshot) throws(PlanError) -> String? {
        let text = String(decoding: try root.contents(of: Self.settings) ?? [], as: UTF8.self)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix(name + "=") }
        guard let value = lines.last?.dropFirst(name.count + 1) else { return nil }
        return String(value.filter { $0 != "\"" && $0 != "'" })
    }
}

extension JavaKeyStore.Failure {
    /// One sentence for people.
    var reason: String {
        switch self {
        case .notJKS: "it isn't a JKS key store"
        case .truncated(let offset): "it ends in the middle, at byte \(offset)"
        case .holdsPrivateKey(let alias): "it holds a private key under the alias \(printable(alias))"
        case .unknownEntry(let tag): "it holds an entry of the unknown kind \(tag)"
        case .otherPassword: "its password is another, or it was damaged"
        }
    }
}
