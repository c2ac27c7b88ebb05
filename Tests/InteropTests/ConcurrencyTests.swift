import Foundation
import Testing

/// Processes that change one root at the same time take turns: the end is as if they had run one after the other.
@Suite("Runs at once on one root", .scratch, .needsDebianRoots)
struct ConcurrencyTests {
    @Test("fifty of them trust and distrust: none is lost, and each can be taken back", .timeLimit(.minutes(5)))
    func fifty() async throws {
        let old = try await authorities("Old")
        let new = try await authorities("New")
        let root = try await DebianRelease.trixie.withFewCertificates()
        let (untouched, before) = (try await root.copy(), try root.listing(.modified))
        let bundle = try Scratch.current.write(old.flatMap { try $0.pem }, to: "old.pem")
        try await caisson("trust", bundle, root.place).checked()

        try await withThrowingTaskGroup(of: Void.self) { group in
            for (command, authority) in zip(old, new).flatMap({ [("distrust", $0), ("trust", $1)] }) {
                group.addTask {
                    try await caisson(command, authority.certificate, root.place, "--lock-timeout", "240").checked()
                }
            }
            try await group.waitForAll()
        }

        // The distribution's own tool makes the same root of the anchors that have to be left.
        let anchors = "/usr/local/share/ca-certificates"
        let names = root.names(in: anchors).filter { $0.hasSuffix(".crt") }
        #expect(Set(try names.map { try root.bytes("\(anchors)/\($0)") }) == Set(try new.map { try $0.pem }))
        for name in names { try untouched.write(root.bytes("\(anchors)/\(name)"), to: "\(anchors)/\(name)") }
        try await untouched.runInside("update-ca-certificates")
        expectSame(try root.listing(), try untouched.listing())

        let runs = try await caisson("history", "--json").checked().identifiers()
        #expect(runs.count == 51 && Set(runs).count == 51)
        #expect(runs == runs.sorted(by: >), "listed as they happened, the latest first")
        for _ in runs { try await caisson("undo").checked() }
        expectSame(try root.listing(.modified), before)
    }

    private func authorities(_ name: String) async throws -> [Authority] {
        var made: [Authority] = []
        for number in 1...25 { made.append(try await Authority.make("/O=Acme Corp/CN=\(name) \(number)")) }
        return made
    }
}
