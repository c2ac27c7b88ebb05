import TrustAnchors

@testable import ChainVerification

/// What a server presents, and a store to judge it by. The first byte is how many of the certificates that follow, one
/// after the other in DER, the server presents; the others are anchors.
enum ChainFuzzing {
    private static let clients: [ClientModel] = [
        .openSSL(), .curl(), ClientModel(name: "strict", acceptsPartialChains: true, isStrict: true, securityLevel: 2),
    ]

    static func check(_ input: [UInt8]) throws(Violation) {
        guard let count = input.first, let server = ServerName("localhost"), let address = ServerName("127.0.0.1")
        else { return }
        let encodings = certificates(in: input)
        let presented = Array(encodings.prefix(Int(count)))
        let anchors = AnchorSet(Array(encodings.dropFirst(Int(count))))
        for client in clients {
            for server in [server, address] {
                func verdict(_ anchors: AnchorSet) -> Verdict {
                    Verdict(on: presented, from: server, anchors: anchors, client: client, now: 1_800_000_000)
                }
                let found = verdict(anchors)
                try check(found, presented, anchors)
                try require(found == verdict(anchors), "a verdict made twice is the same")
                try require(!verdict(AnchorSet([])).holds, "nobody is trusted without anchors")
            }
        }
    }

    private static func check(
        _ verdict: Verdict, _ presented: [[UInt8]], _ anchors: AnchorSet
    ) throws(Violation) {
        try require(verdict.path.count <= PathBuilder.depthLimit + 2, "a path is no longer than OpenSSL's")
        for certificate in verdict.path {
            try require(
                presented.contains(certificate.der) || anchors.contains(certificate.der), "a path is made of these")
        }
        guard verdict.holds else { return }
        guard let anchor = verdict.anchor else { throw Violation(description: "what holds has an anchor") }
        try require(anchors.contains(anchor.der), "an anchor is one of the store's")
        try require(verdict.path.first?.der == presented.first, "a path begins with the server's own certificate")
    }

    private static func certificates(in input: [UInt8]) -> [[UInt8]] {
        var reader = DERReader(input, in: 1..<input.count)
        var found: [[UInt8]] = []
        while !reader.isAtEnd, found.count < 32, let element = try? reader.next() {
            found.append(Array(input[element.start..<element.end]))
        }
        return found
    }
}
