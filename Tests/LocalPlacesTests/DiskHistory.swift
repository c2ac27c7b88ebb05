import CLinux
import Glibc
import LocalDisk
import RootFS
import Synchronization
import SystemPackage
import Testing

/// A recording file system layer: everything that stood in a scratch directory before each operation on the disk.
///
/// From it follows what a disk may hold after a power cut: all that was made durable, and any part of the rest.
final class DiskHistory: Sendable {
    /// A file, directory or link, whatever its name: inode numbers are used again, times of birth aren't.
    struct Identity: Hashable, Sendable {
        let inode: UInt64
        let born: Timestamp?
    }

    /// What something was at one moment; a directory has entries.
    struct State: Sendable {
        let node: Node
        var entries: [[UInt8]: Identity] = [:]
    }

    struct Moment: Sendable {
        let top: Identity
        let states: [Identity: State]
        /// Nil after the last operation.
        let operation: DiskOperation?
    }

    private let path: String
    private let recorded = Mutex<[Moment]>([])
    /// What last stood at each path, since some operations name a path from before a directory was renamed.
    private let identities = Mutex<[[UInt8]: Identity]>([:])

    init(of path: String) { self.path = path }

    var moments: [Moment] { recorded.withLock { $0 } }

    var observer: Disk.Observer {
        { [self] operation throws(Errno) in try record(before: operation) }
    }

    /// Notes how everything is once the last operation has been made.
    func end() throws { try record(before: nil) }

    private func record(before operation: DiskOperation?) throws(Errno) {
        var states: [Identity: State] = [:]
        let top = try note(try Directory(FilePath(path)), in: &states)
        recorded.withLock { $0.append(Moment(top: top, states: states, operation: operation)) }
    }

    private func note(_ directory: Directory, in states: inout [Identity: State]) throws(Errno) -> Identity {
        let status = try directory.status()
        var attributes = status.attributes
        attributes.extended = try directory.opened().extendedAttributes()
        var state = State(node: .directory(attributes))
        for name in try directory.names(limit: 10_000) {
            let location = directory.location + "/".utf8 + name
            if try directory.status(of: name[...])?.kind == .directory {
                state.entries[name] = try note(try directory.directory(name[...]), in: &states)
            } else {
                let (node, status) = try directory.node(name[...], limit: 1 << 20)
                let identity = Identity(inode: status?.inode ?? 0, born: Self.born(location))
                states[identity] = State(node: node)
                state.entries[name] = identity
            }
            if let identity = state.entries[name] { identities.withLock { $0[location] = identity } }
        }
        let identity = Identity(inode: status.inode, born: directory.born())
        identities.withLock { $0[directory.location] = identity }
        states[identity] = state
        return identity
    }

    private static func born(_ location: [UInt8]) -> Timestamp? {
        let descriptor = open(String(decoding: location, as: UTF8.self), clinux_o_path | O_NOFOLLOW)
        defer { close(descriptor) }
        var (seconds, nanoseconds) = (Int64(0), UInt32(0))
        guard clinux_birth_time(descriptor, &seconds, &nanoseconds) == 0 else { return nil }
        return Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// For each moment, since which one what is durable was made so.
    ///
    /// Several files are made durable at a time: that is done when the next operation of another kind comes.
    func durable() -> [[Identity: Int]] {
        var known: [Identity: Int] = [:]
        var underWay: [Identity: Int] = [:]
        return moments.enumerated().map { index, moment in
            if case .synchronize(let location)? = moment.operation {
                if let identity = identities.withLock({ $0[location] }) { underWay[identity] = index }
            } else {
                known.merge(underWay) { _, new in new }
                underWay = [:]
            }
            return known
        }
    }
}
