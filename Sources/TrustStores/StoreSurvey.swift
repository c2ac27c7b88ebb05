public import RootFS
public import TrustAnchors

/// What one store of a root holds.
public struct StoreSurvey: Hashable, Sendable {
    /// One place that clients or the distribution's tool read, and the certificates in it.
    public struct Location: Hashable, Sendable {
        public enum Role: String, Hashable, Sendable {
            /// Where an administrator puts anchors; the tool extracts from here.
            case source
            /// The certificates that the distribution ships.
            case packaged
            /// What clients read.
            case extracted
        }

        /// Whose clients read an extracted location to decide which TLS servers to trust.
        public enum Reader: Hashable, Sendable {
            /// OpenSSL's, and all that read the same files.
            case openSSL
            case java
            /// None of these: it is for e-mail, for code, or for firmware.
            case other
        }

        public let path: RootPath
        public let role: Role
        public let reader: Reader
        /// The certificates, DER, in their order, without repetition.
        public let certificates: [[UInt8]]
        /// Theirs, in the same order.
        public let fingerprints: [Fingerprint]
        /// The certificates that their trust settings keep OpenSSL from trusting TLS servers by.
        public let rejected: Set<[UInt8]>

        /// Takes certificates in any number, and keeps each once.
        public init(
            path: RootPath, role: Role, certificates: [[UInt8]], rejected: Set<[UInt8]> = [],
            reader: Reader = .openSSL
        ) {
            self.path = path
            self.role = role
            self.reader = reader
            self.rejected = rejected
            var seen: Set<Fingerprint> = []
            var kept: [(der: [UInt8], fingerprint: Fingerprint)] = []
            for der in certificates {
                let fingerprint = Fingerprint(of: der)
                if seen.insert(fingerprint).inserted { kept.append((der, fingerprint)) }
            }
            self.certificates = kept.map(\.der)
            fingerprints = kept.map(\.fingerprint)
        }

        /// What OpenSSL reads; of one certificate with several settings the first count.
        init(path: RootPath, extracted blocks: [PEM.Block]) {
            let rejected = blocks.filter(\.isRejectedForServers).compactMap(\.certificate)
            let first = rejected.filter { der in
                blocks.first { $0.certificate == der }?.isRejectedForServers ?? false
            }
            self.init(
                path: path, role: .extracted, certificates: blocks.compactMap(\.certificate), rejected: Set(first))
        }
    }

    public let store: String
    public let locations: [Location]
    /// What is wrong: drift between source and extracted locations, broken blocks, dangling links.
    public let drift: [Diagnostic]

    public init(store: String, locations: [Location], drift: [Diagnostic]) {
        self.store = store
        self.locations = locations
        self.drift = drift
    }
}
