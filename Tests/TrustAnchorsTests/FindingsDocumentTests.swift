import Foundation
import Testing

@testable import TrustAnchors

@Suite("docs/findings.md")
struct FindingsDocumentTests {
    @Test("has every finding, in order, with its severity and whether it can be allowed")
    func agreement() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/findings.md")
        let text = try String(contentsOf: path, encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .map { row in row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        #expect(rows.map { $0[0] } == Finding.ID.allCases.map { "`\($0.rawValue)`" })
        for (row, id) in zip(rows, Finding.ID.allCases) {
            #expect(row.count == 5)
            #expect(row[1] == id.severity.rawValue)
            #expect(row[2] == (id.isOverridable ? "yes" : "no"), "\(id.rawValue)")
        }
    }
}
