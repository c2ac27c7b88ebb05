internal import RootFS

/// An operating system and processor, as images name them: `linux/arm64/v8`.
public struct Platform: Hashable, Sendable, CustomStringConvertible {
    /// As Go's GOOS has it.
    public let os: String
    /// As Go's GOARCH has it.
    public let architecture: String
    /// Of the processor, such as `v7`; nil where it isn't said.
    public let variant: String?

    /// Reads `OS/ARCHITECTURE[/VARIANT]`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        (os, architecture) = (parts[0], parts[1])
        variant = parts.count == 3 ? parts[2] : nil
    }

    /// Reads the members `os`, `architecture` and `variant`, which descriptors and configs have alike.
    init(_ value: JSONValue) {
        os = value["os"]?.string ?? "unknown"
        architecture = value["architecture"]?.string ?? "unknown"
        variant = value["variant"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `OS/ARCHITECTURE[/VARIANT]`, safe to print.
    public var description: String {
        printable("\(os)/\(architecture)" + (variant.map { "/\($0)" } ?? ""))
    }

    /// Whether it is what `wanted` asks for: all of it, its variant only where one is named.
    public func satisfies(_ wanted: Platform) -> Bool {
        os == wanted.os && architecture == wanted.architecture
            && (wanted.variant == nil || wanted.variant == variant)
    }

    /// As JSON.
    var json: String {
        var text = "{\"architecture\":\(JSONEdit.quoted(architecture)),\"os\":\(JSONEdit.quoted(os))"
        if let variant { text += ",\"variant\":\(JSONEdit.quoted(variant))" }
        return text + "}"
    }
}
