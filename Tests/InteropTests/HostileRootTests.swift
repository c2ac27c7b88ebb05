import Foundation
import Testing

/// Roots made to mislead, or to hurt: each attempt gets its sentence, and nothing outside of the root is touched.
@Suite("A hostile root", .scratch)
struct HostileRootTests {
    static let bundle = "/etc/ssl/certs/ca-certificates.crt"
    static let anchors = "/usr/local/share/ca-certificates"

    /// A root as Debian's package leaves it, with one public certificate.
    private func debian(_ certificate: [UInt8]) throws -> Root {
        let root = try Root.empty()
        try root.write(Array("ID=debian\n".utf8), to: "/etc/os-release")
        try root.write(Array("#!/bin/sh -e\n".utf8), to: "/usr/sbin/update-ca-certificates")
        try root.write(Array("mozilla/One.crt\n".utf8), to: "/etc/ca-certificates.conf")
        try root.write(certificate, to: "/usr/share/ca-certificates/mozilla/One.crt")
        try root.link("/etc/ssl/certs/One.pem", to: "/usr/share/ca-certificates/mozilla/One.crt")
        try root.write(certificate, to: Self.bundle)
        try root.write(certificate, to: Self.anchors + "/corporate.crt")
        return root
    }

    // MARK: Links

    @Test(
        "with a link out of it, absolute or by `..`, is not followed there",
        arguments: [
            ("/etc/ssl/certs", "/certs"), (bundle, "/certs/ca-certificates.crt"), (anchors, "/anchors"),
            (anchors + "/corporate.crt", "/anchors/theirs.crt"), ("/usr/local", ""), ("/etc/os-release", "/os-release"),
            ("/usr/share/ca-certificates/mozilla", "/mozilla"), ("/etc/ssl/certs/One.pem", "/mozilla/theirs.crt"),
            ("/etc", ""), ("/etc/ca-certificates.conf", "/os-release"),
        ])
    func linkOut(at path: String, to target: String) async throws {
        let (ca, other) = (try await Authority.make(), try await Authority.make("/CN=Public One"))
        let canary = try await Canary(try other.pem)
        for up in ["", String(repeating: "../", count: 30)] {
            let root = try debian(try other.pem)
            try await run("rm", "-rf", root.local(path))
            try root.link(path, to: up + canary.path.dropFirst(up.isEmpty ? 0 : 1) + target)
            let before = try root.listing(.modified)

            let trust = try await canary.watch("trust", ca.certificate, root.place)
            _ = try await canary.watch("status", root.place)
            if trust.status == 0 {
                _ = try await canary.watch("distrust", ca.certificate, root.place).checked()
                for _ in 1...2 { _ = try await canary.watch("undo").checked() }
            } else {
                #expect(trust.status == 74, "\(trust)")
            }
            expectSame(try root.listing(.modified), before)
            try await canary.expectUntouched()
        }
    }

    @Test("in which a directory and a link out of it take turns, again and again, is not left")
    func swapped() async throws {
        let (ca, other) = (try await Authority.make(), try await Authority.make("/CN=Public One"))
        let canary = try await Canary(try other.pem)
        let root = try debian(try other.pem)
        try root.link("/etc/out", to: canary.path + "/certs")
        try root.link("/usr/local/share/out", to: canary.path + "/anchors")
        // renameat2 with RENAME_EXCHANGE, for which there is no command.
        let script = """
            import ctypes, sys
            call = ctypes.CDLL(None).renameat2
            pairs = [(b"etc/ssl/certs", b"etc/out"), (b"usr/local/share/ca-certificates", b"usr/local/share/out")]
            print("ready", flush=True)
            while True:
                for one, other in pairs:
                    call(-100, sys.argv[1].encode() + b"/" + one, -100, sys.argv[1].encode() + b"/" + other, 2)
            """
        let meddler = try await BackgroundProcess.start(["python3", "-c", script, root.path], until: "(ready)").process

        for _ in 1...25 {
            for command in ["trust", "distrust"] {
                let outcome = try await canary.watch(command, ca.certificate, root.place)
                #expect([0, 74, 75].contains(outcome.status), "\(outcome)")
            }
        }

        meddler.stop()
        try await canary.expectUntouched()
    }

    @Test("with more than 40 links on the way, or a loop, is 74", arguments: ["loop", "itself", "chain"])
    func manyLinks(_ kind: String) async throws {
        let (ca, other) = (try await Authority.make(), try await Authority.make("/CN=Public One"))
        let root = try debian(try other.pem)
        try root.remove(Self.bundle)
        switch kind {
        case "loop":
            try root.link(Self.bundle, to: "two")
            try root.link("/etc/ssl/certs/two", to: "ca-certificates.crt")
        case "itself": try root.link(Self.bundle, to: "../certs/ca-certificates.crt")
        default:
            try root.link(Self.bundle, to: "1")
            for number in 1...40 { try root.link("/etc/ssl/certs/\(number)", to: "\(number + 1)") }
            try root.write(try other.pem, to: "/etc/ssl/certs/41")
        }
        let before = try root.listing([.modified, .changed])

        let trust = try await caisson("trust", ca.certificate, root.place)

        #expect(trust.status == 74)
        #expect(
            trust.errors.contains("\(Self.bundle) in \(root.place): it leads through more than 40 links, or a loop"))
        expectSame(try root.listing([.modified, .changed]), before)
    }

    // MARK: What stands where a bundle should

    @Test(
        "with anything but a file as bundle is 74, and it isn't opened", .enabled(if: geteuid() == 0),
        .timeLimit(.minutes(1)),
        arguments: [
            "mkfifo bundle", "mknod bundle c 1 5", "mknod bundle b 7 250", "mkdir bundle",
            "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"bundle\")'",
        ])
    func special(_ making: String) async throws {
        let (ca, other) = (try await Authority.make(), try await Authority.make("/CN=Public One"))
        let root = try debian(try other.pem)
        try root.remove(Self.bundle)
        try await run(
            "sh", "-c", "cd \"$0\" && \(making) && mv bundle ca-certificates.crt", root.local("/etc/ssl/certs"))
        let before = try root.listing([.modified, .changed])

        let trust = try await caisson("trust", ca.certificate, root.place)

        #expect(trust.status == 74, "\(trust)")
        #expect(trust.errors.contains(Self.bundle), "\(trust)")
        expectSame(try root.listing([.modified, .changed]), before)
    }

    @Test("with a bundle of 10 GiB, sparse, is 74 at once", .timeLimit(.minutes(1)))
    func sparse() async throws {
        let (ca, other) = (try await Authority.make(), try await Authority.make("/CN=Public One"))
        let root = try debian(try other.pem)
        try await run("truncate", "-s", "10G", root.local(Self.bundle))
        for arguments in [["trust", ca.certificate, root.place], ["status", root.place]] {
            let outcome = try await outcome(of: [caissonExecutable] + arguments)
            #expect(outcome.status == 74)
            #expect(outcome.errors.contains("\(Self.bundle) is larger than 512 MiB"), "\(outcome)")
        }
    }

    @Test("with a bundle of several names has one of them replaced, and the others reported")
    func hardLinked() async throws {
        let (ca, other) = (try await Authority.make(), try await Authority.make("/CN=Public One"))
        let root = try debian(try other.pem)
        try await run("ln", root.local(Self.bundle), root.local("/usr/share/other.pem"))

        let trust = try await caisson("trust", ca.certificate, root.place).checked()

        #expect(trust.errors.contains("\(Self.bundle) has 2 names (hard links)"), "\(trust.errors)")
        #expect(trust.errors.contains("/usr/share/other.pem"), "\(trust.errors)")
        #expect(try root.bytes("/usr/share/other.pem") == other.pem)
        #expect(try root.bytes(Self.bundle) != other.pem)
    }

    // MARK: What can't be written

    @Test("with an immutable or an append-only bundle is 77, and unchanged", arguments: ["i", "a"])
    func attributes(_ attribute: String) async throws {
        let (ca, other) = (try await Authority.make(), try await Authority.make("/CN=Public One"))
        let root = try debian(try other.pem)
        // Needs root, and a file system that knows the attribute.
        guard try await outcome(of: ["chattr", "+\(attribute)", root.local(Self.bundle)]).status == 0 else { return }
        let before = try root.listing(.modified)

        let trust = try await caisson("trust", ca.certificate, root.place)

        try await run("chattr", "-\(attribute)", root.local(Self.bundle))
        #expect(trust.status == 77)
        #expect(trust.errors.contains(Self.bundle) && trust.errors.contains("lsattr"), "\(trust.errors)")
        expectSame(try root.listing(.modified), before)
    }

    @Test("that is mounted read-only is 73, and says so", .enabled(if: geteuid() == 0))
    func readOnly() async throws {
        let (ca, other) = (try await Authority.make(), try await Authority.make("/CN=Public One"))
        let root = try debian(try other.pem)
        let script = #"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$0" trust "$2" "rootfs:$1""#

        let trust = try await outcome(
            of: ["unshare", "--mount", "--propagation", "private", "sh", "-c", script]
                + [caissonExecutable, root.path, ca.certificate])

        #expect(trust.status == 73, "\(trust)")
        #expect(trust.errors.contains("mount it writable first"), "\(trust.errors)")
    }

    // MARK: What is in it

    @Test(
        "with newlines, terminal codes and invalid UTF-8 in names is changed, and nothing of them reaches the terminal")
    func names() async throws {
        let (ca, other) = (try await Authority.make(), try await Authority.make("/CN=Public One"))
        let root = try debian(try other.pem)
        let script = #"""
            cd "$0" && for name in "$(printf 'new\nline.crt')" "$(printf '\033[31mred.crt')" "$(printf '\377\376.crt')" \
                "$(printf '\342\200\256rtl.crt')" ' .crt' '-rf.crt' '$(id).crt'; do cp corporate.crt "./$name"; done
            """#
        try await run("sh", "-c", script, root.local(Self.anchors))
        let before = try await run("find", root.path, "-printf", "%p %y %m %T@ %s %l\\0")

        let trust = try await caisson("trust", ca.certificate, root.place).checked()
        let status = try await caisson("status", root.place).checked()
        try await caisson("undo").checked()

        for scalar in (trust.output + trust.errors + status.output + status.errors).unicodeScalars {
            #expect(scalar == "\n" || scalar.value >= 0x20 && scalar.value != 0x7F && scalar.value != 0x202E)
        }
        #expect(try await run("find", root.path, "-printf", "%p %y %m %T@ %s %l\\0") == before)
    }

    @Test(
        "with certificates that are none keeps them byte for byte; as an anchor each is 65",
        arguments: ["10 MiB", "nested", "indefinite length"])
    func impossible(_ kind: String) async throws {
        let (ca, other) = (try await Authority.make(), try await Authority.make("/CN=Public One"))
        let der: [UInt8] =
            switch kind {
            case "10 MiB": [0x30, 0x83, 0xA0, 0x00, 0x00] + [UInt8](repeating: 0, count: 10 << 20)
            case "nested": nested(10_000)
            default: [0x30, 0x80, 0x30, 0x80, 0x00, 0x00, 0x00, 0x00]
            }
        let pem = "-----BEGIN CERTIFICATE-----\n\(Data(der).base64EncodedString())\n-----END CERTIFICATE-----\n"
        let file = try Scratch.current.write(Array(pem.utf8), to: "none.pem")
        let root = try debian(try other.pem)
        try root.append(pem, to: Self.bundle)

        let refused = try await caisson("trust", file, root.place)
        #expect(refused.status == 65)
        #expect(refused.errors.contains("malformed"), "\(refused.errors)")
        try await caisson("trust", ca.certificate, root.place).checked()
        #expect(try root.bytes(Self.bundle).starts(with: try other.pem + Array(pem.utf8)))
        #expect(try await caisson("status", root.place).status == 0)
    }

    @Test("isn't touched for an input of more than 512 MiB: 65, at once", .timeLimit(.minutes(1)))
    func largeInput() async throws {
        let root = try debian(try await Authority.make().pem)
        let input = try Scratch.current.write([], to: "large.pem")
        try await run("truncate", "-s", "513M", input)
        let before = try root.listing([.modified, .changed])

        let refused = try await caisson("trust", input, root.place)

        #expect(refused.status == 65)
        #expect(refused.errors.contains("larger than 512 MiB"), "\(refused.errors)")
        expectSame(try root.listing([.modified, .changed]), before)
    }

    /// Sequences in each other.
    private func nested(_ levels: Int) -> [UInt8] {
        var headers: [[UInt8]] = []
        var length = 0
        for _ in 0..<levels {
            let header: [UInt8] =
                switch length {
                case ..<128: [0x30, UInt8(length)]
                case ..<256: [0x30, 0x81, UInt8(length)]
                default: [0x30, 0x82, UInt8(length >> 8), UInt8(length & 0xFF)]
                }
            headers.append(header)
            length += header.count
        }
        return headers.reversed().flatMap { $0 }
    }
}
