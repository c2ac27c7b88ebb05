import Foundation
import RootFS
import Testing
import TrustAnchors

@testable import TrustStores

@Suite("Every store")
struct StoreFixtureTests {
    static let stores = KnownStores.all().map(\.name)
    static let docs = StoreFixture.directory.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/stores")

    @Test("has a fixture and a page", arguments: stores)
    func completeness(store: String) {
        let fixture = StoreFixture.directory.appending(path: "\(store)/trust.txtar").path
        let page = Self.docs.appending(path: "\(store).md").path
        #expect(FileManager.default.fileExists(atPath: fixture), "Tests/Fixtures/\(store)/trust.txtar is missing")
        #expect(FileManager.default.fileExists(atPath: page), "docs/stores/\(store).md is missing")
    }

    @Test("has a name of its own, in lower case with hyphens")
    func names() {
        #expect(Set(Self.stores).count == Self.stores.count)
        for name in Self.stores { #expect(name.allSatisfy { $0.isLowercase || $0 == "-" }, "\(name)") }
    }

    @Test("makes of a root what its fixture says", arguments: StoreFixture.all)
    func fixture(_ fixture: StoreFixture) throws {
        let archive = try fixture.archive()
        var found: [Txtar.Section]
        do {
            let plan = try fixture.plan(archive)
            found = [Txtar.Section(name: "plan", text: plan.lines)] + SnapshotFixture.sections(of: plan)
        } catch PlanError.unsupported(let store, let setting) {
            #expect(store == fixture.store)
            found = [Txtar.Section(name: "setting", text: setting)]
        }
        let expected = archive.sections.filter { section in
            section.name == "plan" || section.name == "setting" || section.name.hasPrefix("after/")
        }
        guard !StoreFixture.isRecording else {
            try fixture.record(archive, found)
            Issue.record("recorded")
            return
        }
        #expect(found.map(\.name) == expected.map(\.name))
        for (found, expected) in zip(found, expected) { #expect(found.text == expected.text, "\(found.name)") }
    }
}
