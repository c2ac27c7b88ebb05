import Foundation
import Testing

/// Containers that are read and written through the engine alone: those that don't run, and those that `caisson` can't
/// prove to be on its machine, here since it sees other processes than the engine.
@Suite("Containers through the engine's archives", .serialized, .scratch, .needsDebianRoots, .needsEngine)
struct RemoteContainerTests {
    static let bundle = "/etc/ssl/certs/ca-certificates.crt"

    /// Runs `caisson` where the processes of containers aren't to be seen.
    private func elsewhere(_ container: Container, _ arguments: String...) async throws -> Outcome {
        try await outcome(
            of: ["unshare", "--pid", "--fork", "--mount-proc", caissonExecutable] + arguments,
            environment: ["DOCKER_HOST": container.engine.address])
    }

    @Test("a container elsewhere is changed by one archive, and by its own rm when that is taken back")
    func elsewhere() async throws {
        let ca = try await Authority.make()
        let leaf = try await ca.issue()
        try await Container.with(.debian) { container in
            let before = try await container.contents(of: Self.bundle)
            try await elsewhere(container, "trust", ca.certificate, container.place).checked()
            #expect(try await container.verify(leaf) == [true, true])
            #expect(try await container.run("stat", "-c", "%u:%g %a", Self.bundle) == "0:0 644\n")
            let ours = try await container.contents(of: Self.bundle)
            try await container.run("update-ca-certificates")
            #expect(try await container.contents(of: Self.bundle) == ours)
            #expect(
                try await elsewhere(container, "status", container.place).checked().output.contains("Acme Proxy CA"))

            let undone = try await elsewhere(container, "undo").checked()
            #expect(undone.errors.contains("removed by the container's own rm"))
            #expect(try await container.contents(of: Self.bundle) == before)
            #expect(try await container.verify(leaf) == [false, false])
            #expect(try await container.changes().filter { !$0.hasPrefix("C ") } == [])
        }
    }

    @Test("without an rm in it nothing can be removed, so nothing is changed")
    func noTool() async throws {
        let ca = try await Authority.make()
        try await Container.with(.scratch) { container in
            try await elsewhere(container, "trust", ca.certificate, container.place).checked()
            let ours = try #require(try await container.contents(of: Self.bundle))
            let refused = try await elsewhere(container, "undo")
            #expect(refused.status == 69)
            #expect(refused.errors.contains("it has no rm; nothing was changed"))
            #expect(try await container.contents(of: Self.bundle) == ours)
            // On the engine's own machine the same run is taken back.
            try await container.engine.caisson("undo").checked()
            #expect(try await container.contents(of: Self.bundle) == nil)
        }
    }

    @Test("a container that was only created trusts the CA from its start on; undo waits for it to run")
    func created() async throws {
        let ca = try await Authority.make()
        try await Container.with(.debian, isStarted: false) { container in
            try await container.engine.caisson("trust", ca.certificate, container.place).checked()
            let refused = try await container.engine.caisson("undo")
            #expect(refused.status == 69)
            #expect(refused.errors.contains("it is created; nothing was changed"))
            try await container.engine.docker("start", container.name)
            #expect(try await container.verify(try await ca.issue()) == [true, true])
            try await container.engine.caisson("undo").checked()
            #expect(try await container.changes().filter { !$0.hasPrefix("C ") } == [])
        }
    }

    @Test("a stopped container is changed, and found changed when it runs again")
    func stopped() async throws {
        let ca = try await Authority.make()
        try await Container.with(.debian) { container in
            try await container.engine.docker("kill", container.name)
            try await container.engine.caisson("trust", ca.certificate, container.place).checked()
            let again = try await container.engine.caisson("trust", ca.certificate, container.place).checked()
            #expect(again.output.contains("nothing to do"))
            try await container.engine.docker("start", container.name)
            #expect(try await container.verify(try await ca.issue()) == [true, true])
        }
    }

    @Test("mounts are left alone here too")
    func mounts() async throws {
        let ca = try await Authority.make()
        let host = try await Root.copy(of: "bookworm-few")
        let before = try host.listing(of: "/etc/ssl", .modified)
        try await Container.with(.debian, "--volume", "\(host.local("/etc/ssl")):/etc/ssl") { container in
            let refused = try await elsewhere(container, "trust", ca.certificate, container.place)
            #expect(refused.status == 69)
            #expect(refused.errors.contains("--through-mounts /etc/ssl"))
            expectSame(try host.listing(of: "/etc/ssl", .modified), before)
        }
    }
}
