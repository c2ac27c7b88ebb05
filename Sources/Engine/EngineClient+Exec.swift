internal import FoundationEssentials
internal import NIOHTTP1
internal import RootFS

extension EngineClient {
    /// What a command in a container said and how it ended.
    package struct Outcome: Hashable, Sendable {
        package let status: Int
        /// Both streams, in the order in which they came.
        package let output: [UInt8]
    }

    /// Runs a command in a container, by an argument vector and without a shell, and waits for its end.
    ///
    /// - Parameters:
    ///   - user: whom to be, as `docker exec --user` takes it; nil for the container's own user.
    ///   - environment: `NAME=VALUE`, beside the container's own; engines don't log it, as they do arguments.
    ///   - patience: how long it may run; after that nobody listens to it.
    package func run(
        _ command: [[UInt8]], in container: String, as user: String? = "0:0", environment: [String] = [],
        patience: Duration = EngineClient.patience
    ) async throws(EngineError) -> Outcome {
        struct Creation: Encodable {
            let attachStdout = true
            let attachStderr = true
            let user: String?
            let command: [String]
            /// Engines before 1.25 know no such field.
            let environment: [String]?
            enum CodingKeys: String, CodingKey {
                case attachStdout = "AttachStdout"
                case attachStderr = "AttachStderr"
                case user = "User"
                case command = "Cmd"
                case environment = "Env"
            }
        }
        struct Created: Decodable {
            let id: String
            enum CodingKeys: String, CodingKey { case id = "Id" }
        }
        struct State: Decodable {
            let exitCode: Int?
            enum CodingKeys: String, CodingKey { case exitCode = "ExitCode" }
        }
        // JSON holds text only: an argument that isn't can't be passed, and must not become another.
        let words = command.compactMap { String(validating: $0, as: UTF8.self) }
        let wanted = Creation(user: user, command: words, environment: environment.isEmpty ? nil : environment)
        guard words.count == command.count, let creation = try? JSONEncoder().encode(wanted) else {
            throw .unintelligible("a name that isn't text")
        }
        let create = EngineRequest(
            .POST, "/containers/\(container.percentEncoded)/exec", body: ("application/json", Array(creation)),
            limit: 1 << 16)
        let exec = "/exec/\(try await value(Created.self, of: create).id.percentEncoded)"
        let start = EngineRequest(
            .POST, "\(exec)/start", body: ("application/json", Array(#"{"Detach":false,"Tty":false}"#.utf8)),
            limit: 1 << 20, patience: patience)
        let output = Self.unframed(try await send(start).body)
        let state = try await value(State.self, of: EngineRequest(.GET, "\(exec)/json", limit: 1 << 20))
        guard let status = state.exitCode else { throw .unintelligible("the end of a command") }
        return Outcome(status: status, output: output)
    }

    /// The payloads of a raw stream: each has a header of 8 bytes before it, the stream's number and, in the last four,
    /// its length (Engine API, ContainerAttach, "Stream format").
    static func unframed(_ stream: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var rest = stream[...]
        while rest.count >= 8 {
            let length = rest.dropFirst(4).prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(8)
            output += rest.prefix(length)
            rest = rest.dropFirst(length)
        }
        return output
    }
}
