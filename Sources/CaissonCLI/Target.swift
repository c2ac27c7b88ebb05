import Caisson
import Journal
import LocalDisk
import LocalPlaces
import RootFS
import SystemPackage

/// A place as the user names it on the command line.
enum Target: Hashable {
    case host
    case directory(String)

    /// The forms that a place can have, for help and error messages.
    static let forms = "host, rootfs:DIR"

    init(_ text: String) throws(CaissonError) {
        if text == "host" {
            self = .host
        } else if text.hasPrefix("rootfs:") {
            let path = String(text.dropFirst("rootfs:".count))
            guard !path.isEmpty else {
                throw CaissonError(.usage, text, "the directory is missing", hint: "write rootfs:DIR")
            }
            self = .directory(path)
        } else {
            throw CaissonError(
                .usage, printable(text), "it is not a place", hint: "places are written: \(Self.forms)")
        }
    }

    /// Opens the place; its records are in the state directory that belongs to it.
    func open(in environment: Environment) throws(CaissonError) -> any Place {
        let journal = try journal(in: environment)
        switch self {
        case .host: return try HostPlace(journal: journal)
        case .directory(let path):
            return try DirectoryPlace(FilePath(path), named: "rootfs:\(printable(path))", journal: journal)
        }
    }

    private func journal(in environment: Environment) throws(CaissonError) -> Journal {
        try Journal(in: environment.stateDirectory(forHost: self == .host)) { Terminal.warn($0.message) }
    }
}

extension Environment {
    func stateDirectory(forHost: Bool) throws(CaissonError) -> StateDirectory {
        try StateDirectory.choose(environment: variables, euid: effectiveUser, forHost: forHost)
    }

    /// The journals of this user: the host's and their own, without repetition.
    func journals() throws(CaissonError) -> [Journal] {
        var states = [try stateDirectory(forHost: true)]
        let own = try stateDirectory(forHost: false)
        if !states.contains(own) { states.append(own) }
        // Another user's host journal can't be looked into, and isn't this user's to take back.
        return states.compactMap { state in
            let journal = Journal(in: state) { Terminal.warn($0.message) }
            if effectiveUser != 0, state != own { return nil }
            return journal
        }
    }
}
