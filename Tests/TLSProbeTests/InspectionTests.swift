import Caisson
import ChainVerification
import DemoNetwork
import NIOCore
import NIOPosix
import TLSProbe
import Testing
import TrustAnchors

@Suite("A connection on loopback")
struct InspectionTests {
    static let host = "shop.example"

    /// An origin with a public CA, and a proxy that reads along with another.
    struct Network {
        let publicRoot: [UInt8]
        let corporateRoot: [UInt8]
        let origin: Origin
        let proxy: InspectingProxy

        init() async throws {
            let group = MultiThreadedEventLoopGroup.singleton
            let authority = try DemoAuthority(commonName: "Public Root", organization: "Public")
            let corporate = try DemoAuthority(commonName: "Corp CA", organization: "Corp")
            publicRoot = authority.root
            corporateRoot = corporate.root
            origin = try await Origin(authority.identity(for: host), answer: "hello", group: group)
            proxy = try await InspectingProxy(
                authority: corporate, origins: [host: origin.port], originRoot: authority.root, group: group)
        }

        func probe(_ route: ProxyRoute? = nil) throws -> TLSProbe {
            let route = try route ?? .proxy(Proxy(url: "http://127.0.0.1:\(proxy.port)"))
            return TLSProbe(timeouts: Timeouts(each: .seconds(5))) { _ in route }
        }

        func close() async throws {
            try await proxy.close()
            try await origin.close()
        }
    }

    let endpoint = Endpoint(host: .dns(host))

    @Test("through an inspecting proxy shows the proxy's chain, and its CA is found")
    func inspected() async throws {
        let network = try await Network()
        let search = AuthoritySearch(try network.probe(), publicRoots: AnchorSet([network.publicRoot]))
        let report = try await search.report(on: endpoint)
        #expect(report.inspection == .inspected)
        #expect(report.authority?.certificate.der == network.corporateRoot)
        #expect(report.authority?.isRoot == true)
        #expect(report.handshake.version == "TLS 1.3")
        #expect(report.handshake.presented.count == 2)
        #expect(report.handshake.interruption == nil)
        #expect(!report.handshake.wantsClientCertificate)
        try await network.close()
    }

    @Test("without a proxy ends in a public root")
    func direct() async throws {
        let network = try await Network()
        let search = AuthoritySearch(try network.probe(.direct), publicRoots: AnchorSet([network.publicRoot]))
        let address = try #require(ServerName("127.0.0.1"))
        let report = try await search.report(on: Endpoint(host: address, port: network.origin.port))
        #expect(report.inspection == .none(try Certificate(der: network.publicRoot)))
        try await network.close()
    }

    @Test("holds in a store with the proxy's CA, and fails in one without")
    func verdicts() async throws {
        let network = try await Network()
        let handshake = try await network.probe().handshake(with: endpoint)
        for (anchors, holds) in [([network.publicRoot], false), ([network.publicRoot, network.corporateRoot], true)] {
            for client in [ClientModel.openSSL(), .curl(), .strict()] {
                let verdict = Verdict(
                    on: handshake.presented, from: endpoint.host, anchors: AnchorSet(anchors), client: client,
                    now: Int64(time(nil)))
                #expect(verdict.holds == holds, "\(client.name): \(verdict.faults)")
                #expect((verdict.anchor != nil) == holds)
            }
        }
        try await network.close()
    }

    @Test("to where nobody listens fails with the reason")
    func refused() async throws {
        let probe = TLSProbe(timeouts: Timeouts(each: .seconds(2))) { _ in .direct }
        let address = try #require(ServerName("127.0.0.1"))
        let error = await #expect(throws: CaissonError.self) {
            try await probe.handshake(with: Endpoint(host: address, port: 1))
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.reason == "127.0.0.1:1 can't be reached: connection refused")
    }

    @Test("to a server that says nothing ends in time")
    func silent() async throws {
        let silent = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(
            host: "127.0.0.1", port: 0
        ).get()
        let probe = TLSProbe(timeouts: Timeouts(each: .milliseconds(200))) { _ in .direct }
        let address = try #require(ServerName("127.0.0.1"))
        let port = try #require(silent.localAddress?.port)
        let error = await #expect(throws: CaissonError.self) {
            try await probe.handshake(with: Endpoint(host: address, port: port))
        }
        #expect(error?.reason == "127.0.0.1:\(port) doesn't finish the TLS handshake within 200 ms")
        try await silent.close()
    }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
