import Caisson
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

/// A scratch directory with a small Debian-like root file system in it.
struct DemoDirectory {
    let path: String

    var root: String { path + "/root" }

    /// Makes an empty one where temporary files belong.
    init() throws(CaissonError) {
        let parent = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array((parent + "/caisson-demo.XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CaissonError(
                .cannotCreate, printable(parent), "cannot make a directory in it",
                hint: "let TMPDIR name a directory that this user may write to")
        }
        path = template.withUnsafeBufferPointer { buffer in
            String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// Lays out what a Debian image has with `ca-certificates` installed, with one root of the distribution's own.
    func layOut(packagedRoot: [UInt8]) throws(CaissonError) {
        let pem = PEM.encode(packagedRoot)
        for directory in [
            "", "/etc", "/etc/ssl", "/etc/ssl/certs", "/usr", "/usr/sbin", "/usr/share", "/usr/share/ca-certificates",
            "/usr/share/ca-certificates/demo", "/usr/local", "/usr/local/share", "/usr/local/share/ca-certificates",
        ] {
            guard mkdir(root + directory, 0o755) == 0 else { throw failure(directory) }
        }
        try write(Array("PRETTY_NAME=\"Demo Linux\"\nID=debian\n".utf8), to: "/etc/os-release")
        try write(Array("#!/bin/sh\n".utf8), to: "/usr/sbin/update-ca-certificates", mode: 0o755)
        try write(Array("demo/Demo_Public_Root.crt\n".utf8), to: "/etc/ca-certificates.conf")
        try write(pem, to: "/usr/share/ca-certificates/demo/Demo_Public_Root.crt")
        try write(pem, to: "/etc/ssl/certs/ca-certificates.crt")
        try link("/usr/share/ca-certificates/demo/Demo_Public_Root.crt", from: "/etc/ssl/certs/Demo_Public_Root.pem")
        guard let hash = SubjectHash.current(of: packagedRoot) else { return }
        let digits = String(hash, radix: 16)
        let name = String(repeating: "0", count: 8 - digits.count) + digits
        try link("Demo_Public_Root.pem", from: "/etc/ssl/certs/\(name).0")
    }

    /// The certificates of the root's bundle, DER: what a client there would trust.
    func bundle() throws(CaissonError) -> [[UInt8]] {
        let file = root + "/etc/ssl/certs/ca-certificates.crt"
        return try CertificateSource.files(named: file).flatMap { source in
            PEM.blocks(in: source.bytes).compactMap(\.certificate)
        }
    }

    /// Takes everything away again; only ever what `init` has made. What is written meanwhile goes as well.
    func remove() {
        for _ in 0..<100 where access(path, F_OK) == 0 { Self.remove(path) }
    }

    private static func remove(_ path: String) {
        guard let status = LocalDisk.Status(at: FilePath(path)) else { return }
        guard status.kind == .directory, let directory = opendir(path) else {
            unlink(path)
            return
        }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        closedir(directory)
        for name in names { remove(path + "/" + name) }
        rmdir(path)
    }

    private func write(_ bytes: [UInt8], to name: String, mode: mode_t = 0o644) throws(CaissonError) {
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(root + name), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: FilePermissions(rawValue: CInterop.Mode(mode)))
            _ = try descriptor.closeAfter { try descriptor.writeAll(bytes) }
        } catch {
            throw failure(name)
        }
    }

    private func link(_ target: String, from name: String) throws(CaissonError) {
        guard symlink(target, root + name) == 0 else { throw failure(name) }
    }

    private func failure(_ name: String) -> CaissonError {
        CaissonError(.cannotCreate, printable(root + name), "cannot make it for the demo")
    }
}
