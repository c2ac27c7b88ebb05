internal import FoundationEssentials
internal import NIOHTTP1

/// A container engine (Docker, Podman), spoken to over the Engine API: bounded in time and size, and cancellable.
///
/// It costs nothing before the first request: the threads and the connections are made then, once for the process.
package struct EngineClient: Sendable {
    package let address: EngineAddress
    /// The version of the API that both sides speak.
    package let version: APIVersion
    /// Whether it is Podman, which gives what a link leads to where Docker gives the link.
    package let isPodman: Bool

    /// How long any one request may take, with its answer.
    package static let patience = Duration.seconds(60)

    /// Greets the engine, and agrees with it on a version of the API.
    package init(connectingTo address: EngineAddress) async throws(EngineError) {
        self.address = address
        let wire = EngineWire(address: address)
        let reply = try await wire.exchange(.init(.GET, "/_ping", limit: 1 << 16, patience: .seconds(10)))
        // Engines before 1.24 don't say; what isn't an engine doesn't either.
        guard let text = reply.headers.first(name: "Api-Version"), let newest = APIVersion(text) else {
            throw .unintelligible("its answer to a ping")
        }
        guard newest >= .oldest else { throw .unknownVersion(text) }
        version = min(newest, .newest)
        isPodman = reply.headers.contains(name: "Libpod-Api-Version")
    }

    private var wire: EngineWire { EngineWire(address: address) }

    /// Sends a request to a path below the version; a status of 400 and above is thrown as `EngineError.refused`.
    func send(_ request: EngineRequest) async throws(EngineError) -> EngineReply {
        var versioned = request
        versioned.path = "/v\(version)\(request.path)"
        let reply = try await wire.exchange(versioned)
        guard (200..<300).contains(reply.status) else {
            throw .refused(status: reply.status, message: reply.message)
        }
        return reply
    }

    /// Sends a request whose answer is JSON.
    func value<Value: Decodable>(_ type: Value.Type, of request: EngineRequest) async throws(EngineError) -> Value {
        let reply = try await send(request)
        do {
            return try JSONDecoder().decode(type, from: Data(reply.body))
        } catch {
            throw .unintelligible(request.path)
        }
    }
}

/// One request, and how much of an answer it may get.
struct EngineRequest: Sendable {
    let method: HTTPMethod
    var path: String
    /// The values are percent-encoded.
    var query: [(name: String, value: String)] = []
    var body: (type: String, bytes: [UInt8])?
    /// The most bytes that the answer may have.
    var limit: Int
    var patience: Duration

    init(
        _ method: HTTPMethod, _ path: String, query: [(name: String, value: String)] = [],
        body: (type: String, bytes: [UInt8])? = nil, limit: Int, patience: Duration = EngineClient.patience
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.limit = limit
        self.patience = patience
    }
}

struct EngineReply: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]

    /// What an engine says of a failure: `{"message": …}`.
    var message: String {
        struct Failure: Decodable { let message: String? }
        let decoded = try? JSONDecoder().decode(Failure.self, from: Data(body))
        return decoded?.message ?? String(decoding: body.prefix(300), as: UTF8.self)
    }
}
