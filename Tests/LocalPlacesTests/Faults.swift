import LocalDisk
import Synchronization
import SystemPackage

/// Watches the operations on a disk, and makes one of them fail, once or from then on.
///
/// Failing from then on is, seen from the disk, the same as a crash: nothing after it happens.
final class Faults: Sendable {
    private let error: Errno
    private let persistent: Bool
    private let position: Int
    private let operations = Mutex<[DiskOperation]>([])

    init(failing position: Int = .max, with error: Errno = .ioError, persistently: Bool = false) {
        self.position = position
        self.error = error
        persistent = persistently
    }

    var log: [DiskOperation] { operations.withLock { $0 } }
    /// Whether the run came as far as the operation that was to fail.
    var hit: Bool { log.count > position }

    var observer: Disk.Observer {
        { [self] operation throws(Errno) in
            let number = operations.withLock { log in
                log.append(operation)
                return log.count - 1
            }
            if number == position || (persistent && number > position) { throw error }
        }
    }
}
