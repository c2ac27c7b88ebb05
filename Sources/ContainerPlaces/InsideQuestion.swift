internal import Caisson
internal import Engine
internal import RootFS

/// One client, asked for one server.
struct InsideQuestion: Sendable {
    let client: any InsideClient
    let program: RootPath
    let endpoint: Endpoint
    let proxy: InsideProxy?
    let seconds: Int

    /// Nil where it turns out that the client isn't there.
    func verdict(from engine: EngineClient, in container: String) async -> InsideVerdict? {
        if let proxy, let obstacle = client.obstacle(to: proxy) { return verdict(.unasked, obstacle) }
        let words = client.arguments(for: endpoint, through: proxy, seconds: seconds)
        let outcome: EngineClient.Outcome
        do throws(EngineError) {
            outcome = try await engine.run(
                [program.bytes] + words.map { Array($0.utf8) }, in: container, as: nil,
                environment: client.environment + (proxy?.environment ?? []), patience: .seconds(seconds + 10))
        } catch {
            if case .tooSlow = error { return verdict(.failed, "no answer in time") }
            return verdict(.failed, CaissonError(error, "", engine: engine.address.description).reason)
        }
        let output = String(decoding: outcome.output, as: UTF8.self)
        if outcome.status == InsideClients.isAbsent { return nil }
        if client.answered(status: outcome.status, output: output) { return verdict(.works, "") }
        return verdict(Self.isRefusal(output) ? .refused : .failed, reason(in: output, status: outcome.status))
    }

    private func verdict(_ result: InsideVerdict.Result, _ reason: String) -> InsideVerdict {
        InsideVerdict(client: client.name, program: program, endpoint: endpoint, result: result, reason: reason)
    }

    /// What clients say of a certificate that they don't accept.
    private static let refusals = ["certificate", "pkix", "cert_", "unable_to_verify", "verify error"]

    private static func isRefusal(_ output: String) -> Bool {
        let text = output.lowercased()
        return refusals.contains { text.contains($0) }
    }

    /// The line that tells the cause: the first that speaks of a certificate, else of an error, else the last.
    private func reason(in output: String, status: Int) -> String {
        var text = output
        for secret in proxy?.secrets ?? [] { text = text.replacing(secret, with: "***") }
        let lines = text.split(whereSeparator: \.isNewline).filter { $0.contains { !$0.isWhitespace } }
        let line =
            lines.first { Self.isRefusal(String($0)) }
            ?? lines.first { $0.contains("rror") || $0.contains("xception") } ?? lines.last
        guard let line else { return "it ended with status \(status) and said nothing" }
        return printable(String(line.prefix(300)))
    }
}
