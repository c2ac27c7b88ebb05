package import RootFS
package import SystemPackage

extension Directory {
    /// Everything that stands at a name, with its status from the same moment.
    ///
    /// Throws `Errno.fileTooLarge` for a file beyond `limit`, and `Errno.notSupported` for what no `Node` can be: a
    /// FIFO, socket or device, which isn't opened.
    package func node(_ name: ArraySlice<UInt8>, limit: Int) throws(Errno) -> (node: Node, status: Status?) {
        guard let status = try status(of: name) else { return (.absent, nil) }
        switch status.kind {
        case .file:
            let file = try open(name)
            let opened = try file.status()
            guard opened.kind == .file else { throw .notSupported }
            var attributes = opened.attributes
            attributes.extended = try file.extendedAttributes()
            return (.file(contents: try file.contents(size: opened.size, limit: limit), attributes), opened)
        case .symlink:
            return (.symlink(to: try linkTarget(of: name), status.attributes), status)
        case .directory:
            let file = try directory(name).opened()
            var attributes = status.attributes
            attributes.extended = try file.extendedAttributes()
            return (.directory(attributes), status)
        case .special:
            throw .notSupported
        }
    }
}
