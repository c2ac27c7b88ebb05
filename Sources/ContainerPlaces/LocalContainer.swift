internal import Engine
internal import LocalDisk
internal import RootFS
internal import SystemPackage

/// The root of a container whose processes run on this machine, opened once.
///
/// An engine elsewhere names process IDs that mean others here, or nothing. So what the engine says is believed only
/// where the kernel says the same.
struct LocalContainer: Sendable {
    let root: Directory
    let mounts: MountTable

    /// More than any of the small files of /proc has.
    private static let sizeLimit = 16 * 1024 * 1024

    /// Nil where it isn't proven that the container is here, or where this user may not look into it.
    ///
    /// The proof: the process that the engine names has the container's ID in its control groups or its mount table, its
    /// root is another one than ours, and the engine names the same process, started at the same moment, after its root
    /// was opened. A process that ends takes what was opened of its /proc entry with it, so no other can slip in.
    static func proven(
        _ container: ContainerDetails, at client: EngineClient
    ) async throws(EngineError) -> LocalContainer? {
        guard container.hasProcesses, Self.isID(container.id), let local = try? opened(container) else { return nil }
        let now = try await client.inspect(container.id)
        guard now.id == container.id, now.state.pid == container.state.pid,
            now.state.startedAt == container.state.startedAt
        else { return nil }
        return local
    }

    private static func opened(_ container: ContainerDetails) throws(Errno) -> LocalContainer? {
        let process = try Directory(FilePath("/proc/\(container.state.pid)"), followingLast: false)
        let root = try process.directory(name("root"), followingLink: true)
        let mounts = try process.open(name("mountinfo")).contents(limit: sizeLimit)
        let groups = try process.open(name("cgroup")).contents(limit: sizeLimit)
        let id = Array(container.id.utf8)
        guard groups.firstRange(of: id) != nil || mounts.firstRange(of: id) != nil else { return nil }
        let ours = try Directory("/").status()
        let theirs = try root.status()
        guard theirs.device != ours.device || theirs.inode != ours.inode else { return nil }
        // With other user IDs inside than outside the engine translates owners better than we could.
        let users = try process.open(name("uid_map")).contents(limit: sizeLimit)
        guard Self.isIdentity(users), Root(root, resolver: .withinMount(entering: [])).isConfined else { return nil }
        return LocalContainer(root: root, mounts: MountTable(mountinfo: mounts))
    }

    private static func name(_ text: StaticString) -> ArraySlice<UInt8> { Array(text.description.utf8)[...] }

    /// Whether it is the full ID, 64 hexadecimal digits: anything shorter could stand anywhere by chance.
    private static func isID(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func isIdentity(_ map: [UInt8]) -> Bool {
        let lines = map.split(separator: UInt8(ascii: "\n"))
        let fields = lines.first?.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        return lines.count == 1 && fields == ["0", "0", "4294967295"]
    }
}
