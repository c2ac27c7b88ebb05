import Foundation
import Testing

/// The commands as a user meets them, on roots that need no package.
@Suite("Commands", .serialized, .scratch)
struct CommandTests {
    @Test("each place is all or nothing, the others go on, the exit code is the first failure's")
    func severalPlaces() async throws {
        let ca = try await Authority.make()
        let (first, second) = (try Root.empty(), try Root.empty())

        let trust = try await caisson("trust", ca.certificate, first.place, "rootfs:/no/such/place", second.place)

        #expect(trust.status == 66)
        #expect(trust.errors.contains("/no/such/place"))
        #expect(try first.bytes(first.anchor()) == ca.pem)
        #expect(try second.bytes(second.anchor()) == ca.pem)
        try await caisson("undo").checked()
        #expect(try first.listing() == Root.empty().listing())
        #expect(try second.listing() == Root.empty().listing())
    }

    @Test("a pinned fingerprint lets no other certificate through")
    func pin() async throws {
        let (ca, other) = (try await Authority.make(), try await Authority.make("/CN=Other"))
        let root = try Root.empty()

        let refused = try await caisson("trust", other.certificate, root.place, "--expect", try await ca.fingerprint)
        #expect(refused.status == 65)
        #expect(try root.listing() == Root.empty().listing())

        let colons = try await run("openssl", "x509", "-in", ca.certificate, "-noout", "-fingerprint", "-sha256")
            .split(separator: "=").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        try await caisson("trust", ca.certificate, root.place, "--expect", colons ?? "").checked()
    }

    @Test("a private key in the input is refused, loudly, and nothing is written")
    func privateKey() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        let both = try Scratch.current.write(
            try ca.pem + Array(text(ofFile: ca.directory + "/ca.key").utf8), to: "both.pem")

        let refused = try await caisson("trust", both, root.place)

        #expect(refused.status == 65)
        #expect(refused.errors.contains("private key"))
        #expect(try root.listing() == Root.empty().listing())
    }

    @Test("exit codes follow sysexits")
    func exitCodes() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        let noCertificate = try Scratch.current.write(Array("text".utf8), to: "text.pem")

        #expect(try await caisson("trust", ca.certificate, "elsewhere:\(root.path)").status == 64)
        #expect(try await caisson("trust").status == 64)
        #expect(try await caisson("trust", noCertificate, root.place).status == 65)
        #expect(try await caisson("trust", "/no/such/file.pem", root.place).status == 66)
        #expect(try await caisson("inspect", "/no/such/file.pem").status == 66)
        #expect(try await caisson("distrust", "sha256:" + String(repeating: "0", count: 64), root.place).status == 0)
        #expect(try await caisson("--version").status == 0)
        #expect(try await caisson("--help").status == 0)
    }

    @Test("a link never leads out of the root")
    func hostileLinks() async throws {
        let ca = try await Authority.make()
        let outside = try Root.empty()
        try outside.write([], to: "/certs/ca-certificates.crt")
        let before = try outside.listing([.modified, .changed])
        let up = String(repeating: "../", count: 30)

        for target in [outside.path + "/certs", up + outside.path.dropFirst() + "/certs"] {
            let root = try Root.empty()
            try root.link("/etc/ssl/certs", to: target)
            _ = try await caisson("trust", ca.certificate, root.place)
            _ = try await caisson("status", root.place)
            expectSame(try outside.listing([.modified, .changed]), before)
        }
        let root = try Root.empty()
        try root.link("/etc/ssl/certs/ca-certificates.crt", to: outside.path + "/certs/ca-certificates.crt")
        try root.link("/usr", to: outside.path)
        _ = try await caisson("trust", ca.certificate, root.place)
        expectSame(try outside.listing([.modified, .changed]), before)
    }

    @Test("special files are refused, not opened", .timeLimit(.minutes(1)))
    func specialFiles() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        try root.write([], to: "/etc/ssl/certs/kept")
        try await run("mkfifo", root.local("/etc/ssl/certs/ca-certificates.crt"))

        let trust = try await caisson("trust", ca.certificate, root.place)

        #expect(trust.status != 0)
        #expect(trust.errors.contains("/etc/ssl/certs/ca-certificates.crt"))
    }

    @Test("runs at once on one root take turns, and all of them count")
    func concurrentRuns() async throws {
        let root = try Root.empty()
        var authorities: [Authority] = []
        for number in 1...6 { authorities.append(try await Authority.make("/CN=Number \(number)")) }

        try await withThrowingTaskGroup(of: Void.self) { group in
            for authority in authorities {
                group.addTask { try await caisson("trust", authority.certificate, root.place).checked() }
            }
            try await group.waitForAll()
        }

        #expect(root.names(in: "/usr/local/share/ca-certificates").count == 6)
        let bundle = String(decoding: try root.bytes("/etc/ssl/certs/ca-certificates.crt"), as: UTF8.self)
        #expect(bundle.split(separator: "-----BEGIN CERTIFICATE-----").count == 6)
        for _ in authorities { try await caisson("undo").checked() }
        #expect(try root.listing() == Root.empty().listing())
    }

    @Test("a root that another run holds is 75 when the wait is over")
    func locked() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()

        let held = try await run(
            "flock", root.path, "sh", "-c", "\"$0\" trust \"$1\" \"$2\" --lock-timeout 0; echo $?",
            caissonExecutable, ca.certificate, root.place)

        #expect(held.hasSuffix("75\n"))
        #expect(try root.listing() == Root.empty().listing())
    }

    @Test("undo refuses what was changed since, and --force takes it back")
    func conflict() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        let before = try root.listing()
        try await caisson("trust", ca.certificate, root.place).checked()
        try root.append("# added since\n", to: "/etc/ssl/certs/ca-certificates.crt")

        let refused = try await caisson("undo")
        #expect(refused.status != 0)
        #expect(refused.errors.contains("/etc/ssl/certs/ca-certificates.crt"))

        let forced = try await caisson("undo", "--force").checked()
        #expect((forced.output + forced.errors).contains("/etc/ssl/certs/ca-certificates.crt"))
        expectSame(try root.listing(), before)
    }

    @Test("a run that later runs build on is not undone: they are named, and distrust is offered")
    func builtUpon() async throws {
        let root = try Root.empty()
        let (one, two) = (try await Authority.make("/CN=One"), try await Authority.make("/CN=Two"))
        try await caisson("trust", one.certificate, root.place).checked()
        let first = try await caisson("history", "--json").checked().identifiers().first ?? ""
        try await caisson("trust", two.certificate, root.place).checked()
        let tree = try root.listing([.modified, .changed])

        let refused = try await caisson("undo", first)

        #expect(refused.status != 0)
        #expect(refused.errors.contains("distrust"))
        expectSame(try root.listing([.modified, .changed]), tree)
        try await caisson("undo").checked()
        try await caisson("undo").checked()
        #expect(try root.listing() == Root.empty().listing())
    }

    @Test("a store that is left out is left alone, whatever earlier runs did there")
    func storeLeftOut() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        try await caisson("trust", ca.certificate, root.place).checked()
        let before = try root.listing([.modified, .changed])

        try await caisson("distrust", ca.certificate, root.place, "--only", "debian").checked()

        expectSame(try root.listing([.modified, .changed]), before)
    }

    @Test("status sees an anchor, and drift")
    func status() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        try await caisson("trust", ca.certificate, root.place).checked()

        let clean = try await caisson("status", root.place, "--check").checked()
        #expect(clean.output.contains("Acme Proxy CA"))
        try root.write([], to: "/etc/ssl/certs/ca-certificates.crt")
        #expect(try await caisson("status", root.place).status == 0)
        let drifted = try await caisson("status", root.place, "--check")
        #expect(drifted.status == 1)
        #expect(drifted.output.contains("/etc/ssl/certs/ca-certificates.crt"))
    }

    @Test(
        "status says what clients can't use, and what to do",
        arguments: [
            ("rm BUNDLE", "isn't there"), (": > BUNDLE", "holds no certificate"),
            ("rm BUNDLE; mkfifo BUNDLE", "is a FIFO"), ("chmod 600 BUNDLE", "mode 600"),
        ])
    func unusable(damage: String, sentence: String) async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        try await caisson("trust", ca.certificate, root.place).checked()
        let bundle = root.local("/etc/ssl/certs/ca-certificates.crt")
        try await run("sh", "-c", damage.replacing("BUNDLE", with: "'\(bundle)'"))

        let status = try await caisson("status", root.place, "--check")

        #expect(status.status == 1)
        #expect(status.output.contains(sentence), "\(status.output)")
    }

    @Test("a bundle that is a link to nothing is refused by name", arguments: ["gone.crt", "/nowhere/gone.crt"])
    func danglingBundle(target: String) async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        try root.link("/etc/ssl/certs/ca-certificates.crt", to: target)
        let before = try root.listing()

        let trust = try await caisson("trust", ca.certificate, root.place)

        #expect(trust.status == 74)
        #expect(trust.errors.contains("it is a link to \(target), which isn't there"), "\(trust.errors)")
        expectSame(try root.listing(), before)
    }

    @Test("distrust warns of a private key beside the certificate that it withdraws")
    func keyBesideCertificate() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        let key = try await run("openssl", "genpkey", "-algorithm", "ed25519")
        let both = try Scratch.current.write(ca.pem + Array(key.utf8), to: "both.pem")
        let outcome = try await caisson("distrust", both, root.place).checked()
        #expect(outcome.errors.contains("PRIVATE KEY"))
    }

    @Test("a fingerprint that is too short is told from a file that isn't there")
    func shortFingerprint() async throws {
        let root = try Root.empty()
        let short = try await caisson("distrust", "AA:BB:CC:DD:EE:FF:00:11", root.place)
        #expect(short.status == 64)
        #expect(short.errors.contains("64 hexadecimal digits, this has 16"))
        #expect(try await caisson("distrust", "gone.crt", root.place).status == 66)
    }

    @Test("undo of a run whose place is gone names the run and what else can be done")
    func goneRoot() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        try await caisson("trust", ca.certificate, root.place).checked()
        let id = try #require(try await caisson("history").checked().output.split(separator: " ").first)
        try await run("rm", "-r", root.path)

        let undo = try await caisson("undo")

        #expect(undo.status == 66)
        #expect(undo.errors.contains(id) && undo.errors.contains("caisson history"), "\(undo.errors)")
    }

    @Test("status and a dry run need neither root nor a writable place", .enabled(if: geteuid() == 0))
    func unprivileged() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        try root.write([], to: "/etc/ssl/certs/ca-certificates.crt")
        let open = try Scratch.current.write(try ca.pem, to: "open.pem")
        try await run("chmod", "755", Scratch.current.path, root.path)
        try await run("chmod", "644", open)
        let before = try root.listing([.modified, .changed])

        for arguments in [["status", root.place], ["trust", open, root.place, "--dry-run"]] {
            let command =
                ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", caissonExecutable] + arguments
            let outcome = try await outcome(of: command, environment: ["HOME": "/nonexistent", "XDG_STATE_HOME": ""])
            #expect(outcome.status == 0, "\(outcome)")
        }
        expectSame(try root.listing([.modified, .changed]), before)
    }

    @Test("every --json is JSON")
    func json() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        for arguments in [
            ["trust", ca.certificate, root.place, "--dry-run", "--json"],
            ["trust", ca.certificate, root.place, "--json"],
            ["status", root.place, "--json"], ["history", "--json"], ["inspect", ca.certificate, "--json"],
        ] {
            let output = try await outcome(of: [caissonExecutable] + arguments).checked().output
            #expect(throws: Never.self, "\(arguments)") { try JSONSerialization.jsonObject(with: Data(output.utf8)) }
        }
    }

    @Test("a state directory that others can write is refused")
    func foreignState() async throws {
        let ca = try await Authority.make()
        let root = try Root.empty()
        try await run("chmod", "777", Scratch.current.path + "/state")
        try await run("mkdir", "-m", "777", Scratch.current.path + "/state/caisson")

        #expect(try await caisson("trust", ca.certificate, root.place).status == 77)
        #expect(try root.listing() == Root.empty().listing())
    }

    @Test("convert gives PEM from DER, and DER from PEM")
    func convert() async throws {
        let ca = try await Authority.make()
        let (der, pem) = (Scratch.current.path + "/ca.der", Scratch.current.path + "/back.pem")

        try await caisson("convert", ca.certificate, der).checked()
        try await caisson("convert", der, pem).checked()

        let theirs = Scratch.current.path + "/theirs.der"
        try await run("openssl", "x509", "-in", ca.certificate, "-outform", "DER", "-out", theirs)
        #expect(try Data(contentsOf: URL(filePath: der)) == Data(contentsOf: URL(filePath: theirs)))
        #expect(try [UInt8](Data(contentsOf: URL(filePath: pem))) == ca.pem)
    }

    @Test("demo succeeds, and leaves nothing behind")
    func demo() async throws {
        let demo = try await caisson("demo")
        #expect(demo.status == 0, "\(demo)")
    }
}
