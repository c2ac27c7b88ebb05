package import Crypto

/// A certificate made for a test: a good root as it stands, with whatever the test changes.
package struct MadeCertificate {
    /// The string types of names, by their tags.
    package enum StringType: UInt8, CaseIterable {
        case utf8 = 0x0C, numeric = 0x12, printable = 0x13, t61 = 0x14, ia5 = 0x16, visible = 0x1A, universal = 0x1C
        case bmp = 0x1E
    }

    package struct Attribute {
        package var type: String
        package var string: StringType
        package var content: [UInt8]

        package init(type: String = "2.5.4.3", string: StringType = .utf8, content: [UInt8]) {
            self.type = type
            self.string = string
            self.content = content
        }
    }

    package struct Extension {
        package var id: String
        package var isCritical: Bool
        package var value: [UInt8]

        package init(id: String, isCritical: Bool = false, value: [UInt8]) {
            self.id = id
            self.isCritical = isCritical
            self.value = value
        }
    }

    package var version: UInt8? = 2
    package var serial: [UInt8] = [0x2A]
    package var subject = name("Acme Root")
    /// Nil stands for the subject.
    package var issuer: [UInt8]?
    package var notBefore = "200101000000Z"
    package var notAfter = "400101000000Z"
    package var signatureAlgorithm = DER.sequence(DER.oid("1.2.840.10045.4.3.2"))
    package var outerAlgorithm: [UInt8]?
    package var key = P256.Signing.PrivateKey()
    /// Nil stands for the key of the issuer, which is the certificate's own where nothing else is said.
    package var issuerKey: P256.Signing.PrivateKey?
    /// The subject's public key information; nil stands for `key`.
    package var publicKey: [UInt8]?

    package var basicConstraints: Extension? = Extension(
        id: "2.5.29.19", isCritical: true, value: DER.sequence(DER.yes))
    package var keyUsage: Extension? = Extension(id: "2.5.29.15", isCritical: true, value: DER.bits([0x06], unused: 1))
    package var subjectKeyIdentifier: Extension? = Extension(id: "2.5.29.14", value: DER.octets([1, 2, 3, 4]))
    package var otherExtensions: [Extension] = []

    package init(_ change: (inout MadeCertificate) -> Void = { _ in }) { change(&self) }

    package var der: [UInt8] {
        let body = signedPart
        let signature = try? (issuerKey ?? key).signature(for: body)
        return DER.sequence(
            body, outerAlgorithm ?? signatureAlgorithm, DER.bits(signature.map { Array($0.derRepresentation) } ?? []))
    }

    private var signedPart: [UInt8] {
        let extensions = [basicConstraints, keyUsage, subjectKeyIdentifier].compactMap { $0 } + otherExtensions
        let list = extensions.map {
            DER.sequence(DER.oid($0.id), $0.isCritical ? DER.yes : [], DER.octets($0.value))
        }
        return DER.sequence(
            version.map { DER.explicit(0, DER.integer([$0])) } ?? [],
            DER.integer(serial), signatureAlgorithm, issuer ?? subject,
            DER.sequence(DER.time(notBefore), DER.time(notAfter)),
            subject, publicKey ?? Array(key.publicKey.derRepresentation),
            list.isEmpty ? [] : DER.explicit(3, DER.element(0x30, Array(list.joined()))))
    }

    /// A certificate for `localhost` that this one issues.
    package func leaf(key leafKey: P256.Signing.PrivateKey) -> MadeCertificate {
        MadeCertificate {
            $0.subject = Self.name("localhost")
            $0.issuer = subject
            $0.key = leafKey
            $0.issuerKey = key
            $0.serial = [0x2B]
            $0.notAfter = "400101000000Z"
            $0.basicConstraints = nil
            $0.keyUsage = Extension(id: "2.5.29.15", isCritical: true, value: DER.bits([0x80], unused: 7))
            $0.subjectKeyIdentifier?.value = DER.octets([5, 6, 7, 8])
            $0.otherExtensions = [
                Extension(
                    id: "2.5.29.17", value: DER.sequence(DER.element(0x82, Array("localhost".utf8)))),
                Extension(id: "2.5.29.37", value: DER.sequence(DER.oid("1.3.6.1.5.5.7.3.1"))),
            ]
            if subjectKeyIdentifier != nil {
                $0.otherExtensions.append(
                    Extension(id: "2.5.29.35", value: DER.sequence(DER.element(0x80, [1, 2, 3, 4]))))
            }
        }
    }

    /// A name of one attribute: the common name, as a UTF8String.
    package static func name(_ commonName: String) -> [UInt8] {
        name([[Attribute(content: Array(commonName.utf8))]])
    }

    package static func name(_ relativeNames: [[Attribute]]) -> [UInt8] {
        let sets = relativeNames.map { attributes in
            let encoded = attributes.map { DER.sequence(DER.oid($0.type), DER.element($0.string.rawValue, $0.content)) }
            return DER.set(Array(encoded.sorted { $0.lexicographicallyPrecedes($1) }.joined()))
        }
        return DER.sequence(Array(sets.joined()))
    }
}
