import Caisson
import RootFS

/// What a change to running containers can't reach, and how to make it last.
struct ContainerAdvice {
    /// One container that was changed.
    struct Aftermath: Hashable, Sendable {
        let place: String
        /// The programs that were running; they have loaded their trust already.
        let programs: [String]
    }

    private let changed: [Aftermath]
    private let command: Run.Command

    init(_ changed: [Aftermath], command: Run.Command) {
        self.changed = changed
        self.command = command
    }

    /// Says it on standard error; nothing where no container was changed.
    func tell() {
        for line in lines { Terminal.note(line) }
    }

    var lines: [String] {
        guard let first = changed.first else { return [] }
        var lines: [String] = []
        for container in changed where !container.programs.isEmpty {
            let names = container.programs.map { printable($0) }
            let shown =
                names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
            let what =
                command == .trust
                ? "don't see the change until they are restarted" : "may trust it until they are restarted"
            lines.append("\(container.place): started before the change, these \(what): \(shown)")
        }
        let name = first.place.dropFirst("container:".count)
        lines.append("the environment of a running container can't change, and a recreated one is without this change")
        lines.append("to make it last: docker commit \(name) IMAGE, then recreate the container from IMAGE")
        return lines
    }
}
