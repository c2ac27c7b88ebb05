internal import FoundationEssentials
internal import NIOHTTP1
internal import RootFS

extension EngineClient {
    /// The containers that match, in the engine's order.
    ///
    /// - Parameters:
    ///   - all: Whether those that don't run are among them.
    ///   - labels: `KEY` or `KEY=VALUE`; a container has them all.
    package func containers(
        all: Bool = false, labels: [String] = []
    ) async throws(EngineError) -> [ContainerSummary] {
        var query = [(name: "all", value: all ? "1" : "0")]
        if !labels.isEmpty {
            guard let filters = try? JSONEncoder().encode(["label": labels]) else {
                throw .unintelligible("a label")
            }
            query.append((name: "filters", value: filters.percentEncoded))
        }
        return try await value(
            [ContainerSummary].self, of: EngineRequest(.GET, "/containers/json", query: query, limit: 64 << 20))
    }

    /// What the engine says of one container, by its name, its ID or the beginning of one.
    package func inspect(_ container: String) async throws(EngineError) -> ContainerDetails {
        try await value(
            ContainerDetails.self,
            of: EngineRequest(.GET, "/containers/\(container.percentEncoded)/json", limit: 8 << 20))
    }

    /// The names of the programs that run in a container.
    package func programs(in container: String) async throws(EngineError) -> [String] {
        struct Processes: Decodable {
            let processes: [[String]]?
            enum CodingKeys: String, CodingKey { case processes = "Processes" }
        }
        let request = EngineRequest(
            .GET, "/containers/\(container.percentEncoded)/top",
            query: [(name: "ps_args", value: "-eo pid,comm".percentEncoded)],
            limit: 8 << 20)
        return try await value(Processes.self, of: request).processes?.compactMap(\.last) ?? []
    }
}

/// A container as a list shows it.
package struct ContainerSummary: Decodable, Hashable, Sendable {
    package let id: String
    /// Without the slash that the API writes before them, and without the names of links.
    package let names: [String]
    /// Such as `running`, `paused`, `exited`, `created`.
    package let state: String
    package let labels: [String: String]

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case state = "State"
        case labels = "Labels"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        let names = try values.decodeIfPresent([String].self, forKey: .names) ?? []
        self.names = names.map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 }.filter { !$0.contains("/") }
        state = try values.decodeIfPresent(String.self, forKey: .state) ?? ""
        labels = try values.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
    }
}

/// A container as it was configured and as it is.
package struct ContainerDetails: Decodable, Hashable, Sendable {
    package struct State: Decodable, Hashable, Sendable {
        /// Such as `running`, `paused`, `exited`, `created`.
        package let status: String
        /// Of its first process, as the engine's machine counts; 0 where it doesn't run.
        package let pid: Int
        /// RFC 3339; tells one start of it from another.
        package let startedAt: String

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case pid = "Pid"
            case startedAt = "StartedAt"
        }
    }

    package struct Mount: Decodable, Hashable, Sendable {
        /// `bind`, `volume` or `tmpfs`.
        package let type: String?
        /// The name of a volume.
        package let name: String?
        /// Where it comes from on the engine's machine.
        package let source: String?
        /// Where it is in the container.
        package let destination: String
        package let isWritable: Bool?

        enum CodingKeys: String, CodingKey {
            case type = "Type"
            case name = "Name"
            case source = "Source"
            case destination = "Destination"
            case isWritable = "RW"
        }
    }

    package struct HostConfig: Decodable, Hashable, Sendable {
        package let isReadOnly: Bool?
        /// Options by the path of each tmpfs that the container was given.
        package let tmpfs: [String: String]?

        enum CodingKeys: String, CodingKey {
            case isReadOnly = "ReadonlyRootfs"
            case tmpfs = "Tmpfs"
        }
    }

    package struct Config: Decodable, Hashable, Sendable {
        /// `NAME=VALUE`, as it was created with.
        package let environment: [String]?

        enum CodingKeys: String, CodingKey {
            case environment = "Env"
        }
    }

    package let id: String
    private let slashedName: String
    package let state: State
    package let hostConfig: HostConfig?
    package let mounts: [Mount]?
    package let config: Config?

    /// Its name, as users write it.
    package var name: String { slashedName.hasPrefix("/") ? String(slashedName.dropFirst()) : slashedName }
    package var isReadOnly: Bool { hostConfig?.isReadOnly ?? false }
    /// Whether processes of it exist: it runs, or is paused.
    package var hasProcesses: Bool { state.pid > 0 }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case slashedName = "Name"
        case state = "State"
        case hostConfig = "HostConfig"
        case mounts = "Mounts"
        case config = "Config"
    }
}
