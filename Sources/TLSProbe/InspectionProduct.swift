public import TrustAnchors

/// What makes certificates on the fly, as far as the names in them tell.
public struct InspectionProduct: Hashable, Sendable {
    /// The name that people know it by.
    public let name: String
    /// What its names contain, in lower case; any of them is enough.
    let words: [String]
    /// Where it hands out its CA to who asks through it, plain HTTP.
    let pages: [String]

    init(_ name: String, _ words: [String], pages: [String] = []) {
        self.name = name
        self.words = words
        self.pages = pages
    }

    /// The product whose words stand in the name of an issuer of `path`, the server's own certificate first.
    public static func recognize(in path: [Certificate]) -> InspectionProduct? {
        let names = path.map { $0.facts.issuer.description.lowercased() }
        return known.first { product in
            names.contains { name in product.words.contains { name.contains($0) } }
        }
    }
}
