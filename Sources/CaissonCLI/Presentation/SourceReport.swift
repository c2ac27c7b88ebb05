import TrustAnchors

/// What an input holds, for people and as data.
struct SourceReport: Encodable {
    /// The whole output. Version 1; fields are only ever added.
    struct Document: Encodable {
        let version = 1
        let sources: [SourceReport]

        init(_ sources: [SourceReport]) { self.sources = sources }
    }

    let name: String
    /// How the certificates are written: PEM, DER, Base64 or PKCS#7.
    let form: String
    let certificates: [CertificateReport]
    /// Why the input is refused as a whole, whatever its certificates are.
    let problems: [FindingReport]
    /// What was left out.
    let notes: [String]

    init(_ file: CertificateFile, named name: String, by policy: VettingPolicy) {
        self.name = name
        form = file.form.rawValue
        certificates = file.certificates.map { CertificateReport($0, by: policy) }
        problems = file.problems.map(FindingReport.init)
        notes = file.notes
    }

    /// Whether anything could be shown.
    var isReadable: Bool { !certificates.isEmpty }

    var holdsPrivateKey: Bool { problems.contains { $0.id == Finding.ID.privateKey.rawValue } }

    var hasErrors: Bool { !problems.isEmpty || certificates.contains { $0.findings.contains(where: \.isError) } }

    var text: String {
        let count = "\(certificates.count) certificate\(certificates.count == 1 ? "" : "s")"
        var lines = ["\(name): \(isReadable ? "\(count), \(form)" : "no certificate")"]
        lines += problems.map { "  " + $0.text }
        lines += notes.map { "  note: \($0)" }
        for certificate in certificates { lines += ["", certificate.text] }
        return lines.joined(separator: "\n") + "\n"
    }
}
