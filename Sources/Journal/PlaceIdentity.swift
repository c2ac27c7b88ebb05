/// A place as the journal knows it.
package struct PlaceIdentity: Hashable, Sendable {
    /// As the user names it.
    package let name: String
    package let key: PlaceKey

    package init(name: String, key: PlaceKey) {
        self.name = name
        self.key = key
    }
}
