public import RootFS

extension CaissonError {
    /// What kept a plan from being made for `place`.
    public init(_ error: PlanError, in place: String) {
        switch error {
        case .notCaptured(let path):
            self.init(.inputOutput, "\(path) in \(place)", "it was needed for the plan but not looked at")
        case .tooManyLinks(let path):
            self.init(
                .inputOutput, "\(path) in \(place)",
                "it leads through more than \(Snapshot.linkLimit) links, or a loop",
                hint: "repair the link and try again")
        case .special(let path, let kind):
            self.init(
                .inputOutput, "\(path) in \(place)", "it is \(kind.rawValue), not a file",
                hint: "remove it and try again")
        case .notDirectory(let path):
            self.init(.inputOutput, "\(path) in \(place)", "something on the way to it isn't a directory")
        case .unsupported(let store, let setting):
            self.init(
                .unavailable, place,
                "its files are made from its settings (store \(store)); what is written won't last",
                hint: "make the setting on standard output", answer: setting)
        case .refused(let store, let path, let reason, let hint):
            self.init(.inputOutput, "\(path) in \(place)", "\(reason) (store \(store))", hint: hint)
        }
    }
}
