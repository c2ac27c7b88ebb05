/// Identifier octets (ITU-T X.690 section 8.1.2) that certificates and their wrappers are made of.
package enum DERTag {
    package static let boolean: UInt8 = 0x01
    package static let integer: UInt8 = 0x02
    package static let bitString: UInt8 = 0x03
    package static let octetString: UInt8 = 0x04
    package static let objectIdentifier: UInt8 = 0x06
    package static let utf8String: UInt8 = 0x0C
    package static let sequence: UInt8 = 0x30
    package static let set: UInt8 = 0x31
    package static let utcTime: UInt8 = 0x17
    package static let generalizedTime: UInt8 = 0x18

    /// The identifier octet of the constructed, context-specific tag `[number]`.
    package static func context(_ number: UInt8) -> UInt8 { 0xA0 | number }
}

/// One element of a DER encoding, by its offsets in the bytes it was read from.
package struct DERElement {
    /// The identifier octet; of a tag number above 30 just its first octet.
    package let tag: UInt8
    package let start: Int
    package let content: Range<Int>

    package var end: Int { content.upperBound }
    package var isConstructed: Bool { tag & 0x20 != 0 }
}

/// Steps through DER without building a tree: for what must be quick, and for naming the byte where an encoding breaks.
package struct DERReader {
    package let bytes: [UInt8]
    package private(set) var position: Int
    package let end: Int

    package init(_ bytes: [UInt8]) { self.init(bytes, in: bytes.indices) }

    /// `range` must lie in `bytes`.
    package init(_ bytes: [UInt8], in range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// Reads the contents of `element`.
    package init(_ element: DERElement, of bytes: [UInt8]) { self.init(bytes, in: element.content) }

    package var isAtEnd: Bool { position >= end }

    /// The identifier octet of the next element, without stepping.
    package var nextTag: UInt8? { isAtEnd ? nil : bytes[position] }

    /// Steps over one element.
    package mutating func next() throws(CertificateError) -> DERElement {
        let start = position
        let tag = try byte(of: start)
        if tag & 0x1F == 0x1F { try skipLongTag(of: start) }
        if tag == 0 { throw CertificateError(offset: start, "the tag is zero") }
        let length = try length(of: start)
        guard length <= end - position else {
            throw CertificateError(offset: start, "an element of \(length) bytes is cut off")
        }
        let content = position..<(position + length)
        position = content.upperBound
        return DERElement(tag: tag, start: start, content: content)
    }

    /// Steps over one element that must have the tag `tag`.
    package mutating func next(_ tag: UInt8) throws(CertificateError) -> DERElement {
        let element = try next()
        guard element.tag == tag else {
            throw CertificateError(offset: element.start, "an element of another type stands here")
        }
        return element
    }

    private mutating func byte(of start: Int) throws(CertificateError) -> UInt8 {
        guard position < end else { throw CertificateError(offset: start, "an element is cut off") }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func skipLongTag(of start: Int) throws(CertificateError) {
        var number = 0
        for _ in 0..<4 {
            let octet = try byte(of: start)
            if number == 0, octet == 0x80 { break }
            number = number << 7 | Int(octet & 0x7F)
            if octet & 0x80 == 0 {
                if number < 0x1F { break }
                return
            }
        }
        throw CertificateError(offset: start, "the tag isn't DER")
    }

    private mutating func length(of start: Int) throws(CertificateError) -> Int {
        let first = try byte(of: start)
        if first < 0x80 { return Int(first) }
        if first == 0x80 { throw CertificateError(offset: start, "the length is indefinite, which DER forbids") }
        guard first <= 0x84 else { throw CertificateError(offset: start, "the length is absurd") }
        var length = 0
        for _ in 0..<(first & 0x7F) { length = length << 8 | Int(try byte(of: start)) }
        guard length >= 0x80, first == 0x81 || length >> (8 * Int(first - 0x81)) > 0 else {
            throw CertificateError(offset: start, "the length isn't in its shortest form, as DER wants it")
        }
        return length
    }
}
