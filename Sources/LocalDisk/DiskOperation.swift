/// One system call that changes the disk, as an observer sees it before it is made.
package enum DiskOperation: Hashable, Sendable {
    case createFile([UInt8])
    case write([UInt8])
    case setOwner([UInt8])
    case setMode([UInt8])
    case setTime([UInt8])
    case setAttribute([UInt8])
    /// Makes a file's bytes, or a directory's names, survive a power cut.
    case synchronize([UInt8])
    case createDirectory([UInt8])
    case createLink([UInt8])
    case rename([UInt8], to: [UInt8])
    case removeFile([UInt8])
    case removeDirectory([UInt8])
}
