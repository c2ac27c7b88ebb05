/// A server, good or bad, and the store that clients would judge it by.
struct ServerCase: Sendable {
    let name: String
    /// The server's own certificate first.
    let chain: [Mint.Coin]
    let anchors: [Mint.Coin]
    var host = "www.server.example"

    /// Every case; each name says what is odd about it.
    static func all(_ mint: Mint) async throws -> [ServerCase] {
        try await chains(mint) + names(mint) + limits(mint) + intermediates(mint) + shapes(mint)
            + kinds(mint) + constraints(mint)
    }

    /// How the path leads to an anchor, or doesn't.
    private static func chains(_ mint: Mint) async throws -> [ServerCase] {
        let root = try await mint.make(.root("Root"))
        let other = try await mint.make(.root("Other"))
        let leaf = try await mint.make(.server(), by: root)
        let middle = try await mint.make(.intermediate("Middle"), by: root)
        let below = try await mint.make(.server(), by: middle)
        let selfSigned = try await mint.make(.server().replacing("authorityKeyIdentifier"))
        let cross = try await mint.make(.intermediate("Root"), by: other, keyOf: root)
        let twin = try await mint.make(.root("Root"))
        let nameless = try await mint.make(.server().replacing("authorityKeyIdentifier"), by: root)
        return [
            ServerCase(name: "leaf only, root trusted", chain: [leaf], anchors: [other, root]),
            ServerCase(name: "root sent and trusted", chain: [leaf, root], anchors: [root]),
            ServerCase(name: "root not trusted", chain: [leaf], anchors: [other]),
            ServerCase(name: "root sent, not trusted", chain: [leaf, root], anchors: [other]),
            ServerCase(name: "self-signed", chain: [selfSigned], anchors: [other]),
            ServerCase(name: "self-signed and trusted", chain: [selfSigned], anchors: [selfSigned]),
            ServerCase(name: "intermediate sent", chain: [below, middle], anchors: [root]),
            ServerCase(
                name: "intermediate and root sent, in the wrong order", chain: [below, root, middle], anchors: [root]),
            ServerCase(name: "intermediate missing", chain: [below], anchors: [root]),
            ServerCase(name: "intermediate is the anchor", chain: [below, middle], anchors: [middle]),
            ServerCase(
                name: "intermediate is the anchor, its root is sent", chain: [below, middle, root], anchors: [middle]),
            ServerCase(name: "intermediate and root are anchors", chain: [below], anchors: [middle, root]),
            ServerCase(name: "the leaf is the anchor", chain: [leaf], anchors: [leaf]),
            ServerCase(name: "cross-signed, own root trusted", chain: [leaf, cross], anchors: [root]),
            ServerCase(name: "cross-signed, the other root trusted", chain: [leaf, cross], anchors: [other]),
            ServerCase(name: "cross-signed, nothing trusted", chain: [leaf, cross], anchors: [twin]),
            ServerCase(name: "another root of the same name", chain: [leaf], anchors: [twin]),
            ServerCase(name: "two roots of one name", chain: [leaf], anchors: [twin, root]),
            ServerCase(name: "another root of the same name, no key identifiers", chain: [nameless], anchors: [twin]),
            ServerCase(name: "a forged root is sent", chain: [nameless, twin], anchors: [root]),
        ]
    }

    /// What the certificate calls the server.
    private static func names(_ mint: Mint) async throws -> [ServerCase] {
        let root = try await mint.make(.root("Root"))
        func server(_ recipe: Mint.Recipe) async throws -> [Mint.Coin] { [try await mint.make(recipe, by: root)] }
        let wild = try await server(.server("x", names: "DNS:*.server.example"))
        func named(_ subject: String, _ names: String? = nil) async throws -> [Mint.Coin] {
            var recipe = Mint.Recipe.server("x", names: names)
            recipe.subject = subject
            return try await server(names == nil ? recipe.replacing("subjectAltName") : recipe)
        }
        let address = try await server(.server("x", names: "IP:127.0.0.1"))
        return [
            ServerCase(name: "wrong name", chain: try await server(.server("other.example")), anchors: [root]),
            ServerCase(name: "wildcard", chain: wild, anchors: [root]),
            ServerCase(name: "wildcard, one label too many", chain: wild, anchors: [root], host: "a.b.server.example"),
            ServerCase(name: "wildcard, one label too few", chain: wild, anchors: [root], host: "server.example"),
            ServerCase(
                name: "wildcard for a whole domain", chain: try await server(.server("x", names: "DNS:*.example")),
                anchors: [root], host: "server.example"),
            ServerCase(name: "address", chain: address, anchors: [root], host: "127.0.0.1"),
            ServerCase(
                name: "address as a name", chain: try await server(.server("127.0.0.1")), anchors: [root],
                host: "127.0.0.1"),
            ServerCase(
                name: "name in the subject only", chain: try await server(.server().replacing("subjectAltName")),
                anchors: [root]),
            ServerCase(
                name: "name in the subject, another in the list",
                chain: try await server(.server("www.server.example", names: "DNS:other.example")), anchors: [root]),
            ServerCase(
                name: "wildcard for a label with an underscore", chain: wild, anchors: [root],
                host: "a_b.server.example"),
            ServerCase(
                name: "name in the subject, an address in the list",
                chain: try await named("/CN=www.server.example", "IP:127.0.0.1"), anchors: [root]),
            ServerCase(
                name: "first of two common names", chain: try await named("/CN=www.server.example/CN=other.example"),
                anchors: [root]),
            ServerCase(
                name: "last of two common names", chain: try await named("/CN=other.example/CN=www.server.example"),
                anchors: [root]),
            ServerCase(
                name: "address in the subject only", chain: try await named("/CN=127.0.0.1"), anchors: [root],
                host: "127.0.0.1"),
            ServerCase(
                name: "a dot at the name's end",
                chain: try await server(.server("x", names: "DNS:www.server.example.")), anchors: [root]),
            ServerCase(
                name: "name in capitals", chain: try await server(.server("x", names: "DNS:WWW.Server.EXAMPLE")),
                anchors: [root]),
        ]
    }

    /// Dates, strength and constraints.
    private static func limits(_ mint: Mint) async throws -> [ServerCase] {
        let root = try await mint.make(.root("Root"))
        let oldRoot = try await mint.make(.root("Old Root").with(until: "20250101000000Z"))
        let weakRoot = try await mint.make(.root("Weak Root").with(key: Mint.weakRSA))
        let rsaRoot = try await mint.make(.root("RSA Root").with(key: Mint.rsa))
        let flatRoot = try await mint.make(
            .root("Flat").replacing("basicConstraints", with: "basicConstraints=critical,CA:TRUE,pathlen:0"))
        let middle = try await mint.make(.intermediate("Middle"), by: flatRoot)
        func held(to constraint: String) async throws -> ([Mint.Coin], [Mint.Coin]) {
            let root = try await mint.make(.root("Held").adding("nameConstraints=\(constraint)"))
            return ([try await mint.make(.server(), by: root)], [root])
        }
        func constrained(_ name: String, _ constraint: String) async throws -> ServerCase {
            let (chain, anchors) = try await held(to: constraint)
            return ServerCase(name: name, chain: chain, anchors: anchors)
        }
        return [
            ServerCase(
                name: "expired", chain: [try await mint.make(.server().with(until: "20250101000000Z"), by: root)],
                anchors: [root]),
            ServerCase(
                name: "not yet valid", chain: [try await mint.make(.server().with(from: "20480101000000Z"), by: root)],
                anchors: [root]),
            ServerCase(name: "root expired", chain: [try await mint.make(.server(), by: oldRoot)], anchors: [oldRoot]),
            ServerCase(
                name: "weak key", chain: [try await mint.make(.server().with(key: Mint.weakRSA), by: root)],
                anchors: [root]),
            ServerCase(name: "weak root", chain: [try await mint.make(.server(), by: weakRoot)], anchors: [weakRoot]),
            ServerCase(
                name: "weak signature", chain: [try await mint.make(.server().with(digest: "sha1"), by: root)],
                anchors: [root]),
            ServerCase(
                name: "signed with MD5", chain: [try await mint.make(.server().with(digest: "md5"), by: rsaRoot)],
                anchors: [rsaRoot]),
            ServerCase(
                name: "a key of 768 bits", chain: [try await mint.make(.server().with(key: Mint.tinyRSA), by: root)],
                anchors: [root]),
            ServerCase(
                name: "path too long", chain: [try await mint.make(.server(), by: middle), middle], anchors: [flatRoot]),
            try await constrained("name permitted", "critical,permitted;DNS:server.example"),
            try await constrained("name not permitted", "critical,permitted;DNS:other.example"),
            try await constrained("name excluded", "critical,excluded;DNS:server.example"),
            try await constrained("name excluded by a dot", "critical,excluded;DNS:.server.example"),
            try await constrained("address excluded", "critical,excluded;IP:127.0.0.0/255.0.0.0"),
        ]
    }

    /// What is wrong with a CA that was sent, or with the way to it.
    private static func intermediates(_ mint: Mint) async throws -> [ServerCase] {
        let root = try await mint.make(.root("Root"))
        func below(_ name: String, _ recipe: Mint.Recipe) async throws -> ServerCase {
            let middle = try await mint.make(recipe, by: root)
            return ServerCase(name: name, chain: [try await mint.make(.server(), by: middle), middle], anchors: [root])
        }
        let careful = Mint.Recipe.intermediate("Middle")
        let middle = try await mint.make(careful, by: root)
        let lower = try await mint.make(.intermediate("Lower"), by: middle)
        let leaf = try await mint.make(.server(), by: lower)
        let old = try await mint.make(careful.with(until: "20250101000000Z"), by: root, keyOf: middle)
        return [
            try await below("intermediate expired", careful.with(until: "20250101000000Z")),
            try await below("intermediate for clients only", careful.adding("extendedKeyUsage=clientAuth")),
            try await below(
                "intermediate isn't a CA",
                careful.replacing("basicConstraints", with: "basicConstraints=critical,CA:FALSE")),
            try await below("intermediate without basicConstraints", careful.replacing("basicConstraints")),
            try await below(
                "intermediate may not sign", careful.replacing("keyUsage", with: "keyUsage=critical,cRLSign")),
            try await below(
                "intermediate permits another name",
                careful.adding("nameConstraints=critical,permitted;DNS:other.example")),
            try await below(
                "intermediate excludes the name", careful.adding("nameConstraints=critical,excluded;DNS:server.example")
            ),
            try await below("weak intermediate", careful.with(key: Mint.weakRSA)),
            try await below("intermediate signed with SHA-1", careful.with(digest: "sha1")),
            ServerCase(name: "two intermediates", chain: [leaf, lower, middle], anchors: [root]),
            ServerCase(name: "two intermediates, swapped", chain: [leaf, middle, lower], anchors: [root]),
            ServerCase(name: "the upper intermediate missing", chain: [leaf, lower], anchors: [root]),
            ServerCase(name: "an expired twin first", chain: [leaf, lower, old, middle], anchors: [root]),
            ServerCase(name: "an expired twin last", chain: [leaf, lower, middle, old], anchors: [root]),
        ]
    }

    /// Extensions that are missing or wrong; strict clients differ from the others here.
    private static func shapes(_ mint: Mint) async throws -> [ServerCase] {
        let root = try await mint.make(.root("Root"))
        func authority(_ name: String, _ recipe: Mint.Recipe) async throws -> ServerCase {
            let root = try await mint.make(recipe)
            let leaf = Mint.Recipe.server()
            let hasKey = recipe.extensions.contains { $0 == "subjectKeyIdentifier=hash" }
            let made = try await mint.make(
                hasKey ? leaf : leaf.replacing("authorityKeyIdentifier", with: "authorityKeyIdentifier=none"), by: root)
            return ServerCase(name: name, chain: [made], anchors: [root])
        }
        func leaf(_ name: String, _ recipe: Mint.Recipe) async throws -> ServerCase {
            ServerCase(name: name, chain: [try await mint.make(recipe, by: root)], anchors: [root])
        }
        let careful = Mint.Recipe.root("Shaped")
        var anonymous = Mint.Recipe.server().replacing(
            "subjectAltName", with: "subjectAltName=critical,DNS:www.server.example")
        anonymous.subject = "/"
        return [
            try await authority(
                "root, basicConstraints not critical",
                careful.replacing("basicConstraints", with: "basicConstraints=CA:TRUE")),
            try await authority("root without keyUsage", careful.replacing("keyUsage")),
            try await authority(
                "root without SKI", careful.replacing("subjectKeyIdentifier", with: "subjectKeyIdentifier=none")),
            try await authority("root without basicConstraints", careful.replacing("basicConstraints")),
            try await authority(
                "root without basicConstraints and keyUsage", careful.replacing("basicConstraints", "keyUsage")),
            try await authority(
                "root isn't a CA", careful.replacing("basicConstraints", with: "basicConstraints=critical,CA:FALSE")),
            try await authority("root may not sign", careful.replacing("keyUsage", with: "keyUsage=critical,cRLSign")),
            try await authority("root for clients only", careful.adding("extendedKeyUsage=clientAuth")),
            try await authority("root for servers", careful.adding("extendedKeyUsage=serverAuth")),
            try await leaf(
                "leaf for clients only",
                Mint.Recipe.server().replacing("extendedKeyUsage", with: "extendedKeyUsage=clientAuth")),
            try await leaf(
                "leaf for anything",
                Mint.Recipe.server().replacing("extendedKeyUsage", with: "extendedKeyUsage=anyExtendedKeyUsage")),
            try await leaf("leaf without EKU and KU", Mint.Recipe.server().replacing("extendedKeyUsage", "keyUsage")),
            try await leaf(
                "leaf without AKI",
                Mint.Recipe.server().replacing("authorityKeyIdentifier", with: "authorityKeyIdentifier=none")),
            try await leaf(
                "leaf is a CA",
                Mint.Recipe.server().replacing(
                    "basicConstraints", "keyUsage", with: "basicConstraints=critical,CA:TRUE",
                    "keyUsage=digitalSignature,keyCertSign")),
            try await leaf(
                "leaf may sign and isn't a CA",
                Mint.Recipe.server().replacing("keyUsage", with: "keyUsage=digitalSignature,keyCertSign")),
            try await leaf("leaf without a subject", anonymous),
            try await leaf(
                "leaf with an unknown critical extension", Mint.Recipe.server().adding("1.2.3.4=critical,ASN1:NULL")),
            try await leaf("leaf with an unknown extension", Mint.Recipe.server().adding("1.2.3.4=ASN1:NULL")),
        ]
    }

    /// Kinds of keys and digests.
    private static func kinds(_ mint: Mint) async throws -> [ServerCase] {
        var cases: [ServerCase] = []
        for (name, key, digest) in [
            ("RSA", Mint.rsa, "sha256"), ("RSA and SHA-384", Mint.rsa, "sha384"),
            ("P-384", Mint.curve("P-384"), "sha384"),
            ("P-521", Mint.curve("P-521"), "sha512"), ("P-256 and SHA-512", Mint.curve("P-256"), "sha512"),
        ] {
            let root = try await mint.make(.root("Root \(name)").with(key: key, digest: digest))
            let leaf = try await mint.make(.server().with(key: key, digest: digest), by: root)
            cases.append(ServerCase(name: name, chain: [leaf], anchors: [root]))
        }
        let root = try await mint.make(.root("Root Ed25519").with(key: Mint.ed25519, digest: "null"))
        let leaf = try await mint.make(.server().with(digest: "null"), by: root)
        cases.append(ServerCase(name: "Ed25519 root", chain: [leaf], anchors: [root]))
        return cases
    }
}
