/// A place as the journal knows it.
package struct PlaceIdentity: Hashable, Sendable {
    /// As a record names it, so that it is found again.
    package let name: String
    /// As messages name it.
    package let shown: String
    package let key: PlaceKey

    /// Where no name is given for messages, they use the record's.
    package init(name: String, shown: String? = nil, key: PlaceKey) {
        self.name = name
        self.shown = shown ?? name
        self.key = key
    }
}
