package import Engine
internal import RootFS

/// Which of an engine's containers are meant.
package struct ContainerSelection: Hashable, Sendable {
    /// A name with `*` for any characters; such a pattern means containers that run.
    package let pattern: String
    /// `KEY` or `KEY=VALUE`; a container has them all.
    package let labels: [String]

    package init(pattern: String, labels: [String] = []) {
        self.pattern = pattern
        self.labels = labels
    }

    /// The containers, by name.
    package func containers(at client: EngineClient) async throws(EngineError) -> [ContainerSummary] {
        let wildcard = Array(pattern.utf8)
        return try await client.containers(labels: labels).filter { container in
            container.names.contains { PathPattern.matches($0.utf8, wildcard) }
        }.sorted { $0.displayName < $1.displayName }
    }
}

extension ContainerSummary {
    /// Its first name; the beginning of its ID where it has none.
    package var displayName: String { names.first ?? String(id.prefix(12)) }
}
