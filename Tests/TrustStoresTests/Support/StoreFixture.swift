import Foundation
import RootFS
import Testing
import TrustAnchors

@testable import TrustStores

/// What a store is expected to do with one root: `Tests/Fixtures/STORE/NAME.txtar`.
///
/// `before/…` is the root, `anchor` the certificate. `plan` and `after/…` are what comes of it; for a store that can
/// write nothing, `setting` is. They are written down by a test run with `RECORD_FIXTURES=1`, which fails.
struct StoreFixture: CustomTestStringConvertible, Sendable {
    let store: String
    let name: String

    var testDescription: String { "\(store)/\(name)" }

    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures")

    static let isRecording = ProcessInfo.processInfo.environment["RECORD_FIXTURES"] != nil

    /// Every fixture that is there, sorted.
    static let all: [StoreFixture] = {
        let names = FileManager.default.enumerator(atPath: directory.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".txtar") }.sorted().compactMap { path in
            let parts = path.dropLast(6).split(separator: "/")
            return parts.count == 2 ? StoreFixture(store: String(parts[0]), name: String(parts[1])) : nil
        }
    }()

    private var file: URL { Self.directory.appending(path: "\(store)/\(name).txtar") }

    func archive() throws -> Txtar { Txtar(try String(contentsOf: file, encoding: .utf8)) }

    func anchors(_ archive: Txtar) throws -> [TrustAnchor] {
        let text = Array(try #require(archive["anchor"]).utf8)
        return try PEM.blocks(in: text).compactMap(\.certificate).map { der in
            TrustAnchor(admitted: try Certificate(der: der))
        }
    }

    func root(_ archive: Txtar) throws -> Snapshot { try SnapshotFixture(archive).snapshot }

    /// The plan that trusts the anchor.
    func plan(_ archive: Txtar) throws -> Plan {
        try Plan(.trust(try anchors(archive)), for: try root(archive), using: KnownStores.all())
    }

    /// Writes down what was found, in place of what was expected.
    func record(_ archive: Txtar, _ found: [Txtar.Section]) throws {
        var archive = archive
        archive.sections.removeAll { section in
            section.name == "plan" || section.name == "setting" || section.name.hasPrefix("after/")
        }
        archive.sections += found
        try Data(archive.text.utf8).write(to: file)
    }
}

extension Plan {
    /// The steps as lines: the store, the path, and why; then what the owner should know.
    var lines: String {
        (steps.map { "\($0.store): \($0.change.path): \($0.purpose)" }
            + diagnostics.map { "note \($0.id): \($0.message)" }).map { $0 + "\n" }.joined()
    }
}
