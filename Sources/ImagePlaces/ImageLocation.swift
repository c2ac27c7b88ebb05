internal import RootFS

/// Where an image is, as skopeo and the other tools of containers-transports(5) write it.
public struct ImageLocation: Hashable, Sendable {
    /// How images are kept there.
    public enum Transport: String, Hashable, Sendable, CaseIterable {
        /// A directory in OCI's image layout.
        case oci
    }

    /// How images are kept there.
    public let transport: Transport
    /// The directory.
    public let path: String
    /// The tag (`org.opencontainers.image.ref.name`); nil means the only image there is.
    public let tag: String?

    /// Reads `oci:DIR[:TAG]`; nil for what isn't an image's location. The first colon ends the directory.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2, let transport = Transport(rawValue: parts[0]) else { return nil }
        self.transport = transport
        path = parts[1]
        tag = parts.count == 3 && !parts[2].isEmpty ? parts[2] : nil
    }

    /// As it is written, safe to print.
    public var name: String { printable("\(transport.rawValue):\(path)" + (tag.map { ":\($0)" } ?? "")) }
}
