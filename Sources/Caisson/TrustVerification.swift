public import ChainVerification
public import RootFS
import TrustAnchors
import TrustStores

/// Whether clients in one place would accept certain servers: every store that a client reads against every handshake.
public struct TrustVerification: Sendable {
    /// A store that clients read.
    public struct Store: Sendable {
        /// The store's name, as in plans.
        public let name: String
        /// Where it is.
        public let path: RootPath
        /// What clients take from it.
        public let anchors: AnchorSet
        /// The clients that read it.
        public let clients: [ClientModel]
        /// Why OpenSSL takes nothing from it, safe to print; nil where it takes what is there.
        public let damage: String?
    }

    /// What the clients of one store make of one server.
    public struct Row: Sendable {
        /// The store's name.
        public let store: String
        /// Where the store is.
        public let path: RootPath
        /// What the server presented.
        public let handshake: Handshake
        /// One for each client.
        public let verdicts: [Verdict]
        /// Why the first client that refuses the server does so, one sentence each, safe to print; the cause first.
        public let reasons: [String]
        /// Whether OpenSSL takes nothing from the store, since it is damaged.
        public let isDamaged: Bool
        /// What other clients would mind, one sentence each, safe to print.
        public let remarks: [String]

        /// Whether every client accepts the server, which has shown that its certificate is its own.
        public var holds: Bool { handshake.isProven && verdicts.allSatisfy(\.holds) }
    }

    /// The place's name.
    public let place: String
    /// The stores that clients read, in the order of the survey.
    public let stores: [Store]
    private let holders: [AnchorHolder]
    private let added: [Certificate]
    private let now: Int64

    /// `settings` are OpenSSL's in the place, at level 2 where they don't say; `isStrict` adds the client that holds up
    /// RFC 5280 in full. `now` is in seconds since 1970.
    public init(
        _ status: PlaceStatus, settings: OpenSSLSettings = OpenSSLSettings(), isStrict: Bool = false, now: Int64
    ) {
        place = status.place
        self.now = now
        var holders: [AnchorHolder] = []
        var stores: [Store] = []
        for survey in status.surveys {
            for location in survey.locations {
                let anchors = AnchorSet(location.certificates, rejected: location.rejected)
                holders.append(AnchorHolder(path: location.path, role: location.role, anchors: anchors))
                guard location.role == .extracted else { continue }
                let clients = ClientModel.readers(location.reader, settings, isStrict: isStrict)
                guard !clients.isEmpty else { continue }
                let damage = survey.drift.first { $0.id == "broken-block" && $0.path == location.path }
                stores.append(
                    Store(
                        name: survey.store, path: location.path, anchors: damage == nil ? anchors : AnchorSet([]),
                        clients: clients, damage: damage?.message))
            }
        }
        self.holders = holders
        self.stores = stores
        added = status.added.compactMap { try? Certificate(der: $0.certificate) }
    }

    /// A row for each store.
    public func rows(for handshake: Handshake) -> [Row] { stores.map { row(for: handshake, in: $0) } }

    private func row(for handshake: Handshake, in store: Store) -> Row {
        let server = handshake.endpoint.host
        let verdicts = store.clients.map { client in
            Verdict(
                on: handshake.presented, from: server,
                version: handshake.version.flatMap { ProtocolVersion(rawValue: $0) }, anchors: store.anchors,
                client: client, now: now)
        }
        let explanation = VerdictExplanation(server: server, store: store.path, holders: holders, added: added)
        let refusal = verdicts.first { !$0.holds }
        var remarks: [String] = []
        for verdict in verdicts {
            let sentences = verdict.remarks.map { verdict.sentence(for: $0, server: server) }
            remarks += sentences.filter { !remarks.contains($0) }
        }
        return Row(
            store: store.name, path: store.path, handshake: handshake, verdicts: verdicts,
            reasons: explanation.unproven(handshake)
                + (store.damage.map { ["not trusted: \($0)"] } ?? refusal.map(explanation.reasons) ?? []),
            isDamaged: store.damage != nil, remarks: remarks)
    }
}

extension ClientModel {
    /// The clients that read a location.
    static func readers(
        _ reader: StoreSurvey.Location.Reader, _ settings: OpenSSLSettings, isStrict: Bool
    ) -> [ClientModel] {
        let (level, oldest) = (settings.securityLevel ?? 2, settings.oldestVersion)
        return switch reader {
        case .java: [.java]
        case .openSSL:
            [
                .openSSL(securityLevel: level, oldestVersion: oldest),
                .curl(securityLevel: level, oldestVersion: oldest),
            ] + (isStrict ? [.strict(securityLevel: level, oldestVersion: oldest)] : [])
        case .other: []
        }
    }
}

/// A location of a place and what it holds.
struct AnchorHolder: Sendable {
    let path: RootPath
    let role: StoreSurvey.Location.Role
    let anchors: AnchorSet
}
