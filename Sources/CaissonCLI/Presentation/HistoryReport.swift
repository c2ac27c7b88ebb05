import Caisson
import RootFS
import TrustAnchors

/// What was done when and where, for people and as data. Version 1; fields are only ever added.
struct HistoryReport: Encodable {
    struct Line: Encodable {
        let run: String
        /// RFC 3339, in UTC.
        let started: String
        let command: String
        /// The run that this one takes back.
        let undoes: String?
        let place: String
        let state: String
        let anchors: [Anchor]
        let changes: Int
        let publicRoots: String?
    }

    struct Anchor: Encodable {
        let sha256: String
        let subject: String
    }

    let version = 1
    let runs: [Line]

    init(_ records: [Record]) { runs = records.map(Line.init) }

    var text: String {
        runs.isEmpty ? "no runs yet" : runs.map(\.text).joined(separator: "\n")
    }
}

extension HistoryReport.Line {
    init(_ record: Record) {
        run = record.run.id
        started = CalendarTime(secondsSince1970: record.run.started.seconds).description
        command = record.run.command.name
        if case .undo(let id) = record.run.command { undoes = id } else { undoes = nil }
        place = record.place
        state = record.state.rawValue
        anchors = record.run.anchors.map { .init(sha256: $0.fingerprint, subject: printable($0.subject)) }
        changes = record.entries.count
        publicRoots = record.run.publicRoots
    }

    var text: String {
        let what = undoes.map { "undo of \($0)" } ?? command
        let who = anchors.map { $0.subject.isEmpty ? "sha256:\($0.sha256.prefix(16))…" : $0.subject }
        let standing = state == "done" ? "" : ", \(state)"
        let names = who.isEmpty ? "" : " \(who.joined(separator: ", "))"
        return "\(run)  \(printable(place))  \(what)\(names) (\(changes) change\(changes == 1 ? "" : "s")\(standing))"
    }
}
