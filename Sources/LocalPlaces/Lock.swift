package import Caisson
internal import Journal
package import LocalDisk
internal import SystemPackage

/// The lock of a place: flock(2) on its root directory, so that nothing is left in it and a crash frees it.
package struct Lock: Sendable {
    private let file: OpenFile

    /// Waits until no other run holds the lock, up to `timeout`.
    ///
    /// - Throws: `CaissonError` of kind `locked` after that.
    package static func take(
        _ directory: Directory, of place: String, waiting timeout: Duration
    ) async throws(CaissonError) -> Lock {
        let file: OpenFile
        let clock = ContinuousClock()
        let deadline = clock.now + timeout
        var pause = Duration.milliseconds(1)
        do throws(Errno) {
            file = try directory.opened()
            while try !file.lock() {
                guard clock.now < deadline, await slept(for: min(pause, deadline - clock.now)) else {
                    throw .wouldBlock
                }
                pause = min(pause * 2, .milliseconds(20))
            }
        } catch Errno.wouldBlock {
            throw CaissonError(
                .locked, place, "another run is changing it", hint: "try again, or wait longer with --lock-timeout")
        } catch {
            throw CaissonError(error, place, "cannot lock it")
        }
        return Lock(file: file)
    }

    /// False if the task was cancelled instead.
    private static func slept(for duration: Duration) async -> Bool {
        do {
            try await Task.sleep(for: duration)
            return true
        } catch { return false }
    }
}
