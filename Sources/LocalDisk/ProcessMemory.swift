internal import CLinux

/// How this process gets memory from the system.
package enum ProcessMemory {
    /// Has all threads share one heap that grows in steps of 4 MiB. To be called before there are other threads.
    package static func useOneHeap() { clinux_use_one_heap() }
}
