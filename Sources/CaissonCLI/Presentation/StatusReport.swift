import Caisson
import RootFS
import TrustAnchors
import TrustStores

/// The trust of one place, for people and as data.
struct StatusReport: Encodable {
    /// The whole output. Version 1; fields are only ever added.
    struct Document: Encodable {
        let version = 1
        let places: [StatusReport]

        init(_ places: [StatusReport]) { self.places = places }
    }

    struct Anchor: Encodable {
        let sha256: String
        let subject: String
        /// RFC 3339; nil where the certificate can't be read.
        let notAfter: String?
        let daysLeft: Int?
        let stores: [Holder]
        /// The run that put it here; nil if somebody else did.
        let run: String?
    }

    struct Holder: Encodable {
        let store: String
        let path: String
        let role: String
    }

    struct Drift: Encodable {
        let id: String
        let path: String?
        let message: String
    }

    let place: String
    let stores: [String]
    let anchors: [Anchor]
    let drift: [Drift]
    /// Runs that were cut off and will be rolled back by the next change.
    let interrupted: [String]

    init(_ status: PlaceStatus, now: Int64) {
        place = status.place
        stores = status.surveys.map(\.store)
        anchors = status.added.map { Anchor($0, now: now) }
        drift = status.drift.map { Drift(id: $0.id, path: $0.path?.description, message: $0.message) }
        interrupted = status.interrupted.map(\.run.id)
    }

    /// Whether nothing has drifted, expired or been cut off.
    var isSound: Bool { drift.isEmpty && interrupted.isEmpty && anchors.allSatisfy { ($0.daysLeft ?? -1) >= 0 } }

    var text: String {
        let stores = stores.isEmpty ? "no trust store" : stores.joined(separator: ", ")
        var lines = ["\(Terminal.style(place, .bold)) (\(stores))"]
        if anchors.isEmpty { lines.append("  no anchors added beside the distribution's own") }
        lines += anchors.map(\.text)
        lines += drift.map { "  \(Terminal.style("drift:", .yellow)) \($0.message)" }
        lines += interrupted.map { "  run \($0) was cut off; the next change here rolls it back" }
        return lines.joined(separator: "\n")
    }
}

extension StatusReport.Anchor {
    init(_ added: PlaceStatus.Added, now: Int64) {
        sha256 = added.fingerprint.hex
        run = added.run
        stores = added.locations.map { holder in
            .init(store: holder.store, path: holder.location.path.description, role: holder.location.role.rawValue)
        }
        guard let certificate = try? Certificate(der: added.certificate) else {
            (subject, notAfter, daysLeft) = ("(unreadable certificate)", nil, nil)
            return
        }
        subject = certificate.displayName
        let end = certificate.facts.notAfter
        notAfter = CalendarTime(secondsSince1970: end).description
        daysLeft = Int((end &- now) / 86_400) - (end < now ? 1 : 0)
    }

    var text: String {
        let age =
            switch daysLeft {
            case nil: "expiry unknown"
            case let days? where days < 0: Terminal.style("expired", .red)
            case let days? where days < 90: Terminal.style("expires in \(days) days", .yellow)
            case let days?: "expires in \(days) days"
            }
        let origin = run.map { "by run \($0)" } ?? "not by caisson"
        var lines = ["  \(subject)", "    sha256:\(sha256)", "    \(age), added \(origin)"]
        lines += stores.map { "    in \($0.path) [\($0.store), \($0.role)]" }
        return lines.joined(separator: "\n")
    }
}
