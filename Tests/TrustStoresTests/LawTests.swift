import RootFS
import Testing
import TrustAnchors

@testable import TrustStores

/// What holds for every store, on every fixture that can be written to.
@Suite("A plan")
struct LawTests {
    static let fixtures = StoreFixture.all.filter { fixture in
        (try? fixture.archive())?.sections.contains { $0.name == "setting" } == false
    }

    private func changes(_ plan: Plan) -> [Change] { plan.steps.map(\.change) }

    @Test("made twice is the same", arguments: fixtures)
    func determinism(_ fixture: StoreFixture) throws {
        let archive = try fixture.archive()
        #expect(try fixture.plan(archive) == fixture.plan(archive))
    }

    @Test("changes nothing the second time", arguments: fixtures)
    func idempotence(_ fixture: StoreFixture) throws {
        let archive = try fixture.archive()
        let after = try fixture.root(archive).applying(changes(try fixture.plan(archive)))
        let second = try Plan(.trust(try fixture.anchors(archive)), for: after, using: KnownStores.all())
        #expect(second.steps.map(\.change.path) == [])
    }

    @Test("for a bundle that is cut off at any byte is made all the same, and keeps what is left")
    func cutOff() throws {
        let fixture = StoreFixture(store: "bundle", name: "trust")
        let archive = try fixture.archive()
        let (root, anchors) = (try fixture.root(archive), try fixture.anchors(archive))
        let path: RootPath = "/etc/ssl/certs/ca-certificates.crt"
        guard case .file(let contents, let attributes) = try root.node(at: path) else {
            return #expect(Bool(false), "the fixture has no bundle")
        }
        for length in contents.indices {
            var cut = root
            let rest = Array(contents[..<length])
            cut.record(Entry(kind: .file(size: length, links: 1), attributes: attributes), at: path)
            cut.record(contents: rest, at: path)
            let after = cut.applying(changes(try Plan(.trust(anchors), for: cut, using: KnownStores.all())))
            #expect(try after.contents(of: path)?.starts(with: rest) == true, "cut off after \(length) bytes")
        }
    }

    @Test("is taken back to the byte", arguments: fixtures)
    func inverse(_ fixture: StoreFixture) throws {
        let archive = try fixture.archive()
        let before = try fixture.root(archive)
        let plan = try fixture.plan(archive)
        let back = before.applying(changes(plan)).applying(changes(plan.inverse))
        for path in plan.steps.map(\.change.path) { #expect(try back.node(at: path) == before.node(at: path)) }
    }

    @Test("is undone by distrust, as far as the tool itself would", arguments: fixtures)
    func withdrawal(_ fixture: StoreFixture) throws {
        let archive = try fixture.archive()
        let plan = try fixture.plan(archive)
        // A packaged certificate that was trusted is distrusted now.
        guard !plan.steps.isEmpty else { return }
        let root = try fixture.root(archive)
        // What a run of the tool makes of the root anyway, such as a link that it spells in another way.
        let nothing = try Plan(.withdraw([]), for: root, using: KnownStores.all())
        let before = root.applying(changes(nothing))

        var after = root.applying(changes(plan))
        after.createdHere = Set(changes(plan).filter { $0.before == .absent }.map(\.path))
        let fingerprints = Set(try fixture.anchors(archive).map(\.fingerprint))
        let back = try Plan(.withdraw(fingerprints), for: after, using: KnownStores.all())
        let end = after.applying(changes(back))

        for path in Set((plan.steps + back.steps + nothing.steps).map(\.change.path)) {
            let (left, right) = (try end.node(at: path), try before.node(at: path))
            // A tool that renames a new bundle into place leaves a file where a link to the packaged one was.
            if case .file(let contents, _) = left, case .symlink = right {
                #expect(try contents == before.contents(of: path), "\(path)")
            } else {
                #expect(left.matches(right), "\(path)")
            }
        }
    }

    @Test("moves no other certificate", arguments: fixtures)
    func order(_ fixture: StoreFixture) throws {
        let archive = try fixture.archive()
        let added = Set(try fixture.anchors(archive).map(\.der))
        for change in changes(try fixture.plan(archive)) {
            guard case .file(let old, _) = change.before, case .file(let new, _) = change.after else { continue }
            let kept = PEMBundle(new).certificates.filter { !added.contains($0) }
            #expect(kept == PEMBundle(old).certificates.filter { !added.contains($0) }, "\(change.path)")
        }
    }

    @Test("puts directories before what they hold", arguments: fixtures)
    func directories(_ fixture: StoreFixture) throws {
        let archive = try fixture.archive()
        var root = try fixture.root(archive)
        for change in changes(try fixture.plan(archive)) {
            if change.after != .absent, let parent = change.path.parent {
                #expect(try root.entry(at: parent)?.kind == .directory, "\(change.path)")
            }
            root = root.applying([change])
        }
    }
}
