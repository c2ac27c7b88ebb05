/// What will change in one root, in order: directories come before what they hold.
public struct Plan: Hashable, Sendable {
    /// The name of the root for people.
    public let root: String
    public let steps: [Step]
    public let diagnostics: [Diagnostic]

    public init(root: String, steps: [Step], diagnostics: [Diagnostic] = []) {
        self.root = root
        self.steps = steps
        self.diagnostics = diagnostics
    }

    /// The plan that takes this one back.
    public var inverse: Plan {
        let back = steps.reversed().map {
            Step($0.change.inverse, store: $0.store, purpose: "take back: \($0.purpose)")
        }
        return Plan(root: root, steps: back)
    }
}
