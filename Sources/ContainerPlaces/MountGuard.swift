internal import Caisson
internal import Engine
internal import RootFS

/// Keeps a container's changes off what isn't the container's own: volumes, and directories of the host.
struct MountGuard: Sendable {
    let container: ContainerDetails
    let place: String
    let mounts: MountTable
    /// The mounts that the user wants changed, by their paths.
    let allowed: [RootPath]
    /// Whether a tmpfs can be written: the archive endpoint writes to one that nobody sees.
    let reachesTmpfs: Bool

    /// Refuses a plan with a step that can't be made, or that the user hasn't allowed.
    func check(_ plan: Plan) throws(CaissonError) {
        for path in plan.steps.map(\.change.path) {
            guard let mount = mounts.mount(holding: path) else {
                guard !isReadOnly else {
                    throw CaissonError(
                        .cannotCreate, place, "its root file system is read-only, so \(path) can't be changed",
                        hint: "trust the CA in its image, and recreate the container")
                }
                continue
            }
            try check(path, on: mount)
        }
    }

    private var isReadOnly: Bool { container.isReadOnly || mounts.isRootReadOnly }

    private func check(_ path: RootPath, on mount: MountTable.Mount) throws(CaissonError) {
        let origin = origin(of: mount.path)
        if path == mount.path {
            throw CaissonError(
                .unavailable, place, "\(path) is itself mounted (\(origin.name)) and can't be replaced from here",
                hint: origin.source.map { "change \(printable($0)) where it comes from" })
        }
        guard allowed.contains(mount.path) else {
            throw CaissonError(
                .unavailable, place,
                "\(path) lies on \(mount.path), \(origin.name): \(origin.owner), and nothing was changed",
                hint: "to change them all the same: --through-mounts \(mount.path)")
        }
        guard !mount.isReadOnly else {
            throw CaissonError(.cannotCreate, place, "\(path) lies on \(mount.path), which is mounted read-only")
        }
        guard !origin.isTmpfs || reachesTmpfs else {
            throw CaissonError(
                .unavailable, place, "\(path) lies on \(mount.path), a tmpfs that the engine's API can't write to")
        }
    }

    /// Where a mount comes from, in words.
    private func origin(of path: RootPath) -> (name: String, owner: String, source: String?, isTmpfs: Bool) {
        let known = container.mounts?.last { RootPath(bytes: $0.destination.utf8) == path }
        let isTmpfs =
            known?.type == "tmpfs"
            || container.hostConfig?.tmpfs?.keys.contains { RootPath(bytes: $0.utf8) == path } ?? false
        if isTmpfs { return ("a tmpfs", "its files are gone when the container stops", nil, true) }
        switch known?.type {
        case "volume":
            let name = printable(known?.name ?? "")
            return ("the volume \(name)", "its files are those of every container that uses it", nil, false)
        case "bind":
            let source = known?.source ?? ""
            return ("the host's \(printable(source))", "its files are the host's own", source, false)
        default: return ("a mount", "its files aren't the container's own", nil, false)
        }
    }
}

extension ContainerDetails {
    /// The paths of what was mounted when it was created.
    var mountPaths: [RootPath] {
        let paths = (mounts ?? []).map(\.destination) + (hostConfig?.tmpfs ?? [:]).keys.sorted()
        return paths.compactMap { RootPath(bytes: $0.utf8) }.filter { $0 != .root }
    }

    /// What the engine knows of its mounts, for containers whose own table can't be read.
    var mountTable: MountTable {
        let tmpfs = (hostConfig?.tmpfs ?? [:]).keys.map { (path: $0, isReadOnly: false) }
        let all = (mounts ?? []).map { (path: $0.destination, isReadOnly: $0.isWritable == false) } + tmpfs
        return MountTable(
            all.compactMap { mount in
                RootPath(bytes: mount.path.utf8).map { .init(path: $0, isReadOnly: mount.isReadOnly) }
            })
    }
}
