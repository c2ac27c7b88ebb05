import Foundation
import Testing

/// `caisson trust CERT container:NAME` against a real engine on this machine.
@Suite("Containers", .serialized, .scratch, .needsDebianRoots, .needsEngine)
struct ContainerTests {
    static let bundle = "/etc/ssl/certs/ca-certificates.crt"

    @Test("a Debian container trusts the CA; its own tool has nothing to add; undo leaves no trace")
    func debian() async throws {
        let ca = try await Authority.make()
        let leaf = try await ca.issue()
        try await Container.with(.debian) { container in
            let before = try #require(try await container.contents(of: Self.bundle))
            #expect(try await container.verify(leaf) == [false, false])

            let outcome = try await container.engine.caisson("trust", ca.certificate, container.place).checked()
            #expect(try await container.verify(leaf) == [true, true])
            #expect(outcome.errors.contains("don't see the change until they are restarted: sleep"))
            #expect(outcome.errors.contains("docker commit \(container.name) IMAGE"))

            let ours = try await container.contents(of: Self.bundle)
            try await container.run("update-ca-certificates")
            #expect(try await container.contents(of: Self.bundle) == ours)
            let again = try await container.engine.caisson("trust", ca.certificate, container.place).checked()
            #expect(again.output.contains("nothing to do"))

            try await container.engine.caisson("undo").checked()
            #expect(try await container.contents(of: Self.bundle) == before)
            #expect(try await container.verify(leaf) == [false, false])
            let left = try await container.changes().filter { !$0.hasPrefix("C ") }
            #expect(left.isEmpty, "only what the engine keeps of files that were changed and changed back")
        }
    }

    @Test("without ca-certificates the CA is trusted at once, and still is when the package comes")
    func bare() async throws {
        let ca = try await Authority.make()
        try await Container.with(.bare) { container in
            try await container.engine.caisson("trust", ca.certificate, container.place).checked()
            #expect(try await container.contents(of: Self.bundle) != nil)
            try await container.engine.docker(
                "cp", "\(TestRoots.directory)/bookworm-debs/debs", "\(container.name):/debs")
            try await container.run("sh", "-c", "dpkg -i /debs/*.deb && rm -r /debs")
            #expect(try await container.verify(try await ca.issue()) == [true, true])
        }
    }

    @Test("images without a shell are changed all the same", arguments: [TestImage.distroless, .scratch])
    func shellless(image: TestImage) async throws {
        let ca = try await Authority.make()
        try await Container.with(image) { container in
            let before = try await container.contents(of: Self.bundle)
            try await container.engine.caisson("trust", ca.certificate, container.place).checked()
            let after = try #require(try await container.contents(of: Self.bundle))
            #expect(after.count > before?.count ?? 0)
            #expect(
                String(decoding: after, as: UTF8.self).contains(String(decoding: try ca.pem.suffix(200), as: UTF8.self))
            )
            try await container.engine.caisson("undo").checked()
            #expect(try await container.contents(of: Self.bundle) == before)
            #expect(try await container.changes().filter { $0.hasPrefix("A ") || $0.hasPrefix("D ") } == [])
        }
    }

    @Test("a container of another user, and one that is paused, are changed like any other")
    func userAndPaused() async throws {
        let ca = try await Authority.make()
        try await Container.with(.debian, "--user", "1000") { container in
            try await container.engine.docker("pause", container.name)
            try await container.engine.caisson("trust", ca.certificate, container.place).checked()
            try await container.engine.docker("unpause", container.name)
            #expect(try await container.verify(try await ca.issue()) == [true, true])
            let owner = try await container.run("stat", "-c", "%u:%g %a", Self.bundle)
            #expect(owner == "0:0 644\n")
        }
    }

    @Test("a read-only container is refused, with what to do")
    func readOnly() async throws {
        let ca = try await Authority.make()
        try await Container.with(.debian, "--read-only") { container in
            let outcome = try await container.engine.caisson("trust", ca.certificate, container.place)
            #expect(outcome.status == 73)
            #expect(outcome.errors.contains("read-only"))
            #expect(outcome.errors.contains("image"))
            #expect(try await container.changes() == [])
        }
    }

    @Test("the host's own files on a bind mount are left alone unless the mount is named")
    func bindMount() async throws {
        let ca = try await Authority.make()
        let host = try await Root.copy(of: "bookworm-few")
        let before = try host.listing(of: "/etc/ssl", .modified)
        try await Container.with(.debian, "--volume", "\(host.local("/etc/ssl")):/etc/ssl") { container in
            let refused = try await container.engine.caisson("trust", ca.certificate, container.place)
            #expect(refused.status == 69)
            #expect(refused.errors.contains("the host's \(host.local("/etc/ssl"))"))
            #expect(refused.errors.contains("--through-mounts /etc/ssl"))
            expectSame(try host.listing(of: "/etc/ssl", .modified), before)
            #expect(try await container.changes().filter { !$0.hasPrefix("C ") } == [])

            try await container.engine.caisson(
                "trust", ca.certificate, container.place, "--through-mounts", "/etc/ssl"
            ).checked()
            #expect(try await container.verify(try await ca.issue()) == [true, true])
            try await container.engine.caisson("undo", "--through-mounts", "/etc/ssl").checked()
            expectSame(try host.listing(of: "/etc/ssl", .modified), before)
        }
    }

    @Test("a hostile container leads nobody out of it, and not into its mounts")
    func hostile() async throws {
        let ca = try await Authority.make()
        let outside = try Root.empty()
        try outside.write(Array("outside\n".utf8), to: "/ca-certificates.crt")
        for target in ["/proc/1/root/etc/ssl/certs", "/proc/self/cwd", "/dev", "../../../../../..\(outside.path)"] {
            try await Container.with(.debian) { container in
                try await container.run("sh", "-c", "rm -r /etc/ssl/certs && ln -s \(target) /etc/ssl/certs")
                _ = try await container.engine.caisson("trust", ca.certificate, container.place)
                #expect(outside.names(in: "/") == ["ca-certificates.crt"])
                #expect(try outside.bytes("/ca-certificates.crt") == Array("outside\n".utf8))
            }
        }
    }
}
