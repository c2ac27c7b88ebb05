import Caisson
import ChainVerification
import RootFS
import TrustAnchors

/// What a verification of one place found, for people and as data.
struct VerifyReport: Encodable {
    /// The whole output. Version 1; fields are only ever added.
    struct Document: Encodable {
        let version = 1
        let holds: Bool
        let places: [VerifyReport]
        /// What clients in containers said; nil where none was to be asked.
        let inside: [InsideReport]?
        /// What couldn't be looked at: each place or server, and why.
        let errors: [Failure]

        init(_ places: [VerifyReport], inside: [InsideReport], errors: [CaissonError]) {
            self.places = places
            self.inside = inside.isEmpty ? nil : inside
            self.errors = errors.map { Failure(subject: $0.subject, reason: $0.reason) }
            holds = errors.isEmpty && places.allSatisfy(\.holds) && inside.allSatisfy(\.holds)
        }
    }

    /// A place or a server that couldn't be looked at.
    struct Failure: Encodable {
        let subject: String
        let reason: String
    }

    struct Row: Encodable {
        let url: String
        let store: String
        let path: String
        let holds: Bool
        let verdicts: [Client]
        let reasons: [String]
        let remarks: [String]
        fileprivate let isDamaged: Bool

        private enum CodingKeys: String, CodingKey {
            case url, store, path, holds, verdicts, reasons, remarks
        }
    }

    /// One client's verdict.
    struct Client: Encodable {
        let client: String
        let holds: Bool
        /// Identifiers of what it refuses the server for; see docs/verify.md.
        let faults: [String]
        /// The subjects from the server's own certificate to the end of the path.
        let chain: [String]
        /// The SHA-256 of the anchor that was used; nil where none was found.
        let anchor: String?
    }

    let place: String
    let rows: [Row]
    /// What a check without servers found; nil where servers were asked.
    let status: StatusReport?
    let holds: Bool
    private let hasStores: Bool

    private enum CodingKeys: String, CodingKey {
        case place, rows, status, holds
    }

    init(_ verification: TrustVerification, _ rows: [TrustVerification.Row], _ status: StatusReport, isStatic: Bool) {
        place = verification.place
        self.rows = rows.map { Row($0) }
        self.status = isStatic ? status : nil
        hasStores = !verification.stores.isEmpty
        holds = isStatic ? status.isSound : !rows.isEmpty && rows.allSatisfy(\.holds)
    }

    /// What to do about the first server that isn't trusted; nil where every one is.
    var advice: String? {
        if let damaged = rows.first(where: \.isDamaged) {
            return
                "let the distribution's tool write \(damaged.path) anew (update-ca-certificates or update-ca-trust), "
                + "or reinstall its package"
        }
        guard let row = rows.first(where: \.lacksAnchor) else { return nil }
        return "get the CA with: caisson fetch \(shellWord(row.url)) -o FILE, compare it, then: "
            + "caisson trust FILE \(shellWord(place))"
    }

    var text: String {
        if let status { return status.text + (holds ? "\n  nothing has drifted or expired" : "") }
        var lines = [Terminal.style(place, .bold)]
        if rows.isEmpty {
            lines.append(hasStores ? "  no server was reached" : "  no store is here that a client would read")
        }
        let urls = rows.reduce(into: [String]()) { if !$0.contains($1.url) { $0.append($1.url) } }
        for url in urls {
            let rows = rows.filter { $0.url == url }
            lines.append("  \(url)")
            let width = rows.map(\.path.count).max() ?? 0
            for row in rows { lines += row.lines(width: width).map { "    " + $0 } }
        }
        return lines.joined(separator: "\n")
    }
}

extension VerifyReport.Row {
    init(_ row: TrustVerification.Row) {
        url = row.handshake.endpoint.description
        store = row.store
        path = row.path.description
        holds = row.holds
        verdicts = row.verdicts.map { VerifyReport.Client($0) }
        reasons = row.reasons
        isDamaged = row.isDamaged
        var remarks = row.remarks
        if let interruption = row.handshake.interruption, row.handshake.isProven {
            remarks.append("after the certificates the handshake was broken off: \(interruption)")
        } else if row.handshake.wantsClientCertificate {
            remarks.append("the server asks for a certificate of the client")
        }
        self.remarks = remarks
    }

    /// Whether the store lacks the CA, and nothing else is known to be wrong first.
    fileprivate var lacksAnchor: Bool {
        verdicts.contains { ["unknown-issuer", "untrusted-root"].contains($0.faults.first) }
    }

    func lines(width: Int) -> [String] {
        let good = verdicts.filter(\.holds).map(\.client).joined(separator: ", ")
        let bad = verdicts.filter { !$0.holds }.map(\.client).joined(separator: ", ")
        var parts: [String] = []
        if !good.isEmpty { parts.append("\(Terminal.style("trusted", .green)) by \(good)") }
        if !bad.isEmpty { parts.append("\(Terminal.style("refused", .red)) by \(bad)") }
        var lines = ["\(path.padded(to: width))  \(parts.joined(separator: ", "))"]
        if let verdict = verdicts.first(where: \.holds) ?? verdicts.first {
            let anchor = verdict.anchor.map { " (sha256:\($0.prefix(16))…)" } ?? ""
            lines.append("  chain: \(verdict.chain.joined(separator: " < "))\(anchor)")
        }
        lines += reasons.map { "  \($0)" }
        lines += remarks.map { "  remark: \($0)" }
        return lines
    }
}

extension VerifyReport.Client {
    init(_ verdict: Verdict) {
        client = verdict.client.name
        holds = verdict.holds
        faults = verdict.faults.map(\.kind.rawValue)
        chain = verdict.path.map(\.displayName)
        anchor = verdict.anchor?.fingerprint.hex
    }
}
