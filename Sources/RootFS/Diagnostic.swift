/// Something about a root that its owner should know, and that stops nothing.
public struct Diagnostic: Hashable, Sendable {
    /// A stable identifier, such as `broken-block`.
    public let id: String
    public let path: RootPath?
    /// One sentence, lower case, without a full stop, safe to print.
    public let message: String

    public init(_ id: String, at path: RootPath? = nil, _ message: String) {
        self.id = id
        self.path = path
        self.message = message
    }
}
