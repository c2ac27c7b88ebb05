import ArgumentParser
import Caisson
import RootFS
import TrustAnchors

/// What a certificate must be, beyond what always holds.
struct VettingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The fingerprint that it must have; any other is refused. May be repeated.", valueName: "sha256:…"))
    var expect: [String] = []

    @Option(
        help: ArgumentHelp("Take it in spite of this finding, such as expired. May be repeated.", valueName: "finding"))
    var allow: [String] = []

    /// Reads and vets; warnings are told.
    func anchors(from source: String, now: Timestamp) throws(CaissonError) -> [TrustAnchor] {
        let policy = try policy(now: now)
        var anchors: [TrustAnchor] = []
        for file in try CertificateSource.files(named: source) {
            do {
                let (admitted, warnings) = try policy.admit(try CertificateFile.read(file.bytes))
                anchors += admitted.filter { !anchors.contains($0) }
                for warning in warnings { Terminal.warn("\(file.name): \(warning.sentence)") }
            } catch let error as InputError {
                throw CaissonError(refusing: file.name, error.problems.map(\.sentence))
            } catch let error as VettingError {
                throw CaissonError(refusing: file.name, error.errors.map(\.sentence))
            } catch {
                throw CaissonError(.badCertificate, file.name, "it can't be read")
            }
        }
        return anchors
    }

    func policy(now: Timestamp) throws(CaissonError) -> VettingPolicy {
        try VettingPolicy(expecting: expect, allowing: allow, now: now)
    }
}

extension VettingPolicy {
    /// Reads what `--expect` and `--allow` were given.
    /// `others` are names that the command itself takes after `--allow`.
    init(
        expecting expect: [String], allowing allow: [String], besides others: [String] = [], now: Timestamp
    ) throws(CaissonError) {
        var expected: [Fingerprint] = []
        for text in expect {
            guard let fingerprint = Fingerprint(text) else {
                throw CaissonError(
                    .usage, "--expect \(printable(text))", "it isn't a SHA-256 fingerprint",
                    hint: "write sha256: and 64 hexadecimal digits, or AA:BB:… as openssl does")
            }
            expected.append(fingerprint)
        }
        var allowed: Set<Finding.ID> = []
        for text in allow where !others.contains(text) {
            guard let id = Finding.ID(rawValue: text), id.isOverridable else {
                let names = (Finding.ID.allCases.filter(\.isOverridable).map(\.rawValue) + others).joined(
                    separator: ", ")
                throw CaissonError(
                    .usage, "--allow \(printable(text))", "it can't be allowed", hint: "these can: \(names)")
            }
            allowed.insert(id)
        }
        self.init(now: now.seconds, allowed: allowed, expected: expected)
    }
}

extension CaissonError {
    init(refusing name: String, _ sentences: [String]) {
        self.init(.badCertificate, name, "refused: " + sentences.joined(separator: "; "))
    }
}

extension Finding {
    /// The identifier and what it says.
    var sentence: String { "\(id.rawValue): \(message)" }
}

extension VettedFinding {
    var sentence: String {
        guard let certificate else { return finding.sentence }
        return "\(certificate.displayName): \(finding.sentence)"
    }
}
