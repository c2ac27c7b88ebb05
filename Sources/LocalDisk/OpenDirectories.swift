package import RootFS
package import SystemPackage

/// The directories of a root that were opened lately, so that neighbours need no second walk.
package struct OpenDirectories {
    /// Few enough for the usual limit of 1024 descriptors a process.
    private static let capacity = 64

    package let root: Root
    private var open: [RootPath: Directory] = [:]

    package init(_ root: Root) { self.root = root }

    /// The directory at a physical path.
    package mutating func directory(at path: RootPath) throws(Errno) -> Directory {
        if let known = open[path] { return known }
        let directory = try root.directory(at: path)
        keep(directory, at: path)
        return directory
    }

    private mutating func keep(_ directory: Directory, at path: RootPath) {
        if open.count >= Self.capacity { open.removeAll(keepingCapacity: true) }
        open[path] = directory
    }
}
