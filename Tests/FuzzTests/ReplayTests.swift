import Foundation
import Testing

/// The inputs in `Tests/FuzzCases/TARGET`: a few made by hand, from which `make fuzz` starts, and all that it ever found.
@Suite("What was fuzzed stays right")
struct ReplayTests {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "FuzzCases")

    struct Case: CustomTestStringConvertible, Sendable {
        let target: FuzzTarget
        let name: String

        var testDescription: String { "\(target.name)/\(name)" }
    }

    static func cases(of target: FuzzTarget) -> [Case] {
        let folder = directory.appending(path: target.name).path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { Case(target: target, name: $0) }
    }

    @Test("every case is replayed", arguments: FuzzTarget.all.flatMap(cases))
    func replay(_ fuzzed: Case) throws {
        let file = Self.directory.appending(path: "\(fuzzed.target.name)/\(fuzzed.name)")
        try fuzzed.target.check([UInt8](try Data(contentsOf: file)))
    }

    @Test("cut off anywhere, a case does no harm", arguments: FuzzTarget.all.flatMap(cases))
    func truncated(_ fuzzed: Case) throws {
        let file = Self.directory.appending(path: "\(fuzzed.target.name)/\(fuzzed.name)")
        let bytes = [UInt8](try Data(contentsOf: file))
        for step in 0..<16 { try fuzzed.target.check(Array(bytes.prefix(bytes.count * step / 16))) }
    }

    @Test("every target has cases, and every case a target")
    func targets() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.directory.path)
        #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
        for target in FuzzTarget.all { #expect(!Self.cases(of: target).isEmpty, "\(target.name)") }
    }
}
