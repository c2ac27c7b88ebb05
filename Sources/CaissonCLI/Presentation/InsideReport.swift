import Caisson
import ContainerPlaces
import RootFS

/// What the clients in one container make of servers, for people and as data.
struct InsideReport: Encodable {
    struct Row: Encodable {
        let client: String
        let program: String
        let url: String
        /// `works`, `refused` (the certificate), `failed` or `unasked`.
        let result: String
        let reason: String?

        var works: Bool { result == InsideVerdict.Result.works.rawValue }
    }

    let place: String
    let rows: [Row]
    /// Whether every client works with every server; true where nothing could be asked, and only the stores tell.
    let holds: Bool
    /// Why no client was asked; nil where one was.
    let obstacle: String?

    /// Asks them.
    ///
    /// - Throws: `CaissonError` of kind `usage` where the place is no container.
    init(
        asking place: any Place, _ endpoints: [Endpoint], through proxy: InsideProxy?, seconds: Int
    ) async throws(CaissonError) {
        guard let container = place as? ContainerPlace else {
            throw CaissonError(.usage, place.name, "it is no container, so nothing can be run inside it")
        }
        self.place = place.name
        do throws(CaissonError) {
            let verdicts = try await container.ask(endpoints, through: proxy, seconds: seconds)
            rows = verdicts.map { Row($0) }
            obstacle = verdicts.isEmpty ? "no client that could be asked is in it" : nil
        } catch {
            guard error.kind == .unavailable else { throw error }
            rows = []
            obstacle = error.reason
        }
        // A client that can't be asked says nothing, neither good nor bad; one at least must have answered.
        let asked = rows.filter { $0.result != InsideVerdict.Result.unasked.rawValue }
        holds = rows.isEmpty || !asked.isEmpty && asked.allSatisfy(\.works)
    }

    /// A table, client by server, and what speaks against each.
    var text: String {
        let urls = rows.reduce(into: [String]()) { if !$0.contains($1.url) { $0.append($1.url) } }
        let clients = rows.reduce(into: [String]()) { if !$0.contains($1.client) { $0.append($1.client) } }
        let first = max(6, clients.map(\.count).max() ?? 0)
        var lines = [Terminal.style(place, .bold), "  \("client".padded(to: first))  \(urls.joined(separator: "  "))"]
        for client in clients {
            let cells = urls.map { url in
                let result = rows.first { $0.client == client && $0.url == url }?.result ?? ""
                return Self.coloured(result) + String(repeating: " ", count: max(0, url.count - result.count))
            }
            var line = "  \(client.padded(to: first))  \(cells.joined(separator: "  "))"
            while line.last == " " { line.removeLast() }
            lines.append(line)
        }
        for row in rows {
            guard let reason = row.reason else { continue }
            lines.append("  \(row.client), \(row.url): \(reason)")
        }
        return lines.joined(separator: "\n")
    }

    private static func coloured(_ result: String) -> String {
        switch InsideVerdict.Result(rawValue: result) {
        case .works: Terminal.style(result, .green)
        case .refused, .failed: Terminal.style(result, .red)
        case .unasked, nil: result
        }
    }
}

extension InsideReport.Row {
    init(_ verdict: InsideVerdict) {
        client = verdict.client
        program = "\(verdict.program)"
        url = verdict.endpoint.description
        result = verdict.result.rawValue
        reason = verdict.reason.isEmpty ? nil : verdict.reason
    }
}
