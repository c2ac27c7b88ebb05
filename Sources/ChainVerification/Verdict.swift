public import TrustAnchors

/// What one client would make of a server's certificates, given one store's anchors.
public struct Verdict: Hashable, Sendable {
    /// The client that it speaks for.
    public let client: ClientModel
    /// The path that was built, the server's own certificate first.
    public let path: [Certificate]
    /// The anchor that ends the path; nil where none does.
    public let anchor: Certificate?
    /// What the client refuses the server for, in the order in which OpenSSL finds it; empty where it accepts it.
    public let faults: [ChainFault]
    /// What other, stricter clients would refuse.
    public let remarks: [ChainFault]

    /// Whether the client accepts the server.
    public var holds: Bool { faults.isEmpty }

    init(
        client: ClientModel, path: [Certificate] = [], anchor: Certificate? = nil, faults: [ChainFault],
        remarks: [ChainFault] = []
    ) {
        self.client = client
        self.path = path
        self.anchor = anchor
        self.faults = faults
        self.remarks = remarks
    }
}

extension Verdict {
    /// Judges what a server presented, DER, its own certificate first: a pure function, `now` in seconds since 1970.
    ///
    /// Certificates after the first that can't be read are left out, as if they hadn't been sent.
    /// `version` is the one that server and client would agree on, if it is known.
    public init(
        on presented: [[UInt8]], from server: ServerName, version: ProtocolVersion? = nil, anchors: AnchorSet,
        client: ClientModel, now: Int64
    ) {
        guard let own = presented.first, let leaf = try? Certificate(der: own) else {
            self.init(client: client, faults: [ChainFault(.unreadable, at: 0)])
            return
        }
        let others = presented.dropFirst().compactMap { der in (try? Certificate(der: der)).map(PathCertificate.init) }
        let isOld = version.map { $0 < client.oldestVersion } ?? false
        let versionFaults = isOld ? [ChainFault(.protocolVersion)] : []
        if client.rules == .java {
            let validation = JavaValidation(
                presented: [PathCertificate(leaf)] + others, anchors: anchors, server: server, now: now)
            let verdict = validation.verdict(of: client)
            self.init(
                client: client, path: verdict.path, anchor: verdict.anchor, faults: versionFaults + verdict.faults,
                remarks: verdict.remarks)
            return
        }
        let builder = PathBuilder(
            client: client, anchors: anchors, presented: [PathCertificate(leaf)] + others, now: now)
        let check = PathCheck(
            path: builder.path, presentedCount: builder.presentedCount, isTrusted: builder.isTrusted, server: server,
            client: client, now: now)
        self.init(
            client: client, path: builder.path.map(\.certificate), anchor: builder.anchor?.certificate,
            faults: versionFaults + check.serverKeyFaults + (builder.fault.map { [$0] } ?? []) + check.faults,
            remarks: check.remarks)
    }
}
