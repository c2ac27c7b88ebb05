import Foundation
import RootFS
import Tar
import Testing

@Suite("Tar archives")
struct TarTests {
    private static let long = Array(String(repeating: "long-name/", count: 20).utf8) + Array("end".utf8)

    private static let entries = [
        TarEntry(
            name: Array("etc/ssl".utf8), kind: .directory,
            attributes: Attributes(mode: 0o755, modified: Timestamp(seconds: 1_700_000_000))),
        TarEntry(
            name: Array("etc/ssl/a.pem".utf8), kind: .file(Array("certificate\n".utf8)),
            attributes: Attributes(
                mode: 0o644, owner: 3_000_000, group: 42, modified: Timestamp(seconds: 1_700_000_000, nanoseconds: 5),
                extended: [ExtendedAttribute(name: "user.note", value: [0, 10, 61])])),
        TarEntry(
            name: long, kind: .symlink(to: Array("../".utf8) + long),
            attributes: Attributes(mode: 0o777, modified: Timestamp(seconds: 0))),
        TarEntry(
            name: Array("b.pem".utf8), kind: .hardLink(to: Array("etc/ssl/a.pem".utf8)),
            attributes: Attributes(mode: 0o644, modified: Timestamp(seconds: 1))),
        TarEntry(
            name: [0x66, 0xFF, 0x0A], kind: .file([]),
            attributes: Attributes(mode: 0o4755, modified: Timestamp(seconds: 8_589_934_592))),
    ]

    @Test("what is written is read back as it was")
    func roundTrip() throws {
        #expect(try TarReader.entries(of: TarWriter.archive(of: Self.entries)) == Self.entries)
    }

    @Test("GNU tar reads what is written")
    func readByTar() throws {
        let listing = try tar(
            ["--list", "--verbose", "--numeric-owner", "--full-time"], TarWriter.archive(of: Self.entries))
        let text = String(decoding: listing, as: UTF8.self)
        #expect(text.contains("-rw-r--r-- 3000000/42"))
        #expect(text.contains("b.pem link to etc/ssl/a.pem"))
        #expect(text.contains("\(String(decoding: Self.long, as: UTF8.self)) -> ../"))
    }

    @Test("what GNU tar writes is read, in each of its formats", arguments: ["ustar", "gnu", "pax"])
    func writtenByTar(format: String) throws {
        let directory = NSTemporaryDirectory() + "caisson-tar.\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory + "/in/sub", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let name = format == "ustar" ? String(repeating: "n", count: 90) : String(repeating: "n", count: 140)
        try Data("hello\n".utf8).write(to: URL(filePath: "\(directory)/in/sub/\(name)"))
        try FileManager.default.linkItem(
            atPath: "\(directory)/in/sub/\(name)", toPath: "\(directory)/in/sub/another")
        try FileManager.default.createSymbolicLink(atPath: "\(directory)/in/link", withDestinationPath: "sub/\(name)")
        let archive = try tar(["--create", "--format=\(format)", "--sort=name", "--directory=\(directory)", "in"], [])

        let entries = try TarReader.entries(of: archive)

        #expect(
            entries.map { String(decoding: $0.name, as: UTF8.self) } == [
                "in/", "in/link", "in/sub/", "in/sub/another", "in/sub/\(name)",
            ])
        #expect(entries[1].kind == .symlink(to: Array("sub/\(name)".utf8)))
        #expect(entries[3].kind == .file(Array("hello\n".utf8)))
        #expect(entries[4].kind == .hardLink(to: Array("in/sub/another".utf8)))
    }

    @Test("an archive that is cut off anywhere, or has a byte wrong, is an error or an archive, never a trap")
    func hostile() {
        let archive = TarWriter.archive(of: Self.entries)
        for length in stride(from: 0, to: archive.count, by: 7) {
            _ = try? TarReader.entries(of: Array(archive[..<length]))
        }
        for index in stride(from: 0, to: archive.count, by: 5) {
            var changed = archive
            changed[index] ^= 0xFF
            _ = try? TarReader.entries(of: changed)
        }
    }

    @Test("a member that claims to be larger than the archive is refused")
    func tooLarge() {
        var archive = TarWriter.archive(of: [Self.entries[4]])
        // The size field, in binary: the largest there is.
        archive.replaceSubrange(124..<136, with: [0x80] + [UInt8](repeating: 0xFF, count: 11))
        #expect(throws: TarError.self) { try TarReader.entries(of: archive) }
    }

    @Test("more members than allowed are refused")
    func tooMany() {
        let archive = TarWriter.archive(of: Self.entries)
        #expect(throws: TarError.tooManyEntries(3)) { try TarReader.entries(of: archive, entryLimit: 3) }
    }

    private func tar(_ arguments: [String], _ input: [UInt8]) throws -> [UInt8] {
        let file = NSTemporaryDirectory() + "caisson-tar.\(UUID().uuidString)"
        try Data(input).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["tar"] + arguments
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"]
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: file))
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return [UInt8](bytes)
    }
}
