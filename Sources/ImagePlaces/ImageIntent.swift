public import Caisson
public import RootFS

/// What is asked of an image: which anchors, on which platforms, and how the plan for one root is made.
public struct ImageIntent: Sendable {
    /// Makes the plan for the root of one platform's image.
    public typealias Planning = @Sendable (any Place) async throws(CaissonError) -> Plan

    /// SHA-256, lower-case hexadecimal, of the anchors that are trusted by it.
    public var trusted: Set<String>
    /// Of those that are withdrawn.
    public var withdrawn: Set<String>
    /// Of the public roots that come with the anchors; nil if none do.
    public var publicRoots: String?
    /// The platforms to change, as `OS/ARCHITECTURE[/VARIANT]`; none means all.
    public var platforms: [String]
    /// Whether attestations of images that are changed stay listed.
    public var keepsAttestations: Bool
    /// Which files' contents the stores will want to see.
    public var patterns: [PathPattern]
    /// The time of new entries, in seconds since 1970, as SOURCE_DATE_EPOCH gives it.
    public var time: Int64
    /// The version of the tool, which stands beside the layer.
    public var version: String
    /// Makes the plan for one root.
    public var plan: Planning

    /// An intent by its parts.
    public init(
        trusted: Set<String> = [], withdrawn: Set<String> = [], publicRoots: String? = nil, platforms: [String] = [],
        keepsAttestations: Bool = false, patterns: [PathPattern], time: Int64 = 0, version: String,
        plan: @escaping Planning
    ) {
        self.trusted = trusted
        self.withdrawn = withdrawn
        self.publicRoots = publicRoots
        self.platforms = platforms
        self.keepsAttestations = keepsAttestations
        self.patterns = patterns
        self.time = time
        self.version = version
        self.plan = plan
    }
}
