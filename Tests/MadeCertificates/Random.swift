/// The SplitMix64 generator: the same numbers in every run.
package struct SplitMix: RandomNumberGenerator {
    package var state: UInt64

    package init(state: UInt64) { self.state = state }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension [UInt8] {
    /// A name of up to four relative names of up to three attributes, of any string type.
    package static func randomName(using generator: inout SplitMix) -> [UInt8] {
        let types = [
            "2.5.4.3", "2.5.4.10", "2.5.4.11", "2.5.4.6", "0.9.2342.19200300.100.1.25", "1.2.840.113549.1.9.1",
        ]
        let relativeNames = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                let string = MadeCertificate.StringType.allCases.randomElement(using: &generator) ?? .utf8
                let value = randomValue(using: &generator)
                return MadeCertificate.Attribute(
                    type: types.randomElement(using: &generator) ?? types[0], string: string,
                    content: encode(value, as: string))
            }
        }
        return MadeCertificate.name(relativeNames)
    }

    private static func randomValue(using generator: inout SplitMix) -> [UInt32] {
        let alphabet: [UInt32] = [
            0x20, 0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x41, 0x5A, 0x61, 0x7A, 0x2D, 0xE9, 0xC4, 0xA0,
        ]
        let wide: [UInt32] = [0x20AC, 0x3000, 0x2003, 0x0130, 0xFFFD, 0x1F600]
        let count = Int.random(in: 0...12, using: &generator)
        return (0..<count).map { _ in
            let letters = Bool.random(using: &generator) ? alphabet : alphabet + wide
            return letters.randomElement(using: &generator) ?? 0x41
        }
    }

    private static func encode(_ value: [UInt32], as string: MadeCertificate.StringType) -> [UInt8] {
        switch string {
        case .utf8: value.flatMap { Array(String(Character(Unicode.Scalar($0) ?? "?")).utf8) }
        case .bmp: value.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        case .universal:
            value.flatMap { scalar in (0..<4).reversed().map { UInt8(truncatingIfNeeded: scalar >> (8 * $0)) } }
        default: value.map { UInt8(truncatingIfNeeded: $0) }
        }
    }
}
