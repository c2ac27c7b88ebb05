import RootFS
import Testing

@Suite("A path inside a root")
struct RootPathTests {
    @Test(
        "is normalised",
        arguments: [
            ("/etc/ssl/", "/etc/ssl"), ("etc//ssl/./certs", "/etc/ssl/certs"), ("/etc/../usr", "/usr"),
            ("/../../etc", "/etc"), ("", "/"), ("/", "/"),
        ])
    func normalised(text: String, expected: String) throws {
        let path = try #require(RootPath(bytes: text.utf8))
        #expect(path.description == expected)
    }

    @Test("holds no NUL")
    func noNUL() { #expect(RootPath(bytes: [0x2F, 0x61, 0]) == nil) }

    @Test("keeps bytes that aren't UTF-8, and shows them escaped")
    func bytes() throws {
        let path = RootPath.root.appending([0x61, 0xFF, 0x0A])
        #expect(path.bytes == [0x2F, 0x61, 0xFF, 0x0A])
        #expect(path.description == "/a\\xff\\x0a")
    }

    @Test("knows its parent and its name")
    func parts() {
        let path: RootPath = "/etc/ssl/cert.pem"
        #expect(path.parent == "/etc/ssl")
        #expect(path.name.elementsEqual("cert.pem".utf8))
        #expect(RootPath.root.parent == nil)
        #expect(RootPath("/etc").parent == .root)
    }

    @Test("lies inside a directory only by whole components")
    func inside() {
        #expect(RootPath("/etc/ssl").isInside("/etc"))
        #expect(RootPath("/etc").isInside("/etc"))
        #expect(RootPath("/etcetera").isInside("/etc") == false)
        #expect(RootPath("/etc").isInside(.root))
    }
}

@Suite("A wildcard")
struct PathPatternTests {
    @Test(
        "stands for any characters of one component",
        arguments: [
            ("java-17", "java-*", true), ("java-17", "*", true), ("java-17", "*-17", true), ("java-17", "j*-*7", true),
            ("java-17", "*-18", false), ("java", "java-*", false), ("aa", "a*a*a", false), ("", "*", true),
            (".hidden", "*", true),
        ])
    func matching(name: String, pattern: String, expected: Bool) {
        #expect(PathPattern.matches(name.utf8, Array(pattern.utf8)) == expected)
    }

    @Test("shows as it was written")
    func description() {
        #expect(PathPattern("/usr/lib/jvm/*/lib/**").description == "/usr/lib/jvm/*/lib/**")
    }
}

@Suite("Untrusted text")
struct PrintableTests {
    @Test(
        "is shown on one line, without anything that a terminal obeys",
        arguments: [
            ("plain", "plain"), ("Zürich 株式会社", "Zürich 株式会社"), ("a\u{1B}[31mb", "a\\x1b[31mb"),
            ("a\nb", "a\\x0ab"), ("a\u{202E}b", "a\\u{202e}b"), ("a\u{2028}b", "a\\u{2028}b"), ("a\u{9B}b", "a\\x9bb"),
        ])
    func escaped(text: String, expected: String) {
        #expect(printable(text) == expected)
        #expect(printable(Array(text.utf8)) == expected)
    }

    @Test("may be anything but UTF-8")
    func invalid() { #expect(printable([0xC3, 0x28, 0xFF]) == "\\xc3(\\xff") }
}
