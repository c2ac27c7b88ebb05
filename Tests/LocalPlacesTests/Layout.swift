import RootFS

/// A small root, and a change of every kind to it.
struct Layout {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.directory("etc")
        try scratch.directory("etc/certs")
        try scratch.file("etc/certs/bundle.pem", "public\n", mode: 0o604)
        try scratch.file("etc/certs/old.pem", "old\n", mode: 0o444)
        try scratch.link("etc/certs/0badcafe.0", to: "old.pem")
        try scratch.link("etc/cert.pem", to: "certs/old.pem")
        try scratch.directory("local", mode: 0o2775)
        try scratch.directory("local/empty", mode: 0o711)
        try scratch.file("local/empty/one", "one\n")
        try scratch.attribute("user.label", "kept", of: "etc/certs/bundle.pem")
        for name in ["local/empty", "local", "etc/certs", "etc", ""] {
            try scratch.settle(name, mode: nil, changed: 900_000_000)
        }
    }

    /// Replaces, creates and removes files, links and directories.
    func changes(_ test: TestPlace) async throws -> [Change] {
        func change(_ path: RootPath, to after: Node) async throws -> Change {
            Change(path: path, before: try await test.node(at: path), after: after)
        }
        let bundle = try await test.node(at: "/etc/certs/bundle.pem")
        return [
            try await change("/local/new", to: .folder(0o750)),
            try await change("/local/new/deeper", to: .folder()),
            try await change("/local/new/deeper/ca.crt", to: .text("ca\n")),
            try await change("/local/new/link", to: .link("deeper/ca.crt")),
            try await change("/etc/certs/ca.pem", to: .link("/local/new/deeper/ca.crt")),
            Change(path: "/etc/certs/bundle.pem", before: bundle, after: bundle.rewritten("public\nca\n")),
            try await change("/etc/cert.pem", to: .link("certs/bundle.pem")),
            try await change("/etc/certs/0badcafe.0", to: .absent),
            try await change("/etc/certs/old.pem", to: .absent),
            try await change("/local/empty/one", to: .absent),
            try await change("/local/empty", to: .absent),
        ]
    }
}
