import SwiftASN1

/// The fields of a constructed element, taken one after the other; errors name the byte.
struct ASN1Fields {
    private let end: Int
    private var iterator: ASN1NodeCollection.Iterator
    private var upcoming: ASN1Node?

    init(of node: ASN1Node, _ identifier: ASN1Identifier = .sequence) throws(CertificateError) {
        guard node.identifier == identifier, case .constructed(let nodes) = node.content else {
            throw CertificateError(offset: node.offset, "an element of another type stands here")
        }
        end = node.encodedBytes.endIndex
        iterator = nodes.makeIterator()
        upcoming = iterator.next()
    }

    var isAtEnd: Bool { upcoming == nil }

    /// Takes the next field, whatever it is.
    mutating func next() throws(CertificateError) -> ASN1Node {
        guard let node = upcoming else { throw CertificateError(offset: end, "a field is missing") }
        upcoming = iterator.next()
        return node
    }

    /// Takes the next field, which must be of this type.
    mutating func next(_ identifier: ASN1Identifier) throws(CertificateError) -> ASN1Node {
        let node = try next()
        guard node.identifier == identifier else {
            throw CertificateError(offset: node.offset, "an element of another type stands here")
        }
        return node
    }

    /// Takes the next field if it is of this type.
    mutating func nextIfPresent(_ identifier: ASN1Identifier) throws(CertificateError) -> ASN1Node? {
        guard upcoming?.identifier == identifier else { return nil }
        return try next()
    }

    /// Checks that no field is left.
    func finish() throws(CertificateError) {
        if let upcoming { throw CertificateError(offset: upcoming.offset, "a field too many") }
    }
}

extension ASN1Identifier {
    static func context(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }
}

extension ASN1Node {
    /// Where the element begins in the bytes that were parsed.
    var offset: Int { encodedBytes.startIndex }

    /// The contents octets of an element that isn't made of others.
    func content() throws(CertificateError) -> ArraySlice<UInt8> {
        guard case .primitive(let content) = content else {
            throw CertificateError(offset: offset, "a plain value is expected here")
        }
        return content
    }

    /// The elements of a constructed one.
    func children() throws(CertificateError) -> [ASN1Node] {
        guard case .constructed(let nodes) = content else {
            throw CertificateError(offset: offset, "a constructed value is expected here")
        }
        return Array(nodes)
    }

    func oid() throws(CertificateError) -> OID {
        guard identifier == .objectIdentifier, let bytes = try? content(), OID.isValid(bytes) else {
            throw CertificateError(offset: offset, "an object identifier is expected here")
        }
        return OID(encoded: bytes)
    }

    /// The contents of an INTEGER.
    func integer() throws(CertificateError) -> ArraySlice<UInt8> {
        guard identifier == .integer, let bytes = try? content(), !bytes.isEmpty else {
            throw CertificateError(offset: offset, "a whole number is expected here")
        }
        return bytes
    }

    /// An INTEGER from zero to a billion.
    func smallInteger() throws(CertificateError) -> Int {
        let bytes = try integer()
        let value = bytes.count <= 4 ? bytes.reduce(0) { $0 << 8 | Int($1) } : .max
        guard let first = bytes.first, first < 0x80, value <= 1_000_000_000 else {
            throw CertificateError(offset: offset, "a small whole number is expected here")
        }
        return value
    }

    func boolean() throws(CertificateError) -> Bool {
        guard identifier == .boolean, let bytes = try? content(), bytes.count == 1, let byte = bytes.first,
            byte == 0 || byte == 0xFF
        else { throw CertificateError(offset: offset, "a truth value is expected here") }
        return byte == 0xFF
    }

    /// The bytes of a BIT STRING and how many bits of the last one don't count.
    func bits() throws(CertificateError) -> (bytes: ArraySlice<UInt8>, unused: Int) {
        guard identifier == .bitString, let bytes = try? content(), let unused = bytes.first, unused < 8,
            unused == 0 || bytes.count > 1
        else { throw CertificateError(offset: offset, "a bit string is expected here") }
        return (bytes.dropFirst(), Int(unused))
    }
}

/// Parses the whole of `range`, after checking it so that an error names the byte.
func parseDER(_ bytes: [UInt8], in range: Range<Int>) throws(CertificateError) -> ASN1Node {
    try DERReader.check(bytes, in: range)
    do {
        return try DER.parse(bytes[range])
    } catch {
        throw CertificateError(offset: range.lowerBound, "it isn't DER")
    }
}
