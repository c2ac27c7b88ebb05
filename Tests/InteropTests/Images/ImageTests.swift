import Foundation
import RootFS
import Tar
import Testing

/// Images in OCI layouts; skopeo and umoci read what Caisson writes.
@Suite("Images", .scratch)
struct ImageTests {
    private static let bundle = "etc/ssl/certs/ca-certificates.crt"

    /// A root as small images have it: a bundle, and directories with modes of their own.
    private func root(_ bundle: [UInt8]) -> [TarEntry] {
        [
            .directory("etc"), .directory("etc/ssl", mode: 0o751), .directory("etc/ssl/certs"),
            .file(Self.bundle, bundle), .file("etc/os-release", Array("ID=wolfi-like\n".utf8)),
        ]
    }

    private func changed(_ arguments: String...) async throws -> String {
        let output = try await outcome(of: [caissonExecutable] + arguments).checked().output
        #expect(output.hasPrefix("sha256:") && output.count == 72, "\(output)")
        return output.trimmingCharacters(in: .newlines)
    }

    private func unpack(_ place: String) async throws -> String {
        let directory = Scratch.current.path + "/unpacked-\(UUID().uuidString.prefix(8))"
        try await run("umoci", "unpack", "--rootless", "--image", String(place.dropFirst(4)), directory)
        return directory + "/rootfs"
    }

    @Test("umoci unpacks what is added, with the directories' modes", arguments: TestLayout.Packing.allCases)
    func added(packing: TestLayout.Packing) async throws {
        let (old, ca) = (try await Authority.make("/CN=Public"), try await Authority.make())
        var layout = try TestLayout()
        let image = try await layout.image([root(try old.pem), [.file("app", [1])]], packing: packing)
        let place = try layout.tag(image, "app")

        let digest = try await changed("trust", ca.certificate, place, "--to", "oci:\(layout.path)-new:app")

        let result = "oci:\(layout.path)-new:app"
        #expect(try await run("skopeo", "inspect", "--format", "{{.Digest}}", result).contains(digest))
        try await run("skopeo", "copy", "-q", result, "dir:\(Scratch.current.path)/copied")
        // umoci 0.4 unpacks no zstd.
        guard packing != .zstd else { return }
        let files = try await unpack(result)
        #expect(try text(ofFile: "\(files)/\(Self.bundle)").contains(String(decoding: try ca.pem, as: UTF8.self)))
        #expect(try await run("stat", "--format=%a", "\(files)/etc/ssl") == "751\n")
    }

    @Test("a second trust gives the same digest, distrust the original one", arguments: [false, true])
    func inverse(isDocker: Bool) async throws {
        let (old, ca) = (try await Authority.make("/CN=Public"), try await Authority.make())
        let other = try await Authority.make("/CN=Other")
        var layout = try TestLayout()
        let image = try await layout.image([root(try old.pem)], isDocker: isDocker)
        let place = try layout.tag(image, "app")

        let first = try await changed("trust", ca.certificate, place, "--in-place")
        #expect(try await changed("trust", ca.certificate, place, "--in-place") == first)
        // Rotation leaves one layer.
        _ = try await changed("trust", other.certificate, place, "--in-place")
        _ = try await changed("distrust", try await ca.fingerprint, place, "--in-place")
        // skopeo finds no manifest of Docker's type in a layout.
        if !isDocker { #expect(try await run("skopeo", "inspect", "--format", "{{len .Layers}}", place) == "2\n") }
        #expect(try await run(caissonExecutable, "status", place).contains("Other"))

        let last = try await changed("distrust", try await other.fingerprint, place, "--in-place")
        #expect(last == (try digest(in: image)))
    }

    @Test("every platform of an index, nested too; Windows passes, attestations go and come back")
    func index() async throws {
        let (old, ca) = (try await Authority.make("/CN=Public"), try await Authority.make())
        var layout = try TestLayout()
        let amd = try await layout.image([root(try old.pem)])
        let arm = try await layout.image([root(try old.pem)], architecture: "arm64")
        let windows = try await layout.image([[.file("Files/x")]], os: "windows")
        let attestation = try layout.attestation(of: try digest(in: amd))
        let index = try layout.index([amd, try layout.index([arm]), windows, attestation])
        let place = try layout.tag(index, "app")
        let copy = "oci:\(layout.path)-new:app"

        let outcome = try await caisson("trust", ca.certificate, place, "--to", copy).checked()
        #expect(outcome.errors.contains("image for windows/amd64"))
        #expect(outcome.errors.contains("\(try digest(in: attestation)) no longer applies and is left out"))
        #expect(outcome.errors.contains("(linux/arm64): ") && outcome.errors.contains("(linux/amd64): "))
        // skopeo copies no nested index: the image that it finds for this platform must do.
        try await run("skopeo", "--override-arch", "amd64", "copy", "-q", copy, "dir:\(Scratch.current.path)/copied")
        #expect(try await changed("trust", ca.certificate, copy, "--in-place") + "\n" == outcome.output)

        #expect(try await changed("distrust", ca.certificate, copy, "--in-place") == (try digest(in: index)))

        let kept = try await caisson(
            "trust", ca.certificate, place, "--to", copy, "--platform", "linux/arm64", "--keep-attestations"
        ).checked()
        #expect(!kept.errors.contains("(linux/amd64): ") && !kept.errors.contains("left out"))
        #expect(try await changed("distrust", ca.certificate, copy, "--in-place") == (try digest(in: index)))
    }

    @Test("the bundle that counts is the one that is left by all layers")
    func layers() async throws {
        let (old, newer) = (try await Authority.make("/CN=Old"), try await Authority.make("/CN=Newer"))
        let ca = try await Authority.make()
        var layout = try TestLayout()
        let image = try await layout.image([
            root(try old.pem) + [.hardLink("etc/bundle.pem", to: Self.bundle)],
            [.file("etc/ssl/.wh..wh..opq"), .file(Self.bundle, try newer.pem)], [.file("etc/.wh.bundle.pem")],
        ])
        let place = try layout.tag(image, "app")

        _ = try await changed("trust", ca.certificate, place, "--in-place")

        let files = try await unpack(place)
        let text = try text(ofFile: "\(files)/\(Self.bundle)")
        #expect(text.contains(String(decoding: try newer.pem, as: UTF8.self)))
        #expect(text.contains(String(decoding: try ca.pem, as: UTF8.self)))
        #expect(!text.contains(String(decoding: try old.pem, as: UTF8.self)))
    }

    @Test("the same inputs give the same digest, under another umask, locale and time zone")
    func reproducible() async throws {
        let (old, ca) = (try await Authority.make("/CN=Public"), try await Authority.make())
        var layout = try TestLayout()
        let place = try layout.tag(try await layout.image([root(try old.pem)]), "app")

        let here = try await changed("trust", ca.certificate, place, "--to", "oci:\(layout.path)-1:app")
        let there = try await outcome(
            of: ["sh", "-c", "umask 077; exec \"$0\" \"$@\"", caissonExecutable, "trust", ca.certificate, place]
                + ["--to", "oci:\(layout.path)-2:other"],
            environment: ["TZ": "Asia/Tokyo", "LC_ALL": "C"]
        ).checked()

        #expect(there.output == here + "\n")
    }

    @Test("the JSON of a run says whether it was a dry one", arguments: [false, true])
    func json(isDry: Bool) async throws {
        let (old, ca) = (try await Authority.make("/CN=Public"), try await Authority.make())
        var layout = try TestLayout()
        let place = try layout.tag(try await layout.image([root(try old.pem)]), "app")

        let arguments = ["trust", ca.certificate, place, "--in-place", "--json"] + (isDry ? ["--dry-run"] : [])
        let output = try await outcome(of: [caissonExecutable] + arguments).checked().output

        struct Report: Decodable {
            struct Place: Decodable { let dryRun: Bool }
            let dryRun: Bool
            let places: [Place]
        }
        let report = try JSONDecoder().decode(Report.self, from: Data(output.utf8))
        #expect(report.dryRun == isDry)
        #expect(report.places.map(\.dryRun) == [isDry])
    }

    @Test("what can't be done is refused, and nothing is changed")
    func refusals() async throws {
        let (old, ca) = (try await Authority.make("/CN=Public"), try await Authority.make())
        var layout = try TestLayout()
        let image = try await layout.image([root(try old.pem)])
        let place = try layout.tag(image, "app")
        let many = try layout.tag(
            try await layout.image([root(try old.pem)] + (1..<125).map { [.file("f\($0)")] }, packing: .plain), "many")
        let windows = try layout.tag(try await layout.image([[.file("Files/x")]], os: "windows"), "windows")
        let before = try text(ofFile: layout.path + "/index.json")

        #expect(try await caisson("trust", ca.certificate, place).status == 64)
        #expect(
            try await caisson("trust", ca.certificate, place, "rootfs:\(Scratch.current.path)", "--in-place").status
                == 64)
        #expect(try await caisson("trust", ca.certificate, "oci:\(layout.path):no", "--in-place").status == 66)
        #expect(try await caisson("trust", ca.certificate, windows, "--in-place").status == 65)
        let outcome = try await caisson("trust", ca.certificate, many, "--in-place")
        #expect(outcome.status == 65 && outcome.errors.contains("125 layers"))
        #expect(try await caisson("trust", ca.certificate, place, "--dry-run").output.contains("would be made"))
        #expect(try text(ofFile: layout.path + "/index.json") == before)
    }

    @Test("a layer that lies or is cut off is refused")
    func hostile() async throws {
        let ca = try await Authority.make()
        let zeros = [TarEntry.file("zeros", [UInt8](repeating: 0, count: 1 << 20))]
        for damage in ["other bytes", "cut off"] {
            var layout = try TestLayout()
            let place = try layout.tag(try await layout.image([zeros]), "app")
            for name in try FileManager.default.contentsOfDirectory(atPath: layout.path + "/blobs/sha256") {
                let file = URL(filePath: "\(layout.path)/blobs/sha256/\(name)")
                var bytes = try Data(contentsOf: file)
                guard bytes.first == 0x1F else { continue }
                if damage == "cut off" { bytes.removeLast(20) } else { bytes[bytes.count / 2] ^= 1 }
                try bytes.write(to: file)
            }
            let outcome = try await caisson("trust", ca.certificate, place, "--in-place")
            #expect(outcome.status == 65 && outcome.errors.contains("corrupt"), "\(damage): \(outcome.errors)")
        }
    }
}
