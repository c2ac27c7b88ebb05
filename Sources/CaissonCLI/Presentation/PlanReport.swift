import Caisson
import RootFS

/// A plan, or what was done by it, for people and as data.
struct PlanReport: Encodable {
    /// The whole output of a run. Version 1; fields are only ever added.
    struct Document: Encodable {
        let version = 1
        let places: [PlanReport]

        init(_ places: [PlanReport]) { self.places = places }
    }

    struct Line: Encodable {
        let path: String
        let action: String
        let store: String
        let purpose: String
        /// Sizes in bytes, of files.
        let sizeBefore: Int?
        let sizeAfter: Int?
        /// Where a new link leads.
        let target: String?
    }

    struct Warning: Encodable {
        let id: String
        let path: String?
        let message: String
    }

    let place: String
    /// Nil where nothing was recorded.
    let run: String?
    let command: String
    let dryRun: Bool
    let steps: [Line]
    let warnings: [Warning]

    /// `run` is the ID under which the plan was committed; nil for a dry run, and for an image, whose runs aren't recorded.
    init(_ plan: Plan, command: Run.Command, run: String?, isDryRun: Bool? = nil) {
        place = plan.root
        self.run = plan.steps.isEmpty ? nil : run
        self.command = command.name
        dryRun = isDryRun ?? (run == nil)
        steps = plan.steps.map(Line.init)
        warnings = plan.diagnostics.map { Warning(id: $0.id, path: $0.path?.description, message: $0.message) }
    }

    var text: String {
        guard !steps.isEmpty else { return "\(place): nothing to do" }
        let count = "\(steps.count) change\(steps.count == 1 ? "" : "s")"
        let lines = [dryRun ? "\(place): \(count) would be made" : "\(place): \(count) made"] + steps.map(\.text)
        guard let run else { return lines.joined(separator: "\n") }
        let back = command == "undo" ? "" : "\ntake it back with: caisson undo \(run)"
        return lines.joined(separator: "\n") + back
    }
}

extension PlanReport.Line {
    init(_ step: Step) {
        path = step.change.path.description
        store = step.store
        purpose = step.purpose
        sizeBefore = step.change.before.size
        sizeAfter = step.change.after.size
        (action, target) =
            switch (step.change.before, step.change.after) {
            case (_, .absent): ("remove", nil)
            case (.absent, .symlink(let target, _)): ("link", printable(target))
            case (_, .symlink(let target, _)): ("relink", printable(target))
            case (.absent, _): ("create", nil)
            default: ("change", nil)
            }
    }

    var text: String {
        let sign =
            switch action {
            case "remove": Terminal.style("-", .red)
            case "change", "relink": Terminal.style("~", .yellow)
            default: Terminal.style("+", .green)
            }
        let arrow = target.map { " -> \($0)" } ?? ""
        let size =
            switch (sizeBefore, sizeAfter) {
            case (let before?, let after?): " (\(before) -> \(after) bytes)"
            case (nil, let after?): " (\(after) bytes)"
            case (let before?, nil): " (\(before) bytes)"
            case (nil, nil): ""
            }
        return "  \(sign) \(path)\(arrow)\(size): \(purpose) [\(store)]"
    }
}

extension Node {
    fileprivate var size: Int? {
        guard case .file(let contents, _) = self else { return nil }
        return contents.count
    }
}

extension Run.Command {
    /// The word for it, as on the command line.
    var name: String {
        switch self {
        case .trust: "trust"
        case .distrust: "distrust"
        case .undo: "undo"
        }
    }
}
