public import Caisson
public import ChainVerification
import NIOCore
import RootFS
import TrustAnchors

/// Works out the CA behind a chain: from the chain itself, else from where its certificates say their issuer is, else
/// from the proxy's own page. Only what verifies a signature of the chain counts.
public struct AuthoritySearch: Sendable {
    /// How many issuers are fetched one above the other.
    static let hopLimit = 8
    /// How many times a download's own limit the whole search may take; then nothing more is asked for.
    static let patience: Int64 = 3

    let probe: TLSProbe
    /// Nil where it isn't known which roots are public.
    let publicRoots: AnchorSet?

    /// Takes the set of public roots, or nil where it isn't known.
    public init(_ probe: TLSProbe, publicRoots: AnchorSet?) {
        self.probe = probe
        self.publicRoots = publicRoots
    }

    /// Shakes hands with `endpoint` and works out who signs for it. Throws `.unavailable` where it can't be reached, and
    /// `.badCertificate` where what it presents can't be read.
    public func report(on endpoint: Endpoint) async throws(CaissonError) -> ConnectionReport {
        let handshake = try await probe.handshake(with: endpoint)
        guard let own = handshake.presented.first, let leaf = try? Certificate(der: own) else {
            throw CaissonError(.badCertificate, endpoint.description, "the server's certificate can't be read")
        }
        let others = handshake.presented.dropFirst().compactMap { try? Certificate(der: $0) }
        let limit = probe.tunnel.timeouts.download.nanoseconds * Self.patience
        var search = Search(path: leaf.path(through: others), deadline: .now() + .nanoseconds(limit))
        if !endsInPublicRoot(&search) {
            await climb(&search)
            if !endsInPublicRoot(&search), !search.isComplete {
                await askProxy(&search, for: endpoint)
                await climb(&search)
            }
        }
        return search.report(handshake, publicRootsAreKnown: publicRoots != nil)
    }

    private func endsInPublicRoot(_ search: inout Search) -> Bool {
        guard let publicRoots, let root = publicRoots.issuer(above: search.path) else { return false }
        search.publicRoot = root
        return true
    }

    /// Fetches one issuer after the other by authorityInfoAccess.
    private func climb(_ search: inout Search) async {
        for _ in 0..<Self.hopLimit where !search.isComplete {
            guard let top = search.path.last else { return }
            var hasClimbed = false
            for url in top.issuerURLs.prefix(3) where !hasClimbed && search.asked.insert(url).inserted {
                hasClimbed = await fetch(url, as: .issuerURL(printable(url)), for: &search)
            }
            guard hasClimbed else { return }
        }
    }

    private func askProxy(_ search: inout Search, for endpoint: Endpoint) async {
        let product = InspectionProduct.recognize(in: search.path)
        // Without a proxy that is known of, only a product that was recognised is asked: these pages are on its way.
        var pages = product?.pages ?? []
        if let url = WebAddress(endpoint.description), case .proxy? = try? probe.route(to: url), pages.isEmpty {
            pages = InspectionProduct.known.flatMap(\.pages)
        }
        for page in pages where await fetch(page, as: .proxyPage(page), for: &search, of: endpoint) { return }
    }

    /// Whether what is at `url` signed the top of the path; if so it is the new top.
    private func fetch(
        _ url: String, as origin: ConnectionReport.Origin, for search: inout Search, of endpoint: Endpoint? = nil
    ) async -> Bool {
        guard .now() < search.deadline else {
            search.attempts.append("\(printable(url)) wasn't asked: the search has taken too long already")
            return false
        }
        do throws(CaissonError) {
            let bytes = try await probe.download(url, byTheWayTo: endpoint, until: search.deadline)
            let found = CertificateFile(surveying: bytes).certificates
            if let top = search.path.last, let issuer = found.first(where: top.isSigned) {
                search.take(issuer, from: origin)
                return true
            }
            search.attempts.append(
                found.isEmpty
                    ? "\(printable(url)) holds no certificate"
                    : "the certificate at \(printable(url)) didn't sign this chain")
        } catch {
            search.attempts.append(error.reason)
        }
        return false
    }
}

/// How far the search has come.
private struct Search {
    private(set) var path: [Certificate]
    private var origin = ConnectionReport.Origin.presented
    var publicRoot: Certificate?
    var attempts: [String] = []
    /// What was asked for already.
    var asked: Set<String> = []

    let deadline: NIODeadline

    init(path: [Certificate], deadline: NIODeadline) {
        self.path = path
        self.deadline = deadline
    }

    var isComplete: Bool { path.last?.isRoot ?? true }

    mutating func take(_ issuer: Certificate, from origin: ConnectionReport.Origin) {
        guard !path.contains(issuer) else { return }
        path.append(issuer)
        self.origin = origin
    }

    func report(_ handshake: Handshake, publicRootsAreKnown: Bool) -> ConnectionReport {
        var authority: ConnectionReport.Authority?
        var inspection = publicRootsAreKnown ? ConnectionReport.Inspection.inspected : .unknown
        if let publicRoot {
            // Anybody can present the certificates of others and break off.
            inspection = handshake.isProven ? .none(publicRoot) : .unknown
            authority = .init(
                certificate: publicRoot, origin: path.contains(publicRoot) ? origin : .publicRoots, isRoot: true)
        } else if path.count > 1, let top = path.last {
            authority = .init(certificate: top, origin: origin, isRoot: isComplete)
        }
        return ConnectionReport(
            handshake: handshake, path: path, inspection: inspection,
            product: publicRoot == nil ? InspectionProduct.recognize(in: path) : nil, authority: authority,
            attempts: attempts)
    }
}

extension TLSProbe {
    /// What is at a plain HTTP URL, at most 1 MiB; by the way that is taken to `endpoint`, if one is given. It takes no
    /// longer than a download may, and not beyond `deadline`.
    func download(
        _ text: String, byTheWayTo endpoint: Endpoint? = nil, until deadline: NIODeadline
    ) async throws(CaissonError) -> [UInt8] {
        let name = printable(text)
        guard let url = WebAddress(text), url.scheme == "http" else {
            throw CaissonError(.unavailable, name, "\(name) isn't a plain http:// URL")
        }
        let target = endpoint.flatMap { WebAddress($0.description) } ?? url
        let route = try route(to: target)
        do throws(ProbeFailure) {
            let deadline = min(deadline, .now() + tunnel.timeouts.download)
            return try await Download(tunnel: tunnel, route: route, deadline: deadline).body(of: url)
        } catch {
            throw error.error(for: name)
        }
    }
}
