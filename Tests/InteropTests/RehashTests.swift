import Testing

/// Crafted hash directories: what `openssl rehash` makes of them is what Caisson makes of them.
@Suite("openssl rehash", .serialized, .scratch, .needsDebianRoots)
struct RehashTests {
    struct Directory: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Puts things into /etc/ssl/certs; the authority is the one that is then trusted.
        let fill: @Sendable (Root, Authority) async throws -> Void
    }

    static let certs = "/etc/ssl/certs"

    static let directories: [Directory] = [
        Directory(testDescription: "a certificate of the same subject and another key") { root, ca in
            try root.write(await Authority.make().pem, to: certs + "/same-subject.pem")
        },
        Directory(testDescription: "three of the same subject, linked in an odd order") { root, ca in
            for name in ["c.pem", "a.crt", "b.CER"] {
                try root.write(await Authority.make().pem, to: certs + "/" + name)
            }
            try root.link("\(certs)/\(await ca.subjectHash).0", to: "c.pem")
            try root.link("\(certs)/\(await ca.subjectHash).1", to: "a.crt")
        },
        Directory(testDescription: "a gap in the numbers") { root, ca in
            for name in ["a.pem", "b.pem"] { try root.write(await Authority.make().pem, to: certs + "/" + name) }
            try root.link("\(certs)/\(await ca.subjectHash).0", to: "a.pem")
            try root.link("\(certs)/\(await ca.subjectHash).4", to: "b.pem")
        },
        Directory(testDescription: "a number with leading zeros, and an upper-case hash") { root, ca in
            try root.write(await Authority.make().pem, to: certs + "/a.pem")
            try root.link("\(certs)/\(await ca.subjectHash).00", to: "a.pem")
            try root.link("\(certs)/\(await ca.subjectHash.uppercased()).0", to: "a.pem")
        },
        Directory(testDescription: "two links to one file") { root, ca in
            try root.write(await Authority.make().pem, to: certs + "/a.pem")
            for number in 0...2 { try root.link("\(certs)/\(await ca.subjectHash).\(number)", to: "a.pem") }
        },
        Directory(testDescription: "the same certificate in two files") { root, ca in
            let pem = try await Authority.make().pem
            try root.write(pem, to: certs + "/a.pem")
            try root.write(pem, to: certs + "/b.pem")
            try root.link("\(certs)/\(await ca.subjectHash).0", to: "b.pem")
        },
        Directory(testDescription: "the trusted certificate itself, as a plain file") { root, ca in
            try root.write(ca.pem, to: certs + "/copy.pem")
        },
        Directory(testDescription: "the trusted certificate itself, sorted behind") { root, ca in
            try root.write(ca.pem, to: certs + "/zzz.pem")
        },
        Directory(testDescription: "hash links to files elsewhere, and to no certificate") { root, ca in
            try root.write(await Authority.make().pem, to: "/opt/elsewhere.pem")
            try root.write(Array("text".utf8), to: certs + "/text.pem")
            try root.link("\(certs)/\(await ca.subjectHash).0", to: "/opt/elsewhere.pem")
            try root.link("\(certs)/\(await ca.subjectHash).1", to: "text.pem")
            try root.link("\(certs)/0badcafe.0", to: "text.pem")
            try root.link("\(certs)/0badcafe.1", to: "ACCVRAIZ1.pem")
        },
        Directory(testDescription: "hash names that are regular files") { root, ca in
            try root.write(await Authority.make().pem, to: "\(certs)/\(await ca.subjectHash).0")
        },
        Directory(testDescription: "a hash name that is a regular file without a certificate") { root, ca in
            try root.write(Array("text".utf8), to: "\(certs)/0badcafe.0")
        },
        Directory(testDescription: "files with several certificates, with a key, and without an extension") {
            root, ca in
            try root.write(await Authority.make().pem + Authority.make().pem, to: certs + "/several.pem")
            let keyed = try await Authority.make("/CN=Keyed")
            try root.write(
                keyed.pem + Array(text(ofFile: keyed.directory + "/ca.key").utf8), to: certs + "/keyed.pem"
            )
            try root.write(await Authority.make().pem, to: certs + "/plain")
            try root.write(await Authority.make("/CN=Hidden").pem, to: certs + "/.hidden.pem")
        },
        Directory(testDescription: "a revocation list of the same name") { root, ca in
            let list = try await ca.revocationList()
            try root.write(list, to: certs + "/list.crl")
            try root.write(list, to: certs + "/list-again.pem")
            try root.link("\(certs)/\(await ca.subjectHash).r3", to: "list.crl")
        },
        Directory(testDescription: "a revocation list behind a stale certificate link") { root, ca in
            try root.write(await ca.revocationList(), to: certs + "/list.crl")
            try root.link("\(certs)/\(await ca.subjectHash).0", to: "list.crl")
        },
        Directory(testDescription: "old-style hash links") { root, ca in
            try root.write(await Authority.make().pem, to: certs + "/a.pem")
            try await root.runInside("openssl", "rehash", "-compat", certs)
        },
        Directory(testDescription: "a link to a directory, and a directory called like a certificate") { root, ca in
            try root.write([], to: certs + "/directory.pem/kept")
            try root.link(certs + "/linked.pem", to: "directory.pem")
            try root.link("\(certs)/0badcafe.0", to: "directory.pem")
        },
        Directory(testDescription: "certificates with trust settings and old labels") { root, ca in
            let old = String(decoding: try await Authority.make().pem, as: UTF8.self)
            try root.write(Array(old.replacing(" CERTIFICATE", with: " X509 CERTIFICATE").utf8), to: certs + "/old.pem")
            let trusted = try await run(
                "openssl", "x509", "-trustout", "-addreject", "emailProtection", "-in", Authority.make().certificate)
            try root.write(Array(trusted.utf8), to: certs + "/trusted.pem")
        },
        Directory(testDescription: "broken blocks") { root, ca in
            let pem = try await Authority.make().pem
            try root.write(Array(pem.dropLast(40)), to: certs + "/cut.pem")
            try root.write(
                pem + Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8),
                to: certs + "/second-broken.pem")
            try root.write(Array("-----BEGIN CERTIFICATE-----\n".utf8) + pem, to: certs + "/begin-twice.pem")
            try root.write(
                Array("-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n".utf8) + pem, to: certs + "/other-first.pem")
        },
    ]

    @Test("agrees on a crafted directory", arguments: directories, DebianRelease.allCases)
    func rehash(directory: Directory, release: DebianRelease) async throws {
        let ca = try await Authority.make()
        let ours = try await release.withFewCertificates()
        try await directory.fill(ours, ca)
        let theirs = try await ours.copy()

        try await caisson("trust", ca.certificate, ours.place).checked()
        try await theirs.trustByHand(ca, as: try ours.anchor())
        expectSame(try ours.listing(), try theirs.listing())
        #expect(try await ours.verify(ca.issue()) == theirs.verify(ca.issue()))
    }
}
