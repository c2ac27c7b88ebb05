import Caisson
import ChainVerification
import RootFS
import TLSProbe
import TrustAnchors

/// Who stands behind one connection, for people and as data.
struct FetchReport: Encodable {
    /// The whole output. Version 1; fields are only ever added.
    struct Document: Encodable {
        let version = 1
        let connections: [FetchReport]

        init(_ connections: [FetchReport]) { self.connections = connections }
    }

    struct Authority: Encodable {
        let subject: String
        let sha256: String
        let isRoot: Bool
        /// The subject of who signed it.
        let issuer: String
        /// `presented`, `public-roots`, or the URL that it came from.
        let source: String
        /// RFC 3339.
        let notAfter: String
    }

    let url: String
    let route: String
    /// Nil where the handshake was broken off after the certificates.
    let tls: String?
    /// Nil where it isn't known which roots are public.
    let isInspected: Bool?
    let product: String?
    let server: String
    let issuer: String
    let authority: Authority?
    let attempts: [String]
    let interruption: String?
    private let isSelfSigned: Bool

    private enum CodingKeys: String, CodingKey {
        case url, route, tls, isInspected, product, server, issuer, authority, attempts, interruption
    }

    init(_ report: ConnectionReport) {
        url = report.handshake.endpoint.description
        route = report.handshake.route
        tls = report.handshake.version
        isInspected =
            switch report.inspection {
            case .none: false
            case .inspected: true
            case .unknown: nil
            }
        product = report.product?.name
        server = report.path.first?.displayName ?? ""
        issuer = report.path.first.map { $0.facts.issuer.displayName } ?? ""
        authority = report.authority.map { Authority($0) }
        attempts = report.attempts
        interruption = report.handshake.interruption
        isSelfSigned = report.isSelfSigned
    }

    var text: String {
        var lines = ["\(Terminal.style(url, .bold))  \(verdict)"]
        lines.append("  reached    \(route)\(tls.map { ", \($0)" } ?? "")")
        lines.append("  presents   \(server)")
        lines.append("  signed by  \(issuer)")
        if let interruption { lines.append("  cut short  \(interruption)") }
        guard let authority else {
            lines += attempts.map { "  tried      \($0)" }
            lines.append(
                isSelfSigned
                    ? "  CA         none: the server signed its certificate itself"
                    : "  CA         not found: who signed wasn't sent; ask your IT department for \"\(issuer)\" or the root above it"
            )
            return lines.joined(separator: "\n")
        }
        let kind = authority.isRoot ? "CA        " : "topmost   "
        lines.append("  \(kind) \(authority.subject), \(authority.provenance)")
        lines.append("             sha256:\(authority.sha256)")
        lines.append("             valid until \(authority.notAfter)")
        if !authority.isRoot {
            lines += attempts.map { "  tried      \($0)" }
            lines.append(
                "             an intermediate: who signed it wasn't sent; ask your IT department for "
                    + "\"\(authority.issuer)\" or the root above it"
            )
        }
        if isInspected != false {
            lines.append(
                "             compare the fingerprint with one that you got in another way before you trust it")
        }
        return lines.joined(separator: "\n")
    }

    /// Which of several servers are inspected, one line for each answer; nil for a single one.
    static func summary(of reports: [FetchReport]) -> String? {
        guard reports.count > 1 else { return nil }
        let groups: [(String, Bool?)] = [("inspected", true), ("not inspected", false), ("can't tell", nil)]
        let lines = groups.compactMap { name, answer -> String? in
            let urls = reports.filter { $0.isInspected == answer }.map(\.url)
            guard !urls.isEmpty else { return nil }
            return
                "\(Terminal.style(name.padded(to: 14), .bold)) \(urls.count) of \(reports.count): \(urls.joined(separator: ", "))"
        }
        return lines.joined(separator: "\n")
    }

    private var verdict: String {
        switch isInspected {
        case false?: Terminal.style("not inspected", .green)
        case true?: Terminal.style(product.map { "inspected by \($0)" } ?? "inspected, or a private server", .yellow)
        case nil: "can't tell whether it is inspected" + (product.map { ", looks like \($0)" } ?? "")
        }
    }
}

extension FetchReport.Authority {
    init(_ authority: ConnectionReport.Authority) {
        subject = authority.certificate.displayName
        sha256 = authority.certificate.fingerprint.hex
        isRoot = authority.isRoot
        issuer = authority.certificate.facts.issuer.displayName
        source =
            switch authority.origin {
            case .presented: "presented"
            case .publicRoots: "public-roots"
            case .issuerURL(let url), .proxyPage(let url): url
            }
        notAfter = CalendarTime(secondsSince1970: authority.certificate.facts.notAfter).description
    }

    fileprivate var provenance: String {
        switch source {
        case "presented": "sent by the server"
        case "public-roots": "among this machine's public roots"
        default: "from \(source)"
        }
    }
}
