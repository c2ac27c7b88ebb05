import Foundation
import Testing

@Suite("inspect and convert", .scratch)
struct CertificateCommandTests {
    @Test("inspect shows what openssl shows of a certificate")
    func inspect() async throws {
        let ca = try await Authority.make()
        let shown = try await caisson("inspect", ca.certificate).checked().output
        let openssl = try await run(
            "openssl", "x509", "-in", ca.certificate, "-noout", "-serial", "-fingerprint", "-sha1", "-subject_hash",
            "-subject_hash_old")
        for line in openssl.split(separator: "\n") {
            let value = line.split(separator: "=").last.map(String.init) ?? ""
            #expect(shown.contains(value.lowercased().filter { $0 != ":" }), "\(line)")
        }
        #expect(shown.contains("O=Acme Corp, CN=Acme Proxy CA"))
        #expect(shown.contains(try await ca.fingerprint.dropFirst("sha256:".count)))
        #expect(shown.contains("EC secp256r1"))
        #expect(!shown.contains("error:") && !shown.contains("warning:"))
    }

    @Test("inspect --json tells findings by their identifiers")
    func json() async throws {
        let ca = try await Authority.make()
        let server = try Scratch.current.write(try await ca.issue(), to: "server.pem")
        let output = try await caisson("inspect", server, "--json").checked().output
        let document = try JSONDecoder().decode(InspectDocument.self, from: Data(output.utf8))
        #expect(document.version == 1)
        let findings = document.sources.flatMap(\.certificates).flatMap(\.findings)
        #expect(findings.contains(.init(id: "not-a-ca", severity: "error")))
        #expect(findings.contains(.init(id: "not-a-root", severity: "warning")))
    }

    @Test("inspect exits 0 on what it could read, and --check makes errors 65")
    func check() async throws {
        let ca = try await Authority.make()
        let server = try Scratch.current.write(try await ca.issue(), to: "server.pem")
        #expect(try await caisson("inspect", server).status == 0)
        #expect(try await caisson("inspect", server, "--check").status == 65)
        #expect(try await caisson("inspect", ca.certificate, "--check").status == 0)
        let other = "sha256:" + String(repeating: "0", count: 64)
        #expect(try await caisson("inspect", ca.certificate, "--check", "--expect", other).status == 65)
        #expect(try await caisson("inspect", ca.directory + "/ca.key").status == 65)
        #expect(try await caisson("inspect").status == 64)
    }

    @Test("inspect reads standard input, and goes on after an input that isn't there")
    func inputs() async throws {
        let ca = try await Authority.make()
        let piped = try await outcome(of: [caissonExecutable, "inspect", "-"], input: ca.pem).checked()
        #expect(piped.output.contains("CN=Acme Proxy CA"))
        let both = try await caisson("inspect", "/no/such/file.pem", ca.certificate)
        #expect(both.status == 66)
        #expect(both.output.contains("CN=Acme Proxy CA"))
    }

    @Test("inspect takes a directory: what holds no certificate is named, what is malformed is an error")
    func directory() async throws {
        let ca = try await Authority.make()
        let folder = try Scratch.current.makeDirectory("anchors")
        let inside = { (name: String) in URL(filePath: "\(folder)/\(name)") }
        try Data(try ca.pem).write(to: inside("a.crt"))
        try Data("notes".utf8).write(to: inside("README"))
        try FileManager.default.createDirectory(at: inside("below"), withIntermediateDirectories: false)
        try Data("-----BEGIN CERTIFICATE-----\nAA".utf8).write(to: inside("below/broken.crt"))

        let good = try await caisson("inspect", folder, "--check").checked()
        #expect(good.errors.contains("README: skipped"))
        #expect(!good.output.contains("below"))

        try Data("-----BEGIN CERTIFICATE-----\nAA".utf8).write(to: inside("broken.crt"))
        let bad = try await caisson("inspect", folder)
        #expect(bad.status == 65)
        #expect(bad.output.contains("broken.crt: no certificate"))
        #expect(bad.output.contains("CN=Acme Proxy CA"))
    }

    @Test("inspect tells public roots where it is given them")
    func publicRoots() async throws {
        let ca = try await Authority.make()
        let shown = try await caisson("inspect", ca.certificate, "--public-roots", ca.certificate).checked()
        #expect(shown.output.contains("[public-root]"))
    }

    @Test("convert writes each certificate once, from any form")
    func convertMany() async throws {
        let (ca, other) = (try await Authority.make(), try await Authority.make("/CN=Other"))
        let text = Array("Some text\r\n".utf8)
        let bundle = try Scratch.current.write(text + ca.pem + other.pem + ca.pem, to: "bundle")
        let converted = try await caisson("convert", bundle, "-").checked()
        #expect(Array(converted.output.utf8) == (try ca.pem + other.pem))
        #expect(try await caisson("convert", bundle, "-", "--format", "der").status == 65)
    }

    @Test("convert replaces nothing that is different, unless told to, and keeps the mode then")
    func overwriting() async throws {
        let (ca, other) = (try await Authority.make(), try await Authority.make("/CN=Other"))
        let target = Scratch.current.path + "/out.crt"
        try await caisson("convert", ca.certificate, target).checked()
        try await run("chmod", "640", target)
        try await run("touch", "-d", "2001-01-01", target)

        try await caisson("convert", ca.certificate, target).checked()
        #expect(try await run("stat", "-c", "%a %y", target).hasPrefix("640 2001-01-01"))
        let refused = try await caisson("convert", other.certificate, target)
        #expect(refused.status == 73)
        #expect(refused.errors.contains("--force"))
        #expect(try text(ofFile: target) == String(decoding: try ca.pem, as: UTF8.self))

        try await caisson("convert", other.certificate, target, "--force").checked()
        #expect(try text(ofFile: target) == String(decoding: try other.pem, as: UTF8.self))
        #expect(try await run("stat", "-c", "%a", target) == "640\n")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: Scratch.current.path).filter { $0.hasPrefix(".") } == []
        )
    }

    @Test("convert says no to what it can't do")
    func refusals() async throws {
        let ca = try await Authority.make()
        let scratch = Scratch.current.path
        let both = try Scratch.current.write(
            try ca.pem + Array(text(ofFile: ca.directory + "/ca.key").utf8), to: "both.pem")
        #expect(try await caisson("convert", both, scratch + "/never.pem").status == 65)
        #expect(!FileManager.default.fileExists(atPath: scratch + "/never.pem"))
        #expect(try await caisson("convert", ca.certificate, scratch + "/name.unknown").status == 64)
        #expect(try await caisson("convert", ca.certificate, scratch + "/no/such/dir.pem").status == 73)
        #expect(try await caisson("convert", ca.certificate, "/dev/full", "--format", "pem").status == 73)
    }
}

/// What a test reads of `inspect --json`.
private struct InspectDocument: Decodable {
    struct Source: Decodable { let certificates: [Certificate] }
    struct Certificate: Decodable { let findings: [Finding] }
    struct Finding: Decodable, Equatable {
        let id: String
        let severity: String
    }

    let version: Int
    let sources: [Source]
}
