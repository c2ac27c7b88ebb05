import Caisson
import ChainVerification
import Foundation
import TLSProbe
import Testing
import TrustAnchors

/// Each verdict is that of the client it speaks for, to the number of OpenSSL's error.
@Suite("Verdicts", .serialized, .scratch)
struct VerdictAgreementTests {
    @Test("are those of openssl, curl and a strict Python, given the same bundle")
    func agreement() async throws {
        let mint = try Mint()
        var compared = 0
        for server in try await ServerCase.all(mint) {
            let (process, port) = try await start(server, mint)
            defer { process.stop() }
            try await compare(server, port: port, bundle: try mint.bundle(server.anchors))
            compared += 1
        }
        #expect(compared >= 60)
    }

    @Test("are those of Java, given the same anchors", .needsJavaCompiler)
    func java() async throws {
        let mint = try Mint()
        let servers = try await ServerCase.all(mint)
        var processes: [BackgroundProcess] = []
        defer { for process in processes { process.stop() } }
        var questions: [JavaClient.Question] = []
        for server in servers {
            let (process, port) = try await start(server, mint)
            processes.append(process)
            questions.append(.init(host: server.host, port: port, bundle: try mint.bundle(server.anchors)))
        }
        let opinions = try await JavaClient.opinions(on: questions)
        for (server, (question, opinion)) in zip(servers, zip(questions, opinions)) {
            let verdict = try await verdict(on: server, port: question.port, bundle: question.bundle, client: .java)
            #expect(
                verdict.holds == opinion.accepts,
                "\(server.name): we find \(verdict.faults.map(\.kind.rawValue)), it says \(opinion.output)")
        }
    }

    private func start(_ server: ServerCase, _ mint: Mint) async throws -> (process: BackgroundProcess, port: Int) {
        let rest = Array(server.chain.dropFirst())
        let (process, port) = try await BackgroundProcess.start(
            [
                "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", server.chain[0].certificate, "-key",
                server.chain[0].key, "-cipher", "DEFAULT:@SECLEVEL=0",
            ] + (rest.isEmpty ? [] : ["-cert_chain", try mint.bundle(rest)]),
            until: #"ACCEPT 127\.0\.0\.1:(\d+)"#)
        return (process, try #require(Int(port)))
    }

    private func verdict(
        on server: ServerCase, port: Int, bundle: String, client: ClientModel
    ) async throws -> Verdict {
        let loopback = try #require(ServerName("127.0.0.1"))
        let handshake = try await TLSProbe { _ in .direct }.handshake(with: Endpoint(host: loopback, port: port))
        let anchors = AnchorSet(
            PEM.blocks(in: [UInt8](try Data(contentsOf: URL(filePath: bundle)))).compactMap(\.certificate))
        return Verdict(
            on: handshake.presented, from: try #require(ServerName(server.host)), anchors: anchors, client: client,
            now: Int64(Date().timeIntervalSince1970))
    }

    private func compare(_ server: ServerCase, port: Int, bundle: String) async throws {
        for client in RealClient.allCases {
            let verdict = try await verdict(on: server, port: port, bundle: bundle, client: client.model)
            let opinion = try await client.opinion(on: server.host, port: port, bundle: bundle)
            let found = verdict.faults.map(\.kind.rawValue)
            #expect(
                verdict.holds == opinion.accepts,
                "\(server.name), \(client): we find \(found), it says \(opinion.output)")
            if let number = opinion.firstError, number != 0 {
                let ours = verdict.faults.first?.kind.openSSLCode
                // A wrong address has a number of its own.
                #expect(
                    ours == number || (ours == 62 && number == 64),
                    "\(server.name), \(client): we find \(found), it says \(number)")
            }
        }
    }
}

extension RealClient {
    var model: ClientModel {
        switch self {
        case .openssl: .openSSL()
        case .curl: .curl()
        case .strict: .strict()
        }
    }
}
