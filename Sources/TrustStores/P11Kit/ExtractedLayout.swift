import RootFS

/// Where a family's tool puts what it extracts with p11-kit, and from where.
public struct ExtractedLayout: Sendable {
    /// One output of the tool. Those that a root lacks aren't made: which there are differs between releases.
    struct Output: Sendable {
        enum Form: Hashable, Sendable {
            case file(ExtractedFile.Form)
            case keyStore
            /// `links` are kept beside what is extracted, by name and target: the tool makes them itself.
            case directory(ExtractedDirectory.Form, links: [String: String] = [:])
        }

        let path: RootPath
        let form: Form
        let selection: TrustModule.Selection

        init(_ path: RootPath, _ form: Form, _ selection: TrustModule.Selection) {
            self.path = path
            self.form = form
            self.selection = selection
        }

        /// Whose TLS clients read it. The file with trust settings holds what is distrusted too, and none reads it
        /// unasked.
        var reader: StoreSurvey.Location.Reader {
            switch form {
            case .keyStore: .java
            case .file(.edk2), .file(.trusted): .other
            case .file(.pem), .directory:
                selection == .emailAnchors || selection == .codeSigningAnchors ? .other : .openSSL
            }
        }
    }

    /// A directory in which the tool links the entries of an extracted directory.
    struct Mirror: Sendable {
        enum Style: Sendable {
            /// The links by hash alone, each leading to the certificate's file by its absolute path.
            case hashLinks
            /// Every entry, each leading to the entry of the same name.
            case everything
        }

        let directory: RootPath
        let of: RootPath
        let style: Style
    }

    /// The programs that show the family.
    let tools: [RootPath]
    /// Identifiers of the family in os-release(5).
    let identifiers: Set<String>
    /// The directory of the trust module in which an administrator puts anchors.
    let administrator: RootPath
    /// The directory in which the distribution ships its own.
    let distribution: RootPath
    /// The directory of outputs, which nothing else uses.
    let extracted: RootPath
    let outputs: [Output]
    var mirrors: [Mirror] = []

    /// The directories in the order in which the trust module reads them.
    var tokens: [RootPath] { [administrator, distribution] }
}

extension TrustModule.Selection {
    static let serverAnchors = Self.anchors(.serverAuthentication)
    static let emailAnchors = Self.anchors(.emailProtection)
    static let codeSigningAnchors = Self.anchors(.codeSigning)
}
