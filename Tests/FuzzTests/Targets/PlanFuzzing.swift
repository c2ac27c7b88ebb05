import RootFS

@testable import TrustAnchors
@testable import TrustStores

/// A whole root, in which every file that isn't the tool's own is hostile.
///
/// The first byte chooses the family; the contents of its files follow, in the order of `FuzzRoot.files`, with a line
/// `%%` after each. A file without contents isn't there.
enum PlanFuzzing {
    static func check(_ input: [UInt8]) throws {
        guard let number = input.first else { return }
        let family = FuzzRoot.families[Int(number) % FuzzRoot.families.count]
        let root = family.snapshot(contents: pieces(of: input.dropFirst()))
        let anchor = TrustAnchor(admitted: try Certificate(der: SampleCertificate.der))

        for store in KnownStores.all() { _ = try ignoringRefusal { () throws(PlanError) in try store.survey(root) } }
        let after = try check(.trust([anchor]), in: root)
        _ = try check(.withdraw([anchor.fingerprint]), in: root)
        if let after { _ = try check(.withdraw([anchor.fingerprint]), in: after) }
    }

    /// Checks the plan for an intent, and gives the root that it leads to; nil where none can be made.
    private static func check(_ intent: Intent, in root: Snapshot) throws(Violation) -> Snapshot? {
        func plan(_ root: Snapshot) throws(Violation) -> Plan? {
            try ignoringRefusal { () throws(PlanError) in try Plan(intent, for: root, using: KnownStores.all()) }
        }
        guard let plan = try plan(root) else { return nil }
        let after = root.applying(plan.steps.map(\.change))
        let again = try Self.describe(
            ignoringRefusal { () throws(PlanError) in
                try Plan(intent, for: after, using: KnownStores.all())
            })
        try require(again == "", "a second run changes nothing, but: \(again)")

        let back = after.applying(plan.inverse.steps.map(\.change))
        for path in plan.steps.map(\.change.path) {
            let nodes = try ignoringRefusal { () throws(PlanError) in (try back.node(at: path), try root.node(at: path))
            }
            try require(nodes.map { $0.0 == $0.1 } ?? false, "a plan is taken back to the byte: \(path)")
        }
        return after
    }

    private static func describe(_ plan: Plan?) -> String {
        guard let plan else { return "it is refused" }
        // `openssl rehash` isn't done after one run in odd directories, such as with two links to one file.
        let steps = plan.steps.filter { HashLink(Array($0.change.path.name)) == nil }
        return steps.map { "\($0.store) \($0.change.path)" }.joined(separator: ", ")
    }

    /// A store may refuse a root; that it asks for what no place would have read is a defect.
    private static func ignoringRefusal<Value>(_ body: () throws(PlanError) -> Value) throws(Violation) -> Value? {
        do {
            return try body()
        } catch .notCaptured(let path) {
            throw Violation(description: "a store asks only for what it named: \(path)")
        } catch {
            return nil
        }
    }

    private static func pieces(of input: ArraySlice<UInt8>) -> [[UInt8]] {
        let mark = Array("%%\n".utf8)
        var pieces: [[UInt8]] = []
        var piece: [UInt8] = []
        for byte in input {
            piece.append(byte)
            if byte == 0x0A, piece.suffix(3).elementsEqual(mark) {
                pieces.append(piece.dropLast(3))
                piece = []
            }
        }
        return pieces + [piece]
    }
}
