import SwiftASN1

/// A name in a certificate's extensions (RFC 5280 section 4.2.1.6), raw.
public enum GeneralName: Hashable, Sendable {
    case email([UInt8])
    case dns([UInt8])
    case directory(DistinguishedName)
    case uri([UInt8])
    /// 4 or 16 bytes of an address; twice as many in a constraint, where a mask follows.
    case address([UInt8])
    /// A form of somebody's own, by its type; the value isn't looked into.
    case otherName(OID)
    /// A form that nothing here looks into, by its tag number.
    case other(UInt)

    init(reading node: ASN1Node) throws(CertificateError) {
        guard node.identifier.tagClass == .contextSpecific else {
            throw CertificateError(offset: node.offset, "a general name is expected here")
        }
        switch node.identifier.tagNumber {
        case 0:
            var fields = try ASN1Fields(of: node, .context(0))
            self = .otherName(try fields.next().oid())
        case 1: self = .email(Array(try node.content()))
        case 2: self = .dns(Array(try node.content()))
        case 4:
            var fields = try ASN1Fields(of: node, .context(4))
            self = .directory(try DistinguishedName(reading: fields.next(.sequence)))
        case 6: self = .uri(Array(try node.content()))
        case 7: self = .address(Array(try node.content()))
        case let number: self = .other(number)
        }
    }
}

/// The names that certificates below one are held to (RFC 5280 section 4.2.1.10).
public struct NameSubtrees: Hashable, Sendable {
    /// One part of the space of names.
    public struct Subtree: Hashable, Sendable {
        /// Where it begins.
        public let base: GeneralName
        /// Whether it doesn't hold all below its base, as RFC 5280 forbids.
        public let isBounded: Bool
    }

    /// What names must lie in, where there is any of their form.
    public let permitted: [Subtree]
    /// What no name may lie in.
    public let excluded: [Subtree]
}

/// How a certificate names the key that signed it (RFC 5280 section 4.2.1.1).
public struct AuthorityKeyFacts: Hashable, Sendable {
    /// The issuer's subject key identifier.
    public let keyIdentifier: [UInt8]?
    /// The issuer's own issuer.
    public let issuer: DistinguishedName?
    /// The issuer's serial number, as it is encoded.
    public let serialNumber: [UInt8]?
}

extension Certificate {
    /// The subject alternative names; nil where the extension is absent, empty where it can't be read.
    public var alternativeNames: [GeneralName]? {
        extensionValue(.subjectAlternativeName).map { value in
            (try? Self.names(parseDER(der, in: value.indices))) ?? []
        }
    }

    /// The name constraints; nil where the extension is absent. Throws where it can't be read.
    public var nameSubtrees: NameSubtrees? {
        get throws(CertificateError) {
            guard let value = extensionValue(.nameConstraints) else { return nil }
            var fields = try ASN1Fields(of: parseDER(der, in: value.indices))
            let permitted = try Self.subtrees(fields.nextIfPresent(.context(0)))
            let excluded = try Self.subtrees(fields.nextIfPresent(.context(1)))
            return NameSubtrees(permitted: permitted, excluded: excluded)
        }
    }

    /// The authority key identifier; nil where the extension is absent or can't be read.
    public var authorityKey: AuthorityKeyFacts? {
        guard let value = extensionValue(.authorityKeyIdentifier),
            var fields = try? ASN1Fields(of: parseDER(der, in: value.indices))
        else { return nil }
        let key = try? fields.nextIfPresent(.context(0))?.content()
        let names = (try? fields.nextIfPresent(.context(1))).flatMap { try? Self.names($0) } ?? []
        let serial = try? fields.nextIfPresent(.context(2))?.content()
        let issuer = names.lazy.compactMap { if case .directory(let name) = $0 { name } else { nil } }.first
        return AuthorityKeyFacts(
            keyIdentifier: key.map { Array($0) }, issuer: issuer, serialNumber: serial.map { Array($0) })
    }

    /// Where the issuer's certificate can be had, as authorityInfoAccess says (RFC 5280 section 4.2.2.1), in its order.
    public var issuerURLs: [String] {
        guard let value = extensionValue(.authorityInformationAccess),
            let descriptions = try? parseDER(der, in: value.indices).children()
        else { return [] }
        return descriptions.compactMap { description in
            guard var fields = try? ASN1Fields(of: description), (try? fields.next().oid()) == .authorityIssuers,
                let name = try? GeneralName(reading: fields.next()), case .uri(let uri) = name
            else { return nil }
            return String(validating: uri, as: UTF8.self)
        }
    }

    private static func names(_ node: ASN1Node) throws(CertificateError) -> [GeneralName] {
        var names: [GeneralName] = []
        for child in try node.children() { names.append(try GeneralName(reading: child)) }
        return names
    }

    private static func subtrees(_ node: ASN1Node?) throws(CertificateError) -> [NameSubtrees.Subtree] {
        guard let node else { return [] }
        var subtrees: [NameSubtrees.Subtree] = []
        for child in try node.children() {
            var fields = try ASN1Fields(of: child)
            let base = try GeneralName(reading: fields.next())
            let minimum = try fields.nextIfPresent(.context(0))?.content()
            let maximum = try fields.nextIfPresent(.context(1))
            let isBounded = maximum != nil || minimum?.contains { $0 != 0 } == true
            subtrees.append(NameSubtrees.Subtree(base: base, isBounded: isBounded))
        }
        return subtrees
    }
}

extension OID {
    fileprivate static let authorityInformationAccess = OID(1, 3, 6, 1, 5, 5, 7, 1, 1)
    fileprivate static let authorityIssuers = OID(1, 3, 6, 1, 5, 5, 7, 48, 2)
}
