/// The extensions that a token attaches to keys.
struct AttachmentTable {
    private let byKey: [[UInt8]: [AttachedExtension]]

    init(_ token: TrustToken) {
        var byKey: [[UInt8]: [AttachedExtension]] = [:]
        for case .attachedExtension(let found) in token.files.lazy.flatMap(\.parsed.objects) {
            byKey[found.publicKey, default: []].append(found)
        }
        self.byKey = byKey
    }

    /// What is attached to a certificate; nil where some of it can't be read: p11-kit then drops the certificate.
    subscript(certificate: TrustedCertificate) -> Attachments? {
        guard !byKey.isEmpty, let key = certificate.keyInfo, let found = byKey[key] else { return Attachments() }
        guard found.allSatisfy({ $0.value != nil }) else { return nil }
        func value(_ identifier: [UInt8]) -> [UInt8]? { found.first { $0.identifier == identifier }?.value }
        return Attachments(
            basicConstraints: value(ExtensionValue.basicConstraints),
            extendedKeyUsage: value(ExtensionValue.extendedKeyUsage),
            rejectedPurposes: value(ExtensionValue.rejectedPurposes),
            subjectKeyIdentifier: value(ExtensionValue.subjectKeyIdentifier))
    }
}

/// The values of the extensions that are attached to one certificate; of several of one kind the first.
struct Attachments {
    var basicConstraints: [UInt8]?
    var extendedKeyUsage: [UInt8]?
    var rejectedPurposes: [UInt8]?
    /// The whole encoded OCTET STRING.
    var subjectKeyIdentifier: [UInt8]?

    /// Whether p11-kit takes the certificate for an authority (trust/builder.c).
    func isAuthority(_ certificate: TrustedCertificate, _ outline: CertificateOutline) -> Bool {
        if let basicConstraints { return ExtensionValue.isAuthority(basicConstraints[...]) ?? false }
        if let category = certificate.category { return category == 2 }
        guard let value = outline.value(of: ExtensionValue.basicConstraints) else { return outline.isVersion1Root }
        return ExtensionValue.isAuthority(value) ?? false
    }

    /// The purposes that the certificate is held to, `.some(nil)` if to none; nil where they can't be read.
    func purposes(of outline: CertificateOutline) -> [[UInt8]]?? {
        guard let value = extendedKeyUsage?[...] ?? outline.value(of: ExtensionValue.extendedKeyUsage) else {
            return .some(nil)
        }
        return ExtensionValue.purposes(value).map(Optional.some)
    }
}
