import RootFS
import TrustAnchors

/// A file that `trust extract` writes, as its parts: one for each certificate.
enum ExtractedFile {
    enum Form: Hashable {
        /// PEM (`pem-bundle`).
        case pem
        /// PEM with OpenSSL's trust settings (`openssl-bundle`).
        case trusted
        /// EFI signature lists, as EDK II's firmware takes them (`edk2-cacerts`).
        case edk2
    }

    /// The parts; written with `comments` they have their label before them and a blank line between them.
    static func parts(
        _ entries: [TrustModule.Entry], as form: Form, comments: Bool, in dialect: ExtractionDialect
    ) -> [[UInt8]] {
        entries.map { entry in
            switch form {
            case .pem: comment(comments, entry, dialect) + entry.outline.pem
            case .trusted: comment(comments, entry, dialect) + trustedBlock(entry, in: dialect)
            case .edk2: signatureList(of: entry.der)
            }
        }
    }

    private static func comment(_ isWanted: Bool, _ entry: TrustModule.Entry, _ dialect: ExtractionDialect) -> [UInt8] {
        isWanted ? Array("# ".utf8) + dialect.name(of: entry) + [UInt8(ascii: "\n")] : []
    }

    /// The certificate with the trust that p11-kit holds for it, as a PEM block (trust/extract-openssl.c).
    static func trustedBlock(_ entry: TrustModule.Entry, in dialect: ExtractionDialect) -> [UInt8] {
        func purposes(_ value: [UInt8]?) -> [[UInt8]]? { value.flatMap { ExtensionValue.purposes($0[...]) } }
        let certificate = entry.certificate
        var trusted: [[UInt8]]?
        var rejected = purposes(entry.attached.rejectedPurposes)
        if certificate.isDistrusted {
            rejected = (rejected ?? []) + Purpose.known.map(\.identifier)
        } else if certificate.isTrusted {
            trusted = purposes(entry.attached.extendedKeyUsage)
        } else {
            trusted = []
        }
        let auxiliary = OpenSSLTrust.auxiliary(
            trusted: trusted, rejected: rejected, alias: dialect.label(of: entry),
            keyIdentifier: entry.attached.subjectKeyIdentifier)
        return entry.outline.trustedBlock(auxiliary)
    }
}

// MARK: EFI signature lists (UEFI 2.10 section 32.4.1)

extension ExtractedFile {
    /// `EFI_CERT_X509_GUID`, as it is stored.
    private static let certificateType: [UInt8] = [
        0xA1, 0x59, 0xC0, 0xA5, 0xE4, 0x94, 0xA7, 0x4A, 0x87, 0xB5, 0xAB, 0x15, 0x5C, 0x2B, 0xF0, 0x72,
    ]
    /// The owner that p11-kit names (trust/extract-edk2.c).
    private static let owner: [UInt8] = [
        0x50, 0x3B, 0xDD, 0xDC, 0x05, 0xF4, 0xFD, 0x43, 0x96, 0xBE, 0xBD, 0x33, 0xB1, 0x73, 0x47, 0x76,
    ]
    private static let listHeader = 28

    /// A list of one certificate: type, sizes of the list, of its header and of the entry, owner, DER.
    static func signatureList(of der: [UInt8]) -> [UInt8] {
        let size = owner.count + der.count
        return certificateType + [listHeader + size, 0, size].flatMap(littleEndian) + owner + der
    }

    private static func littleEndian(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// The certificates of such a file, each with the range of its list; nil where it is made otherwise.
    static func signatureLists(in bytes: [UInt8]) -> [(der: [UInt8], range: Range<Int>)]? {
        var lists: [(der: [UInt8], range: Range<Int>)] = []
        var position = 0
        while position < bytes.count {
            guard bytes.count - position >= listHeader, bytes[position...].starts(with: certificateType) else {
                return nil
            }
            let size = bytes[(position + 16)..<(position + 20)].reversed().reduce(0) { $0 << 8 | Int($1) }
            guard size > listHeader + owner.count, size <= bytes.count - position else { return nil }
            let der = Array(bytes[(position + listHeader + owner.count)..<(position + size)])
            guard bytes[position..<(position + size)].elementsEqual(signatureList(of: der)) else { return nil }
            lists.append((der, position..<(position + size)))
            position += size
        }
        return lists
    }
}
