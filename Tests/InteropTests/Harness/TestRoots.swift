import Foundation
import Testing

/// The roots that `Scripts/test-roots.sh` made from Debian's own packages.
enum TestRoots {
    /// Where they are: `CAISSON_TEST_ROOTS`, else where `make test` puts them.
    static let directory: String =
        ProcessInfo.processInfo.environment["CAISSON_TEST_ROOTS"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../.build/test-roots")
        .standardized.path

    /// Whether tests that need them can run here. In CI they must: there they run, and fail.
    static let areUsable: Bool =
        ProcessInfo.processInfo.environment["CI"] != nil
        || geteuid() == 0 && DebianRelease.allCases.allSatisfy { FileManager.default.fileExists(atPath: $0.marker) }
}

/// A Debian release that Caisson is compared on.
enum DebianRelease: String, CaseIterable, Sendable {
    case bookworm
    case trixie

    fileprivate var marker: String { "\(TestRoots.directory)/\(rawValue)-java/key" }

    /// minbase, without ca-certificates.
    func bare() async throws -> Root { try await Root.copy(of: rawValue) }

    /// minbase with ca-certificates and openssl.
    func withCertificates() async throws -> Root { try await Root.copy(of: "\(rawValue)-ca") }

    /// The same with a handful of public roots, which is all that many tests need.
    func withFewCertificates() async throws -> Root { try await Root.copy(of: "\(rawValue)-few") }

    /// ca-certificates, openssl, ca-certificates-java and a JRE.
    func withJava() async throws -> Root { try await Root.copy(of: "\(rawValue)-java") }

    /// Installs ca-certificates and openssl in a bare root, without a network.
    func installCertificates(in root: Root) async throws {
        try await run("cp", "-rT", "\(TestRoots.directory)/\(rawValue)-debs/debs", root.local("/debs"))
        try await root.runInside("sh", "-c", "dpkg -i /debs/*.deb && rm -r /debs")
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs only where the Debian roots are, and as root, because changing a root needs chroot and owners.
    static var needsDebianRoots: Self {
        .enabled(
            if: TestRoots.areUsable,
            "needs root and the Debian roots: run `make test` as root, or Scripts/test-roots.sh")
    }
}
