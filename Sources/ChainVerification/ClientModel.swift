/// How one kind of TLS client decides about a chain.
public struct ClientModel: Hashable, Sendable {
    /// Whose rules it goes by.
    public enum Rules: Hashable, Sendable {
        case openSSL
        /// OpenSSL's for chains, and its own for names.
        case curl
        /// OpenJDK's PKIX trust manager: no security levels, and every anchor ends a chain.
        case java
    }

    /// What a verdict calls the client.
    public let name: String
    /// Whose rules it goes by.
    public let rules: Rules
    /// Whether an anchor that isn't self-signed ends a chain (`X509_V_FLAG_PARTIAL_CHAIN`).
    public let acceptsPartialChains: Bool
    /// Whether RFC 5280's rules for extensions are held up (`X509_V_FLAG_X509_STRICT`).
    public let isStrict: Bool
    /// OpenSSL's security level, 0 to 5 (SSL_CTX_set_security_level(3)): how strong keys and digests must be.
    public let securityLevel: Int

    /// The oldest version of TLS that it speaks.
    public let oldestVersion: ProtocolVersion

    /// A client on OpenSSL, of one's own making.
    public init(name: String, acceptsPartialChains: Bool, isStrict: Bool, securityLevel: Int) {
        self.init(
            name: name, rules: .openSSL, acceptsPartialChains: acceptsPartialChains, isStrict: isStrict,
            securityLevel: securityLevel)
    }

    private init(
        name: String, rules: Rules, acceptsPartialChains: Bool, isStrict: Bool, securityLevel: Int,
        oldestVersion: ProtocolVersion? = nil
    ) {
        self.name = name
        self.rules = rules
        self.acceptsPartialChains = acceptsPartialChains
        self.isStrict = isStrict
        self.securityLevel = securityLevel
        // OpenSSL 3 speaks nothing older than 1.2 above level 0, whatever it is allowed.
        let least: ProtocolVersion = rules == .java || securityLevel > 0 ? .tls12 : .tls10
        self.oldestVersion = max(oldestVersion ?? least, least)
    }

    /// Programs that take OpenSSL 3 as it comes: `openssl s_client`, Python before 3.13, Ruby, PHP, wget.
    /// Level 2 is that of Debian, Ubuntu, and OpenSSL from 3.2.
    public static func openSSL(securityLevel: Int = 2, oldestVersion: ProtocolVersion? = nil) -> ClientModel {
        ClientModel(
            name: "openssl", rules: .openSSL, acceptsPartialChains: false, isStrict: false,
            securityLevel: securityLevel, oldestVersion: oldestVersion)
    }

    /// curl on OpenSSL, from 7.68.
    public static func curl(securityLevel: Int = 2, oldestVersion: ProtocolVersion? = nil) -> ClientModel {
        ClientModel(
            name: "curl", rules: .curl, acceptsPartialChains: true, isStrict: false, securityLevel: securityLevel,
            oldestVersion: oldestVersion)
    }

    /// Python from 3.13, whose `ssl.create_default_context` sets `VERIFY_X509_STRICT` and `VERIFY_X509_PARTIAL_CHAIN`.
    public static func strict(securityLevel: Int = 2, oldestVersion: ProtocolVersion? = nil) -> ClientModel {
        ClientModel(
            name: "strict", rules: .openSSL, acceptsPartialChains: true, isStrict: true, securityLevel: securityLevel,
            oldestVersion: oldestVersion)
    }

    /// Java's own TLS client (`SunJSSE`, OpenJDK 17), with the algorithms that `java.security` disables as it comes.
    public static let java = ClientModel(
        name: "java", rules: .java, acceptsPartialChains: true, isStrict: false, securityLevel: 0)

    var hostNameRules: HostNameRules {
        switch rules {
        case .java: .java
        case .curl: .curl
        case .openSSL: .openSSL
        }
    }

    /// The bits of security that the level asks for.
    var securityBits: Int {
        switch securityLevel {
        case ...0: 0
        case 1: 80
        case 2: 112
        case 3: 128
        case 4: 192
        default: 256
        }
    }
}
