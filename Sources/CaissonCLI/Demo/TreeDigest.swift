import LocalDisk
import RootFS
import SystemPackage
import TrustAnchors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A digest over everything in a directory: names, kinds, modes, modification times, contents and link targets.
struct TreeDigest: Hashable {
    let value: Fingerprint
    /// How many entries there are.
    let count: Int

    init(of path: String) {
        var lines: [UInt8] = []
        count = Self.describe(path, as: "", into: &lines)
        value = Fingerprint(of: lines)
    }

    private static func describe(_ path: String, as name: String, into lines: inout [UInt8]) -> Int {
        guard let status = LocalDisk.Status(at: FilePath(path)) else { return 0 }
        let time = status.modified
        lines += "\(name) \(status.kind) \(status.mode) \(time.seconds).\(time.nanoseconds) ".utf8
        var count = 1
        switch status.kind {
        case .symlink:
            var target = [CChar](repeating: 0, count: 4096)
            let length = readlink(path, &target, target.count)
            lines += target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
        case .directory:
            for entry in Self.names(in: path) {
                count += describe(path + "/" + entry, as: name + "/" + entry, into: &lines)
            }
        default:
            let contents = (try? CertificateSource.files(named: path))?.first?.bytes ?? []
            lines += Fingerprint(of: contents).bytes
        }
        lines.append(UInt8(ascii: "\n"))
        return count
    }

    private static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
