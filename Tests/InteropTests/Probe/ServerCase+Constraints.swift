extension ServerCase {
    /// What name constraints say of names of every kind.
    static func constraints(_ mint: Mint) async throws -> [ServerCase] {
        func held(
            _ name: String, to constraint: String, _ recipe: Mint.Recipe
        ) async throws -> ServerCase {
            let root = try await mint.make(.root("Held").adding("nameConstraints=critical,\(constraint)"))
            return ServerCase(name: name, chain: [try await mint.make(recipe, by: root)], anchors: [root])
        }
        var mail = Mint.Recipe.server()
        mail.subject = "/CN=www.server.example/emailAddress=a@bad.example"
        func also(_ name: String) -> Mint.Recipe {
            .server("www.server.example", names: "DNS:www.server.example,\(name)")
        }
        return [
            try await held("address in the subject excluded", to: "excluded;email:bad.example", mail),
            try await held("address in the subject excluded, @host", to: "excluded;email:@bad.example", mail),
            try await held("address in the subject not permitted", to: "permitted;email:good.example", mail),
            try await held("address in the subject permitted", to: "permitted;email:bad.example", mail),
            try await held("e-mail excluded, @host", to: "excluded;email:@bad.example", also("email:a@bad.example")),
            try await held("e-mail excluded below", to: "excluded;email:.bad.example", also("email:a@x.bad.example")),
            try await held("e-mail of another", to: "excluded;email:b@bad.example", also("email:a@bad.example")),
            try await held("e-mail without @", to: "excluded;email:bad.example", also("email:nobody")),
            try await held("URI excluded", to: "excluded;URI:bad.example", also("URI:http://bad.example/x")),
            try await held("URI without a host", to: "excluded;URI:bad.example", also("URI:urn:x:y")),
            try await held("URI without constraints", to: "excluded;DNS:bad.example", also("URI:urn:x:y")),
            try await held("a number of somebody's own", to: "excluded;RID:1.2.3.4", also("RID:1.2.3.4")),
            try await held(
                "a name of somebody's own", to: "excluded;otherName:1.2.3;UTF8:x", also("otherName:1.2.3;UTF8:y")),
        ]
    }
}
