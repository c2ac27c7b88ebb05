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
        /// openat2(2) with `RESOLVE_NO_XDEV` too: no mount is entered but these, by their physical paths. Never by hand.
        case withinMount(entering: [RootPath])
    }

    package let top: Directory
    package let resolver: Resolver

    package init(_ path: FilePath, resolver: Resolver = .kernel) throws(Errno) {
        self.init(try Directory(path), resolver: resolver)
    }

    /// The root at a directory that is already open.
    package init(_ top: Directory, resolver: Resolver) {
        self.top = top
        self.resolver = resolver
    }

    /// Whether the kernel keeps paths below one mount, as `Resolver.withinMount` needs it: Linux 5.6 and later do.
    package var isConfined: Bool {
        (try? directory(inside: top, at: Array(".".utf8)[...], resolve: clinux_resolve_no_xdev)) != nil
    }

    /// Opens the directory at a physical path; `Errno.tooManySymbolicLinkLevels` or `notDirectory` where a link is met.
    package func directory(at path: RootPath) throws(Errno) -> Directory {
        if path == .root { return top }
        switch resolver {
        case .byHand: return try directoryByHand(at: path)
        case .withinMount(let mounts): return try directoryWithinMount(at: path, entering: mounts)
        case .kernel: break
        }
        do throws(Errno) {
            return try directory(inside: top, at: path.bytes.dropFirst(), resolve: 0)
        } catch {
            switch error {
            // Older kernels don't know the call; older container sandboxes forbid what they don't know.
            case .noFunction, .notPermitted: return try directoryByHand(at: path)
            default: throw error
            }
        }
    }

    /// Goes from mount to mount: what leads up to each is opened without crossing any, then its last name alone.
    private func directoryWithinMount(at path: RootPath, entering mounts: [RootPath]) throws(Errno) -> Directory {
        var here = top
        var covered = 0
        for mount in mounts.filter({ path.isInside($0) && $0 != .root }).sorted(by: { $0.bytes.count < $1.bytes.count })
        where mount.bytes.count > covered {
            let above = mount.bytes[..<(mount.bytes.count - mount.name.count - 1)].dropFirst(covered + 1)
            if !above.isEmpty { here = try directory(inside: here, at: above, resolve: clinux_resolve_no_xdev) }
            here = try here.directory(mount.name)
            covered = mount.bytes.count
        }
        let rest = path.bytes.dropFirst(covered + 1)
        return rest.isEmpty ? here : try directory(inside: here, at: rest, resolve: clinux_resolve_no_xdev)
    }

    private func directory(
        inside directory: Directory, at path: ArraySlice<UInt8>, resolve: UInt64
    ) throws(Errno) -> Directory {
        let flags = clinux_o_path | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let resolve = resolve | clinux_resolve_in_root | clinux_resolve_no_symlinks | clinux_resolve_no_magiclinks
        let descriptor = try systemCall {
            withCString(path) { clinux_openat2(directory.descriptor, $0, flags, resolve) }
        }
        return Directory(adopting: descriptor, at: directory.location(of: path))
    }

    private func directoryByHand(at path: RootPath) throws(Errno) -> Directory {
        var here = top
        for name in path.components { here = try here.directory(name) }
        return here
    }
}
