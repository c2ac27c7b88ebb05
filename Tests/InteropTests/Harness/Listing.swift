import CLinux
import Crypto
import Foundation
import Testing

/// Everything that is to be said about a tree: one line for each path, with type, mode, owner, group, size, digest,
/// link target and extended attributes, and the times on demand.
struct Listing: Equatable {
    struct Details: OptionSet {
        let rawValue: Int
        /// The time of the last change of the content, in nanoseconds.
        static let modified = Details(rawValue: 1)
        /// The time of the last change of anything. It can't be set, so nothing was written where it is the same.
        static let changed = Details(rawValue: 2)
    }

    private(set) var lines: [String: String] = [:]

    /// What two trees differ in, as lines to read.
    func difference(to other: Listing) -> [String] {
        Set(lines.keys).union(other.lines.keys).sorted().flatMap { path -> [String] in
            let (mine, theirs) = (lines[path], other.lines[path])
            guard mine != theirs else { return [] }
            return [mine.map { "- \(path) \($0)" }, theirs.map { "+ \(path) \($0)" }].compactMap { $0 }
        }
    }
}

/// Expects two listings to say the same, and shows what they differ in: `-` is only in the first, `+` in the second.
func expectSame(_ mine: Listing, _ theirs: Listing, sourceLocation: SourceLocation = #_sourceLocation) {
    let difference = mine.difference(to: theirs)
    #expect(difference.isEmpty, "\(difference.joined(separator: "\n"))", sourceLocation: sourceLocation)
}

extension Root {
    /// The listing of the tree below a directory of the root.
    ///
    /// - Parameter ignoring: paths left out, with all below them.
    func listing(
        of directory: String = "", _ details: Listing.Details = [], ignoring: [String] = []
    ) throws -> Listing {
        var listing = Listing()
        try listing.read(directory.isEmpty ? "/" : directory, in: self, details, ignoring: Set(ignoring))
        return listing
    }
}

extension Listing {
    fileprivate mutating func read(
        _ path: String, in root: Root, _ details: Details, ignoring: Set<String>
    ) throws {
        if ignoring.contains(path) { return }
        let local = root.local(path)
        var status = stat()
        guard lstat(local, &status) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }

        var line = [try kind(of: local, status)]
        line.append(String(status.st_mode & 0o7777, radix: 8))
        line.append("\(status.st_uid):\(status.st_gid)")
        line += extendedAttributes(of: local, status)
        if details.contains(.modified) {
            line.append("modified \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)")
        }
        if details.contains(.changed) {
            line.append("changed \(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec)")
        }
        lines[path] = line.joined(separator: " ")

        guard status.st_mode & S_IFMT == S_IFDIR else { return }
        for name in try FileManager.default.contentsOfDirectory(atPath: local) {
            try read(path == "/" ? "/" + name : path + "/" + name, in: root, details, ignoring: ignoring)
        }
    }

    private func kind(of local: String, _ status: stat) throws -> String {
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return "directory"
        case S_IFLNK: return "link to " + (try FileManager.default.destinationOfSymbolicLink(atPath: local))
        case S_IFREG:
            let bytes = try Data(contentsOf: URL(filePath: local), options: .alwaysMapped)
            let digest = SHA256.hash(data: bytes).prefix(8).map { String(Int($0) + 0x100, radix: 16).dropFirst() }
                .joined()
            return "file of \(status.st_size) bytes \(digest)"
        case S_IFCHR, S_IFBLK: return "device \(status.st_rdev)"
        default: return "special"
        }
    }

    /// None of links and devices, which aren't opened.
    private func extendedAttributes(of local: String, _ status: stat) -> [String] {
        guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { return [] }
        let file = open(local, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var names = [CChar](repeating: 0, count: 4096)
        let length = clinux_flistxattr(file, &names, names.count)
        guard length > 0 else { return [] }
        return names[..<length].split(separator: 0).map { name in
            let name = String(decoding: name.map(UInt8.init(bitPattern:)), as: UTF8.self)
            var value = [UInt8](repeating: 0, count: 4096)
            let count = clinux_fgetxattr(file, name, &value, value.count)
            return "\(name)=\(value[..<max(0, count)].map { String($0, radix: 16) }.joined(separator: "."))"
        }.sorted()
    }
}
