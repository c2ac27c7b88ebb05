extension String {
    /// Everything but the unreserved characters of RFC 3986 as `%XX`.
    package var percentEncoded: String { utf8.percentEncoded }
}

extension Collection<UInt8> {
    /// Everything but the unreserved characters of RFC 3986 as `%XX`.
    package var percentEncoded: String {
        var text: [UInt8] = []
        text.reserveCapacity(count)
        for byte in self {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.append(byte)
            default:
                text.append(UInt8(ascii: "%"))
                text.append(contentsOf: hexadecimal(byte).uppercased().utf8)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
