import RootFS
import TrustAnchors

/// A file from a person: PEM, DER, bare Base64, PKCS#7, UTF-16.
enum CertificateFileFuzzing {
    static func check(_ input: [UInt8]) throws(Violation) {
        let file = CertificateFile(surveying: input)
        let read = try? CertificateFile.read(input)
        try require((read != nil) == file.problems.isEmpty, "reading throws exactly where a survey has problems")
        try require(file.problems.count <= 21, "of many problems the first ones do")

        let encodings = file.certificates.map(\.der)
        try require(Set(encodings).count == encodings.count, "each certificate is there once")
        try require(encodings.reduce(0) { $0 + $1.count } <= input.count, "certificates are no larger than the input")
        for message in file.notes + file.problems.map(\.message) {
            try require(printable(message) == message, "a message is safe to print: \(printable(message))")
        }
        if !encodings.isEmpty { try checkForms(of: file.certificates) }
    }

    /// What was read is read again, however it is written.
    private static func checkForms(of certificates: [Certificate]) throws(Violation) {
        let text = certificates.flatMap { PEM.encode($0.der) }
        let forms: [(name: String, bytes: [UInt8])] = [
            ("PEM", text),
            ("PEM with CRLF", text.flatMap { $0 == 0x0A ? [0x0D, $0] : [$0] }),
            ("indented PEM", [0x20, 0x20] + text.flatMap { $0 == 0x0A ? [$0, 0x20, 0x20] : [$0] }),
            ("UTF-16LE with a mark", [0xFF, 0xFE] + text.flatMap { [$0, 0] }),
            ("UTF-16BE", text.flatMap { [0, $0] }),
        ]
        for form in forms {
            let again = try? CertificateFile.read(form.bytes)
            try require(again?.certificates == certificates, "certificates written as \(form.name) are the same")
        }
    }
}
