internal import CLinux
internal import Glibc
package import RootFS
package import SystemPackage

/// A directory taken as the root of a file system that may be hostile: no path leads out of it.
///
/// Only physical paths are opened, and the kernel is told to follow no link at all on the way. Whoever needs a link
/// followed reads it and looks up what it says, so there is one place that decides where links lead.
package struct Root: Sendable {
    /// How a path of several components is opened.
    package enum Resolver: Sendable {
        /// openat2(2) with `RESOLVE_IN_ROOT` and `RESOLVE_NO_SYMLINKS`; by hand where the kernel lacks it.
        case kernel
        /// One component at a time.
        case byHand
    }

    package let top: Directory
    package let resolver: Resolver

    package init(_ path: FilePath, resolver: Resolver = .kernel) throws(Errno) {
        top = try Directory(path)
        self.resolver = resolver
    }

    /// Opens the directory at a physical path; `Errno.tooManySymbolicLinkLevels` or `notDirectory` where a link is met.
    package func directory(at path: RootPath) throws(Errno) -> Directory {
        if path == .root { return top }
        guard resolver == .kernel else { return try directoryByHand(at: path) }
        do throws(Errno) {
            return try directoryByKernel(at: path)
        } catch {
            switch error {
            // Older kernels don't know the call; older container sandboxes forbid what they don't know.
            case .noFunction, .notPermitted: return try directoryByHand(at: path)
            default: throw error
            }
        }
    }

    private func directoryByKernel(at path: RootPath) throws(Errno) -> Directory {
        let flags = clinux_o_path | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let resolve = clinux_resolve_in_root | clinux_resolve_no_symlinks | clinux_resolve_no_magiclinks
        let inside = path.bytes.dropFirst()
        let descriptor = try systemCall {
            withCString(inside) { clinux_openat2(top.descriptor, $0, flags, resolve) }
        }
        return Directory(adopting: descriptor, at: top.location(of: inside))
    }

    private func directoryByHand(at path: RootPath) throws(Errno) -> Directory {
        var here = top
        for name in path.components { here = try here.directory(name) }
        return here
    }
}
