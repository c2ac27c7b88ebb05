import Caisson
import ChainVerification
import Foundation
import TLSProbe
import Testing
import TrustAnchors

/// Each verdict is that of the client it speaks for, to the number of OpenSSL's error.
@Suite("Verdicts", .scratch)
struct VerdictAgreementTests {
    @Test("are those of openssl, curl and a strict Python, given the same bundle")
    func agreement() async throws {
        let mint = try Mint()
        var compared = 0
        for server in try await ServerCase.all(mint) {
            let (process, port) = try await BackgroundProcess.start(
                [
                    "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", server.chain[0].certificate,
                    "-key",
                    server.chain[0].key, "-cipher", "DEFAULT:@SECLEVEL=0",
                ] + (server.chain.count > 1 ? ["-cert_chain", try mint.bundle(Array(server.chain.dropFirst()))] : []),
                until: #"ACCEPT 127\.0\.0\.1:(\d+)"#)
            defer { process.stop() }
            try await compare(server, port: try #require(Int(port)), bundle: try mint.bundle(server.anchors))
            compared += 1
        }
        #expect(compared >= 60)
    }

    private func compare(_ server: ServerCase, port: Int, bundle: String) async throws {
        let probe = TLSProbe { _ in .direct }
        let loopback = try #require(ServerName("127.0.0.1"))
        let handshake = try await probe.handshake(with: Endpoint(host: loopback, port: port))
        let anchors = AnchorSet(
            PEM.blocks(in: [UInt8](try Data(contentsOf: URL(filePath: bundle)))).compactMap(\.certificate))
        let host = try #require(ServerName(server.host))
        for client in RealClient.allCases {
            let verdict = Verdict(
                on: handshake.presented, from: host, anchors: anchors, client: client.model,
                now: Int64(Date().timeIntervalSince1970))
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
