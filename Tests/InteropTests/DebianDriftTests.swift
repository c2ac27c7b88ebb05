import Testing

/// Roots in which someone, or something, was before: Caisson leaves the hash directory as the tool would.
@Suite("Debian drift", .serialized, .scratch, .needsDebianRoots)
struct DebianDriftTests {
    /// Something that was done to a root before.
    struct Oddity: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Whether all that is in the bundle is what the tool would write. Caisson drops nothing from it, the tool does.
        var keepsBundle = true
        let apply: @Sendable (Root) async throws -> Void
    }

    static let local = "/usr/local/share/ca-certificates"
    static let certs = "/etc/ssl/certs"

    static let oddities: [Oddity] = [
        Oddity(testDescription: "nothing") { _ in },
        Oddity(testDescription: "a packaged link was deleted") { root in
            try root.remove(certs + "/ACCVRAIZ1.pem")
        },
        Oddity(testDescription: "a hash link was deleted") { root in
            let hash = root.names(in: certs).first { $0.hasSuffix(".0") } ?? ""
            try root.remove(certs + "/" + hash)
        },
        Oddity(testDescription: "a link points elsewhere") { root in
            try root.remove(certs + "/ACCVRAIZ1.pem")
            try root.link(certs + "/ACCVRAIZ1.pem", to: "/usr/share/ca-certificates/mozilla/AC_RAIZ_FNMT-RCM.crt")
        },
        Oddity(testDescription: "dangling links") { root in
            try root.link(certs + "/gone.pem", to: local + "/gone.crt")
            try root.link(certs + "/gone2.pem", to: "gone.pem")
            try root.link(certs + "/01234567.0", to: "gone.pem")
            try root.link(certs + "/.hidden.pem", to: "/nowhere")
            try root.link(certs + "/unrelated", to: "/nowhere")
        },
        Oddity(testDescription: "a dangling link in a directory below") { root in
            try root.write([], to: certs + "/below/kept")
            try root.link(certs + "/below/gone.pem", to: "/nowhere")
        },
        Oddity(testDescription: "the bundle ends with garbage", keepsBundle: false) { root in
            try root.append("garbage\n", to: certs + "/ca-certificates.crt")
        },
        Oddity(testDescription: "the bundle's last line is cut off", keepsBundle: false) { root in
            try root.write(
                Array(root.bytes(certs + "/ca-certificates.crt").dropLast(40)), to: certs + "/ca-certificates.crt")
        },
        Oddity(testDescription: "the bundle is gone") { root in
            try root.remove(certs + "/ca-certificates.crt")
        },
        Oddity(testDescription: "a local file called like a packaged one") { root in
            try await root.trustByHand(Authority.make("/CN=Namesake"), as: local + "/ACCVRAIZ1.crt")
        },
        Oddity(testDescription: "a local file called like a packaged one, not yet linked") { root in
            try root.write(await Authority.make("/CN=Namesake").pem, to: local + "/ACCVRAIZ1.crt")
        },
        Oddity(testDescription: "names with spaces, parentheses, commas and other scripts") { root in
            for name in [
                "B Root (test), v1", "\u{DC}n\u{EF}", "\u{4E2D}\u{6587}", ".dotted", "a'b\"c", "-dash", "a+b=c",
            ] {
                try root.write(await Authority.make("/CN=Named").pem, to: "\(local)/\(name).crt")
            }
        },
        Oddity(testDescription: "files that the tool doesn't read") { root in
            for name in ["upper.CRT", "x.pem", "x.cer", "crt", "x.crt.bak"] {
                try root.write(await Authority.make("/CN=Unread").pem, to: "\(local)/\(name)")
            }
            try root.link(local + "/dangling.crt", to: "/nowhere")
        },
        Oddity(testDescription: "files in directories below, and behind links") { root in
            try root.write(await Authority.make("/CN=Below").pem, to: "\(local)/a/b/below.crt")
            try root.write(await Authority.make("/CN=Away").pem, to: "/opt/away/away.crt")
            try root.link(local + "/linked.crt", to: "/opt/away/away.crt")
            try root.link(local + "/linked", to: "/opt/away")
            try root.link(local + "/relative", to: "../../../../opt/away")
        },
        Oddity(testDescription: "the same certificate twice") { root in
            let pem = try await Authority.make("/CN=Twice").pem
            try root.write(pem, to: local + "/twice-1.crt")
            try root.write(pem, to: local + "/twice-2.crt")
        },
        Oddity(testDescription: "several certificates in one file") { root in
            let both = try await Authority.make("/CN=First").pem + Authority.make("/CN=Second").pem
            try root.write(both, to: local + "/both.crt")
        },
        Oddity(testDescription: "files that hold no certificate") { root in
            try root.write([], to: local + "/empty.crt")
            try root.write(Array("hello".utf8), to: local + "/text.crt")
            try await run(
                "openssl", "x509", "-in", Authority.make("/CN=Binary").certificate, "-outform", "DER", "-out",
                root.local(local + "/binary.crt"))
        },
        Oddity(testDescription: "a local file without a last newline, and one with CRLF") { root in
            let pem = try await Authority.make("/CN=Lines").pem
            try root.write(Array(pem.dropLast()), to: local + "/no-newline.crt")
            let lines = String(decoding: try await Authority.make("/CN=CRLF").pem, as: UTF8.self)
            try root.write(Array(lines.replacing("\n", with: "\r\n").utf8), to: local + "/crlf.crt")
        },
        Oddity(testDescription: "certificates with leading text, old labels and trust settings") { root in
            let text = try await run(
                "openssl", "x509", "-text", "-in", Authority.make("/CN=With Text").certificate)
            try root.write(Array(text.utf8), to: local + "/text-first.crt")
            let old = String(decoding: try await Authority.make("/CN=Old Label").pem, as: UTF8.self)
            try root.write(Array(old.replacing(" CERTIFICATE", with: " X509 CERTIFICATE").utf8), to: local + "/old.crt")
            let trusted = try await run(
                "openssl", "x509", "-trustout", "-addtrust", "serverAuth", "-in", Authority.make("/CN=Aux").certificate)
            try root.write(Array(trusted.utf8), to: local + "/trusted.crt")
        },
        Oddity(testDescription: "packaged certificates switched off", keepsBundle: false) { root in
            let configuration = String(decoding: try root.bytes("/etc/ca-certificates.conf"), as: UTF8.self)
            let changed = configuration.replacing("mozilla/ACCVRAIZ1.crt", with: "!mozilla/ACCVRAIZ1.crt")
            try root.write(Array((changed + "\nmozilla/no-such-file.crt\n").utf8), to: "/etc/ca-certificates.conf")
        },
        Oddity(testDescription: "a configuration whose last line is cut off", keepsBundle: false) { root in
            let text = try root.bytes("/etc/ca-certificates.conf")
            try root.write(Array(text.dropLast()), to: "/etc/ca-certificates.conf")
        },
        Oddity(testDescription: "a configuration whose last line takes one away and is cut off") { root in
            try root.append("!mozilla/ACCVRAIZ1.crt", to: "/etc/ca-certificates.conf")
        },
        Oddity(testDescription: "an empty configuration", keepsBundle: false) { root in
            try root.write([], to: "/etc/ca-certificates.conf")
        },
    ]

    @Test("trust makes the links that the tool makes", arguments: oddities)
    func drift(oddity: Oddity) async throws {
        let ca = try await Authority.make()
        let ours = try await DebianRelease.bookworm.withFewCertificates()
        try await oddity.apply(ours)
        let theirs = try await ours.copy()
        let known = Set(ours.names(in: Self.local))

        try await caisson("trust", ca.certificate, ours.place).checked()
        let added = ours.names(in: Self.local).filter { !known.contains($0) }
        try #require(added.count == 1)
        try await theirs.trustByHand(ca, as: "\(Self.local)/\(added[0])")

        let ignored = oddity.keepsBundle ? [] : [Self.certs + "/ca-certificates.crt"]
        expectSame(try ours.listing(ignoring: ignored), try theirs.listing(ignoring: ignored))
    }

    @Test("trust keeps what was appended to the bundle by hand, and appends the anchor")
    func appendedByHand() async throws {
        let ca = try await Authority.make()
        let root = try await DebianRelease.bookworm.withFewCertificates()
        let bundle = Self.certs + "/ca-certificates.crt"
        try root.append(String(decoding: await Authority.make("/CN=By Hand").pem, as: UTF8.self), to: bundle)
        let before = try root.bytes(bundle)

        try await caisson("trust", ca.certificate, root.place).checked()

        #expect(try root.bytes(bundle) == before + ca.pem)
    }

    @Test("trust repairs what was lost of an anchor in the source directory", arguments: DebianRelease.allCases)
    func repair(release: DebianRelease) async throws {
        let ca = try await Authority.make()
        let untouched = try await release.withFewCertificates()
        try await untouched.trustByHand(ca, as: Self.local + "/by-hand.crt")
        let root = try await untouched.copy()
        try root.remove(Self.certs + "/by-hand.pem")
        for name in root.names(in: Self.certs) where root.target(of: "\(Self.certs)/\(name)") == "by-hand.pem" {
            try root.remove("\(Self.certs)/\(name)")
        }

        try await caisson("trust", ca.certificate, root.place).checked()

        expectSame(try root.listing(), try untouched.listing())
    }

    @Test("trust keeps an unusual mode, owner and attribute of the bundle, and reports the mode")
    func unusualAttributes() async throws {
        let ca = try await Authority.make()
        let root = try await DebianRelease.bookworm.withFewCertificates()
        let bundle = Self.certs + "/ca-certificates.crt"
        try await run("chown", "12:34", root.local(bundle))
        try await run("chmod", "0640", root.local(bundle))
        try await run("setfattr", "-n", "user.origin", "-v", "by hand", root.local(bundle))
        let before = try root.listing(of: bundle).lines[bundle] ?? ""

        let trust = try await caisson("trust", ca.certificate, root.place).checked()

        let after = try root.listing(of: bundle).lines[bundle] ?? ""
        #expect(after != before, "the bundle was changed")
        #expect(after.hasSuffix("640 12:34 user.origin=62.79.20.68.61.6e.64"))
        #expect((trust.output + trust.errors).contains("640"))
    }
}
