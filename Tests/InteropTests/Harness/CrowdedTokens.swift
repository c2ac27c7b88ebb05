import Crypto
import Foundation
import MadeCertificates

/// Files of all the kinds that p11-kit reads, and of many that it doesn't, with certificates of all the kinds that it
/// treats in a way of their own.
struct CrowdedTokens {
    /// By the path in the administrator's token.
    private(set) var added: [String: [UInt8]] = [:]
    /// By the path in the distribution's.
    private(set) var packaged: [String: [UInt8]] = [:]
    /// The DER of one that the distribution ships and everything trusts.
    private(set) var publicRoot: [UInt8] = []

    private var serial: UInt8 = 0

    /// - Parameter seed: of the names of further certificates.
    init(seed: UInt64) {
        addPurposes()
        addNames()
        addForms()
        addTrusted()
        addBlocked()
        addPackaged()
        var generator = SplitMix(state: seed)
        for index in 0..<20 {
            var name = [UInt8].randomName(using: &generator)
            // p11-kit takes what is in memory for an empty BMPString or UniversalString, and for what follows a NUL in
            // other strings: no NUL but the length of an empty SET.
            while zip(name, name.dropFirst()).contains(where: { $0 != 0x31 && $1 == 0 }) {
                name = .randomName(using: &generator)
            }
            added["anchors/random-\(index)"] = Self.pem(certificate(name))
        }
    }

    // MARK: The kinds

    static let server = "1.3.6.1.5.5.7.3.1"
    static let client = "1.3.6.1.5.5.7.3.2"
    static let signing = "1.3.6.1.5.5.7.3.3"
    static let email = "1.3.6.1.5.5.7.3.4"

    private mutating func addPurposes() {
        let lists: [String: [String]] = [
            "client": [Self.client], "server and email": [Self.server, Self.email], "any": ["2.5.29.37.0"],
            "signing": [Self.signing], "unknown": ["1.2.3.4"],
        ]
        for (name, purposes) in lists {
            let der = certificate("For \(name)") { $0.otherExtensions = [Self.usage(purposes)] }
            added["anchors/purpose \(name).pem"] = Self.pem(der)
        }
        added["anchors/expired.pem"] = Self.pem(certificate("Expired") { $0.notAfter = "210101000000Z" })
        added["anchors/no-constraints.pem"] = Self.pem(certificate("Nothing") { $0.basicConstraints = nil })
        added["anchors/not-a-ca.pem"] = Self.pem(
            certificate("Not a CA") { $0.basicConstraints?.value = DER.sequence() })
        added["anchors/version-1.pem"] = Self.pem(
            certificate("Version 1") {
                $0.version = nil
                ($0.basicConstraints, $0.keyUsage, $0.subjectKeyIdentifier) = (nil, nil, nil)
            })
    }

    private mutating func addNames() {
        let (unit, organization) = ("2.5.4.11", "2.5.4.10")
        func text(
            _ text: String, _ type: String = "2.5.4.3", _ string: MadeCertificate.StringType = .utf8
        )
            -> MadeCertificate.Attribute
        {
            let content: [UInt8] =
                switch string {
                case .bmp: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
                case .universal:
                    text.unicodeScalars.flatMap { scalar in
                        (0..<4).reversed().map { UInt8(scalar.value >> ($0 * 8) & 0xFF) }
                    }
                default: Array(text.utf8)
                }
            return MadeCertificate.Attribute(type: type, string: string, content: content)
        }
        let names: [String: [[MadeCertificate.Attribute]]] = [
            "two-common": [[text("First")], [text("Org", organization)], [text("Last")]],
            "multi-valued": [[text("Multi b"), text("Multi a", unit)]],
            "unit": [[text("Org", organization)], [text("Unit, Inc. (x)/y", unit)]],
            "organization": [[text("Just Org", organization)]],
            "country": [[text("DE", "2.5.4.6", .printable)]],
            "country-2": [[text("FR", "2.5.4.6", .printable)]],
            "empty": [],
            "empty-common": [[text("Org Behind", organization)], [text("")]],
            "empty-set": [[text("Before", organization)], [], [text("After")]],
            "utf8": [[text("Ünïcode Röot ☃")]],
            "cjk": [[text("测试根证书")]],
            "bmp": [[text("BMP Röot 测", "2.5.4.3", .bmp)]],
            "universal": [[text("Universal", "2.5.4.3", .universal)]],
            "t61": [[text("T61", "2.5.4.3", .t61)]],
            "latin": [[.init(string: .t61, content: [0xC4, 0x20, 0x41])], [text("Latin Org", organization)]],
            "ia5": [[text("IA5", "2.5.4.3", .ia5)]],
            "visible": [[text("Visible", "2.5.4.3", .visible)], [text("Visible Org", organization)]],
            "numeric": [[text("12345 678", "2.5.4.3", .numeric)]],
            "spaces": [[text("  Two  Spaces\tTab ")]],
            "spaces-2": [[text("two spaces tab")]],
        ]
        for (file, name) in names {
            added["anchors/name-\(file).pem"] = Self.pem(certificate(MadeCertificate.name(name)))
        }
        for index in 0..<4 { added["anchors/same-\(index).pem"] = Self.pem(certificate("Same Name")) }
    }

    private mutating func addForms() {
        let plain = certificate("Plain")
        added["anchors/plain.crt"] = Self.pem(plain)
        added["anchors/plain-again.pem"] = Self.pem(plain)
        added["anchors/der"] = certificate("DER")
        added["anchors/.hidden"] = Self.pem(certificate("Hidden"))
        added["anchors/several.pem"] =
            Array("Text before.\n".utf8) + Self.pem(certificate("Several 1"))
            + Self.pem(certificate("Several 2")).flatMap { $0 == 10 ? [13, 10] : [$0] }
            + [0xEF, 0xBB, 0xBF] + Self.pem(certificate("Several 3")).dropLast()
        added["anchors/glued.pem"] = Self.pem(certificate("Glued 1")).dropLast() + Self.pem(certificate("Glued 2"))
        added["anchors/old-label.pem"] = Self.pem(certificate("Old"), "X509 CERTIFICATE")
        added["anchors/indented.pem"] = Array(
            String(decoding: Self.pem(certificate("Indented")), as: UTF8.self).split(separator: "\n")
                .map { "  \($0)\n" }.joined().utf8)
        let header = Array("-----BEGIN CERTIFICATE-----\n".utf8)
        added["anchors/header.pem"] =
            header + Array("Key: value\n\n".utf8) + Self.pem(certificate("Header")).dropFirst(header.count)
        added["anchors/broken.pem"] =
            header + Array("****\n-----END CERTIFICATE-----\n".utf8) + Self.pem(certificate("After Broken"))
        added["anchors/text"] = Array("No certificate.\n".utf8)
        added["anchors/below/deeper.pem"] = Self.pem(certificate("Deeper"))
        added["neutral.pem"] = Self.pem(certificate("Neutral"))
        let both = certificate("Neutral and Anchor")
        added["both.pem"] = Self.pem(both)
        added["anchors/both-too.pem"] = Self.pem(both)
    }

    private mutating func addTrusted() {
        let lists: [String: (trusted: [String]?, rejected: [String]?, alias: String?, key: [UInt8]?)] = [
            "server": ([Self.server], nil, "Ünusual Alias", nil),
            "many": (
                [Self.server, Self.client, Self.signing, Self.email, "1.2.3.4"], [Self.client], nil, [1, 2, 3, 4]
            ),
            "none": (nil, [Self.server], nil, nil),
            "email": ([Self.email], nil, nil, nil),
            "crowd": ((0..<30).map { "1.2.840.\(113_500 + $0)" } + [Self.server], nil, nil, nil),
        ]
        for (name, list) in lists {
            let auxiliary = DER.sequence(
                list.trusted.map { DER.sequence(Array($0.map(DER.oid).joined())) } ?? [],
                list.rejected.map { DER.explicit(0, Array($0.map(DER.oid).joined())) } ?? [],
                list.alias.map { DER.element(0x0C, Array($0.utf8)) } ?? [], list.key.map { DER.octets($0) } ?? [])
            for place in ["", "anchors/"] {
                let der = certificate("Trusted \(name) \(place)")
                added["\(place)trusted-\(name).pem"] = Self.pem(der + auxiliary, "TRUSTED CERTIFICATE")
            }
        }
        added["anchors/trusted-bare.pem"] = Self.pem(certificate("Trusted Bare"), "TRUSTED CERTIFICATE")
    }

    private mutating func addBlocked() {
        let copy = certificate("Blocked by Copy")
        added["anchors/blocked-copy.pem"] = Self.pem(copy)
        added["blocklist/copy.pem"] = Self.pem(copy)
        let key = MadeCertificate { $0.subject = MadeCertificate.name("Blocked by Key") }
        added["anchors/blocked-key.pem"] = Self.pem(key.der)
        added["blocklist/key.pem"] = Self.pem(certificate("Another Name") { $0.key = key.key })
        let issuer = MadeCertificate.name("Blocked by Serial")
        added["anchors/blocked-serial.pem"] = Self.pem(certificate(issuer) { $0.serial = [0x12, 0x34] })
        added["blocklist/serial.p11-kit"] = Self.object(
            "class: certificate", "certificate-type: x-509", "issuer: \"\(Self.escaped(issuer))\"",
            "serial-number: \"%02%02%12%34\"")
    }

    private mutating func addPackaged() {
        publicRoot = certificate("Public Root")
        var text = Array("# Made from the public list.\n".utf8)
        text += Self.object("trusted: true", "nss-mozilla-ca-policy: true", "modifiable: false", der: publicRoot)
        for index in 0..<10 {
            text += Self.object(
                "label: \"Packaged %2\(index) Root\"", "trusted: true", "nss-server-distrust-after: \"%00\"",
                der: certificate("Packaged \(index)"))
        }
        text += Self.object("label: \"Distrusted\"", "x-distrusted: true", der: certificate("Distrusted"))
        text += Self.object("label: \"Neither\"", "trusted: false", der: certificate("Neither"))
        for (name, id, value) in [
            ("For Email", "2.5.29.37", DER.sequence(DER.oid(Self.email))),
            ("Made a CA", "2.5.29.19", DER.sequence(DER.yes)),
        ] {
            let held = MadeCertificate {
                $0.subject = MadeCertificate.name(name)
                if id == "2.5.29.19" { $0.basicConstraints = nil }
            }
            let attached = DER.sequence(DER.oid(id), DER.yes, DER.octets(value))
            text += Self.object("trusted: true", der: held.der)
            text += Self.object(
                "class: x-certificate-extension", "label: \"\(name)\"", "object-id: \(id)",
                "value: \"\(Self.escaped(attached))\"", der: Array(held.key.publicKey.derRepresentation),
                as: "PUBLIC KEY")
        }
        packaged["ca-bundle.trust.p11-kit"] = text
        packaged["damaged.p11-kit"] =
            Array("[p11-kit-object-v1]\ntrusted: true\nnonsense\n".utf8) + Self.pem(certificate("Damaged"))
        packaged["anchors/packaged.pem"] = Self.pem(certificate("Packaged as a File"))
    }

    // MARK: Writing

    private mutating func certificate(
        _ commonName: String, _ change: (inout MadeCertificate) -> Void = { _ in }
    ) -> [UInt8] {
        certificate(MadeCertificate.name(commonName), change)
    }

    private mutating func certificate(
        _ name: [UInt8], _ change: (inout MadeCertificate) -> Void = { _ in }
    ) -> [UInt8] {
        serial &+= 1
        return MadeCertificate {
            $0.subject = name
            $0.serial = [0x01, serial]
            change(&$0)
        }.der
    }

    private static func usage(_ purposes: [String]) -> MadeCertificate.Extension {
        .init(id: "2.5.29.37", value: DER.sequence(Array(purposes.map(DER.oid).joined())))
    }

    static func pem(_ der: [UInt8], _ label: String = "CERTIFICATE") -> [UInt8] {
        let text = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return Array("-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n".utf8)
    }

    /// A section of p11-kit's own text form.
    private static func object(_ lines: String..., der: [UInt8]? = nil, as label: String = "CERTIFICATE") -> [UInt8] {
        Array(("[p11-kit-object-v1]\n" + lines.map { $0 + "\n" }.joined()).utf8)
            + (der.map { pem($0, label) } ?? []) + [10]
    }

    private static func escaped(_ bytes: [UInt8]) -> String {
        bytes.map { "%" + String(Int($0) + 0x100, radix: 16).dropFirst() }.joined()
    }

    /// Puts the files into the tokens of a root.
    func write(to root: Root, as family: P11KitFamily) throws {
        for (path, bytes) in added { try root.write(bytes, to: "\(family.tokens[0])/\(path)") }
        for (path, bytes) in packaged { try root.write(bytes, to: "\(family.tokens[1])/\(path)") }
    }
}
