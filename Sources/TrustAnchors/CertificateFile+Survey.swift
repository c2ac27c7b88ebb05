import RootFS

extension CertificateFile {
    mutating func survey(_ bytes: [UInt8]) {
        if let name = BinaryForm.foreignName(of: bytes) {
            refuseForeign(name)
        } else if BinaryForm.looksLikeDER(bytes) {
            form = .der
            take(bytes, as: "the input")
            if KeyMaterial.standsBehind(der: bytes) { notePrivateKey("the input holds a private key") }
        } else {
            let text = TextEncoding.normalized(bytes)
            if text.count != bytes.count { noteLabelledKey(in: text) }
            survey(text: text)
        }
        // Whatever the rest is: a key's label may stand where no reader looks for it.
        noteLabelledKey(in: bytes)
    }

    private mutating func noteLabelledKey(in text: [UInt8]) {
        if KeyMaterial.isLabelled(in: text) { notePrivateKey("the input holds a private key") }
    }

    private mutating func survey(text: [UInt8]) {
        if surveyBlocks(of: text) { return }
        if let der = Base64.decode(text) {
            form = .base64
            take(der, as: "the input")
        } else if text.firstRange(of: PEMScanner.begin, in: text.indices) != nil {
            note(problem: .noCertificate, "its BEGIN lines don't stand at the beginning of a line")
        } else if text.first(where: { $0 > 0x20 && $0 < 0x80 }) == UInt8(ascii: "<") {
            note(
                problem: .noCertificate,
                "it is HTML or XML, perhaps a web page that was served instead of a certificate")
        }
    }

    /// Takes every block of a text; false where it has none.
    private mutating func surveyBlocks(of text: [UInt8]) -> Bool {
        var scanner = PEMScanner(text)
        var leftOut = LeftOutBlocks()
        var (number, line, counted) = (0, 1, 0)
        var end = 0
        while let block = scanner.next() {
            form = .pem
            number += 1
            guard number <= Self.blockLimit else {
                note(problem: .malformed, "the input has more than \(Self.blockLimit) blocks")
                break
            }
            while counted < block.range.lowerBound {
                if text[counted] == UInt8(ascii: "\n") { line += 1 }
                counted += 1
            }
            noteBareKey(in: text, end..<block.range.lowerBound)
            end = block.range.upperBound
            take(block, as: "block \(number) (line \(line))", or: &leftOut)
        }
        if number > 0 { noteBareKey(in: text, end..<text.count) }
        notes += leftOut.notes
        return number > 0
    }

    private mutating func noteBareKey(in text: [UInt8], _ part: Range<Int>) {
        if KeyMaterial.standsBare(in: text, part) { notePrivateKey("the input holds a private key without a label") }
    }

    private mutating func take(_ block: PEM.Block, as place: String, or leftOut: inout LeftOutBlocks) {
        guard let der = block.der else {
            note(problem: .malformed, "\(place) is malformed: \(block.defect ?? "it can't be decoded")")
            return
        }
        if PEM.Block.certificateLabels.contains(block.label) {
            take(certificateBlock: block, der: der, as: place)
        } else if Self.pkcs7Labels.contains(block.label) {
            take(pkcs7: der, as: place)
        } else if KeyMaterial.isPrivateKey(der) || block.label.contains("PRIVATE KEY") {
            notePrivateKey("\(place) is a private key")
        } else {
            leftOut.add(block.label)
        }
    }

    private static let pkcs7Labels: Set<String> = ["PKCS7", "CMS", "PKCS #7 SIGNED DATA"]

    private mutating func take(certificateBlock block: PEM.Block, der: [UInt8], as place: String) {
        guard block.label == "TRUSTED CERTIFICATE", let certificate = block.certificate, certificate.count < der.count
        else {
            take(der, as: place)
            return
        }
        if block.isRejectedForServers {
            note(
                problem: .rejectedPurpose,
                "\(place) has OpenSSL's trust settings that rule out TLS servers; take them out if you want it trusted")
        }
        notes.append("\(place): OpenSSL's trust settings left out")
        take(certificate, as: place)
    }

    /// Takes DER of any kind.
    private mutating func take(_ der: [UInt8], as place: String) {
        switch BinaryForm(of: der) {
        case .pkcs7:
            take(pkcs7: der, as: place)
        case .privateKey: notePrivateKey("\(place) is a private key")
        case .foreign(let name): refuseForeign(name)
        case .other(let name): notes.append("\(place): \(name) left out")
        case .certificate:
            do {
                insert(try Certificate(der: der))
            } catch {
                note(problem: .malformed, "\(place) is \(error)")
            }
        }
    }

    private mutating func take(pkcs7 der: [UInt8], as place: String) {
        if certificates.isEmpty { form = .pkcs7 }
        do {
            for certificate in try PKCS7.certificates(in: der) {
                take(certificate, as: "\(place), a certificate in it,")
            }
        } catch {
            note(problem: .malformed, "\(place) is \(error)")
        }
    }

    private mutating func insert(_ certificate: Certificate) {
        guard fingerprints.insert(certificate.fingerprint).inserted else { return }
        guard certificates.count < Self.countLimit else {
            note(problem: .malformed, "the input holds more than \(Self.countLimit) certificates")
            return
        }
        certificates.append(certificate)
    }

    private mutating func refuseForeign(_ name: String) {
        note(
            problem: .noCertificate,
            "the input is \(name), which can't be read and may hold private keys; export its certificates as PEM first")
    }

    private mutating func notePrivateKey(_ message: String) {
        guard problems.first?.id != .privateKey else { return }
        let warning = "PRIVATE KEY: \(message); nobody needs it to trust a CA, so take it out and keep it secret"
        problems.insert(Finding(.privateKey, warning), at: 0)
    }

    /// Notes a problem; of many, the first ones will do.
    private mutating func note(problem id: Finding.ID, _ message: String) {
        guard problems.count < 20, problems.last?.message != message else { return }
        problems.append(Finding(id, message))
    }
}

/// Blocks that hold neither certificates nor keys, counted by their labels.
private struct LeftOutBlocks {
    private var counts: [(label: String, count: Int)] = []

    mutating func add(_ label: String) {
        if let known = counts.firstIndex(where: { $0.label == label }) {
            counts[known].count += 1
        } else if counts.count < 16 {
            counts.append((label, 1))
        }
    }

    var notes: [String] {
        counts.map { label, count in "\(count) block\(count == 1 ? "" : "s") of \(printable(label)) left out" }
    }
}
