public import Caisson
internal import LocalDisk
internal import RootFS
public import SystemPackage

/// Where records are kept, outside of every root that is changed.
public struct StateDirectory: Hashable, Sendable {
    /// Its path on this machine.
    public let path: FilePath

    /// The directory at a path; nothing is looked at yet.
    public init(_ path: FilePath) { self.path = path }

    /// `/var/lib/caisson` for the host; else `caisson` in `$XDG_STATE_HOME` or in `~/.local/state`.
    ///
    /// As the XDG Base Directory Specification (0.8) says, a relative `XDG_STATE_HOME` is ignored. Root without a home,
    /// as in a service, uses the host's.
    /// - Throws: `CaissonError` of kind `usage` where the environment names no directory.
    public static func choose(
        environment: [String: String], euid: UInt32, forHost: Bool
    ) throws(CaissonError) -> StateDirectory {
        let host = StateDirectory("/var/lib/caisson")
        if forHost { return host }
        for (variable, below) in [("XDG_STATE_HOME", "caisson"), ("HOME", ".local/state/caisson")] {
            let base = FilePath(environment[variable] ?? "")
            if base.isAbsolute { return StateDirectory(base.pushing(FilePath(below))) }
        }
        if euid == 0 { return host }
        throw CaissonError(
            .usage, "state directory", "neither XDG_STATE_HOME nor HOME is set", hint: "set HOME to your home directory"
        )
    }
}

extension StateDirectory {
    /// Opens it; nil where there is none yet.
    ///
    /// - Throws: `CaissonError` of kind `permission` if it isn't the user's own, or others can write to it.
    func open(user: UInt32) throws(CaissonError) -> Directory? {
        let directory: Directory
        do throws(Errno) {
            directory = try Directory(path, followingLast: false)
        } catch {
            switch error {
            case .noSuchFileOrDirectory: return nil
            case .notDirectory, .tooManySymbolicLinkLevels: throw refused("it isn't a directory")
            default: throw CaissonError(error, subject, "cannot open the state directory")
            }
        }
        try check(directory, user: user)
        return directory
    }

    /// Whether it is there and belongs to root.
    var isRoots: Bool { (try? Directory(path, followingLast: false).status())?.owner == 0 }

    /// Opens it to write into, and creates it, 0700, where there is none yet.
    func create(user: UInt32, on disk: Disk) throws(CaissonError) -> Directory {
        if let directory = try open(user: user) { return directory }
        do throws(Errno) {
            var here = try Directory(path.isAbsolute ? "/" : ".")
            for component in path.components {
                here = try Self.enter(Array(component.string.utf8), in: here, on: disk)
            }
        } catch {
            throw CaissonError(error, subject, "cannot create the state directory")
        }
        guard let directory = try open(user: user) else { throw refused("it vanished as it was created") }
        return directory
    }

    /// The directory of this name, over a link too; created, and made durable, where there is none.
    private static func enter(_ name: [UInt8], in parent: Directory, on disk: Disk) throws(Errno) -> Directory {
        if try parent.status(of: name[...]) == nil {
            do throws(Errno) {
                let directory = try disk.createDirectory(name, in: parent)
                try disk.synchronize(try parent.opened())
                return directory
            } catch Errno.fileExists {
                // Another run was faster.
            }
        }
        return try parent.directory(name[...], followingLink: true)
    }

    private func check(_ directory: Directory, user: UInt32) throws(CaissonError) {
        let status: Status
        do throws(Errno) { status = try directory.status() } catch {
            throw CaissonError(error, subject, "cannot look at the state directory")
        }
        guard status.kind == .directory else { throw refused("it isn't a directory") }
        guard status.owner == user else { throw refused("it belongs to user \(status.owner), not to user \(user)") }
        guard status.mode & 0o022 == 0 else { throw refused("others can write to it") }
    }

    private func refused(_ reason: String) -> CaissonError {
        CaissonError(
            .permission, subject, "the state directory is refused: \(reason)",
            hint: "it must be a directory of your own that nobody else can write to; see XDG_STATE_HOME")
    }

    private var subject: String { printable(path.string) }
}
