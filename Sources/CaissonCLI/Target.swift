import Caisson
import ImagePlaces
import Journal
import LocalDisk
import LocalPlaces
import RootFS
import SystemPackage

/// A place as the user names it on the command line.
enum Target: Hashable {
    case host
    case directory(String)
    /// The containers at an engine whose name the pattern fits, or the one whose name or ID it is. The engine is that
    /// of the command where it is nil.
    case containers(pattern: String, engine: String?)
    case image(ImageLocation)

    /// The forms that a place can have, for help and error messages.
    static let forms = "host, rootfs:DIR, container:NAME, oci:DIR[:TAG]"

    /// The places that `texts` name.
    static func all(_ texts: [String]) throws(CaissonError) -> [Target] {
        var targets: [Target] = []
        for text in texts { targets.append(try Target(text)) }
        return targets
    }

    init(_ text: String) throws(CaissonError) {
        if text == "host" {
            self = .host
        } else if text.hasPrefix("rootfs:") {
            let path = String(text.dropFirst("rootfs:".count))
            guard !path.isEmpty else {
                throw CaissonError(.usage, text, "the directory is missing", hint: "write rootfs:DIR")
            }
            self = .directory(path)
        } else if text.hasPrefix("container:") {
            // Container names hold no @ (moby's RestrictedNameChars), so that what follows one is the engine.
            let parts = text.dropFirst("container:".count).split(separator: "@", maxSplits: 1).map(String.init)
            guard let pattern = parts.first, !text.hasPrefix("container:@") else {
                throw CaissonError(
                    .usage, printable(text), "the container is missing", hint: "write container:NAME or container:*")
            }
            self = .containers(pattern: pattern, engine: parts.count == 2 ? parts[1] : nil)
        } else if let image = ImageLocation(text) {
            guard !image.path.isEmpty else {
                throw CaissonError(.usage, printable(text), "the directory is missing", hint: "write oci:DIR[:TAG]")
            }
            self = .image(image)
        } else {
            throw CaissonError(
                .usage, printable(text), "it is not a place", hint: "places are written: \(Self.forms)")
        }
    }

    /// The place for people.
    var name: String {
        switch self {
        case .host: "host"
        case .directory(let path): "rootfs:\(printable(path))"
        case .containers(let pattern, _): "container:\(printable(pattern))"
        case .image(let location): location.name
        }
    }

    /// Whether it is this machine itself, whose own root may be named as a directory too.
    private var isHost: Bool {
        switch self {
        case .host: true
        case .directory(let path): (try? Directory.realPath(of: FilePath(path))) == "/"
        case .containers, .image: false
        }
    }

    /// Opens a place of this machine; its records are in the state directory that belongs to it. Containers and images
    /// are found by `PlaceFinder`.
    func open(in environment: Environment) throws(CaissonError) -> any Place {
        let isHost = isHost
        let journal = try environment.journal(forHost: isHost)
        switch self {
        case .host: return try HostPlace(journal: journal)
        case .directory where isHost: return try HostPlace(journal: journal)
        case .directory(let path): return try DirectoryPlace(FilePath(path), named: name, journal: journal)
        case .containers: throw CaissonError(.usage, name, "a container isn't a place of this machine")
        case .image: throw CaissonError(.usage, name, "an image isn't a place of this machine")
        }
    }
}

extension Environment {
    func journal(forHost: Bool) throws(CaissonError) -> Journal {
        try Journal(in: stateDirectory(forHost: forHost)) { Terminal.warn($0.message) }
    }

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
