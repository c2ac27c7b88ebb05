/// Base64 as certificate files have it (RFC 4648 section 4): the standard alphabet, padded, white space anywhere.
package struct Base64Decoder {
    /// What was decoded so far, up to the last whole group of four.
    private(set) var decoded: [UInt8] = []
    private var bits: UInt32 = 0
    private var digits = 0
    private var padding = 0
    private let values: [UInt8]
    private let shifted: [UInt32]

    package init(reservingCapacity count: Int = 0) {
        values = Self.values
        shifted = Self.shifted
        decoded.reserveCapacity(count / 4 * 3 + 3)
    }

    /// Takes the bytes in `range`; false when one of them can't stand there.
    package mutating func take(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            if digits == 0 && padding == 0 {
                let next = takeGroups(of: bytes, index..<range.upperBound)
                guard next == index else {
                    index = next
                    continue
                }
            }
            guard takeSingly(bytes[index]) else { return false }
            index += 1
        }
        return true
    }

    /// Takes whole groups of four digits, of which nearly every line is made, up to the first other character, or as many
    /// as find room on the stack; gives the index of what is left.
    private mutating func takeGroups(of bytes: [UInt8], _ range: Range<Int>) -> Int {
        let groups = min(range.count / 4, Self.groupsAtOnce)
        var taken = 0
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: groups * 3) { output in
            shifted.withUnsafeBufferPointer { table in
                bytes.withUnsafeBufferPointer { input in
                    guard let digits = input.baseAddress, let table = table.baseAddress,
                        let bytes = output.baseAddress
                    else { return }
                    taken = Self.decode(digits + range.lowerBound, groups: groups, by: table, to: bytes)
                }
            }
            decoded.append(contentsOf: UnsafeBufferPointer(rebasing: output[..<(taken * 3)]))
        }
        return range.lowerBound + taken * 4
    }

    /// Decodes groups up to the first that isn't four digits; gives their number. `output` has room for all.
    private static func decode(
        _ digits: UnsafePointer<UInt8>, groups: Int, by table: UnsafePointer<UInt32>,
        to output: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var (input, output) = (digits, output)
        for group in 0..<groups {
            let bits =
                table[Int(input[0])] | table[256 &+ Int(input[1])] | table[512 &+ Int(input[2])]
                | table[768 &+ Int(input[3])]
            guard bits & invalid == 0 else { return group }
            output[0] = UInt8(truncatingIfNeeded: bits >> 16)
            output[1] = UInt8(truncatingIfNeeded: bits >> 8)
            output[2] = UInt8(truncatingIfNeeded: bits)
            input += 4
            output += 3
        }
        return groups
    }

    private static let groupsAtOnce = 256
    private static let invalid: UInt32 = 0xFF00_0000

    /// The values of the first, second, third and fourth digit of a group, where they stand in its three bytes.
    private static let shifted: [UInt32] = (0..<4).flatMap { place in
        values.map { $0 < 64 ? UInt32($0) << (18 - 6 * place) : invalid }
    }

    /// Whether a byte may stand somewhere in Base64: a digit, padding or white space.
    static func accepts(_ byte: UInt8) -> Bool { values[Int(byte)] != invalidValue }

    private mutating func takeSingly(_ byte: UInt8) -> Bool {
        let value = values[Int(byte)]
        switch value {
        case 0..<64 where padding == 0:
            bits = bits << 6 | UInt32(value)
            digits += 1
            if digits == 4 { flush(3) }
        case Self.pad where digits + padding >= 2 && padding < 2 && digits > 0:
            padding += 1
            if digits + padding == 4 { finishPadded() }
        case Self.space: break
        default: return false
        }
        return true
    }

    /// All that was decoded; nil when the last group of four isn't complete.
    package func finish() -> [UInt8]? { digits == 0 ? decoded : nil }

    private mutating func flush(_ count: Int) {
        decoded.append(UInt8(truncatingIfNeeded: bits >> 16))
        if count > 1 { decoded.append(UInt8(truncatingIfNeeded: bits >> 8)) }
        if count > 2 { decoded.append(UInt8(truncatingIfNeeded: bits)) }
        bits = 0
        digits = 0
    }

    private mutating func finishPadded() {
        let count = digits - 1
        bits <<= 6 * UInt32(padding)
        flush(count)
    }

    private static let pad: UInt8 = 0xFD
    private static let space: UInt8 = 0xFE
    private static let invalidValue: UInt8 = 0xFF

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: invalidValue, count: 256)
        for (value, character) in Base64.alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        table[Int(UInt8(ascii: "="))] = pad
        for character in [0x20, 0x09, 0x0A, 0x0D] { table[character] = space }
        return table
    }()
}

enum Base64 {
    static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// How many bytes stand in a line of 64 columns.
    private static let bytesPerLine = 48

    /// Appends `bytes` in lines of 64 columns, each with a line feed.
    static func appendLines(of bytes: some Collection<UInt8>, to text: inout [UInt8]) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { appendLines(ofBuffer: $0, to: &text) }
        if isDone == nil { Array(bytes).withUnsafeBufferPointer { appendLines(ofBuffer: $0, to: &text) } }
    }

    private static func appendLines(ofBuffer bytes: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) {
        let lines = (bytes.count + bytesPerLine - 1) / bytesPerLine
        let room = (bytes.count + 2) / 3 * 4 + lines
        text += [UInt8](unsafeUninitializedCapacity: room) { output, written in
            pairs.withUnsafeBufferPointer { pairs in
                for line in stride(from: 0, to: bytes.count, by: bytesPerLine) {
                    let end = min(line + bytesPerLine, bytes.count)
                    var start = line
                    while start + 3 <= end {
                        let group =
                            UInt32(bytes[start]) << 16 | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2])
                        put(pairs[Int(group >> 12)], pairs[Int(group & 0xFFF)], into: output, at: written)
                        written += 4
                        start += 3
                    }
                    if start < end {
                        let second = start + 1 < end ? bytes[start + 1] : 0
                        let group = UInt32(bytes[start]) << 16 | UInt32(second) << 8
                        put(pairs[Int(group >> 12)], pairs[Int(group & 0xFFF)], into: output, at: written)
                        output[written + 3] = UInt8(ascii: "=")
                        if start + 1 == end { output[written + 2] = UInt8(ascii: "=") }
                        written += 4
                    }
                    output[written] = UInt8(ascii: "\n")
                    written += 1
                }
            }
        }
    }

    private static func put(
        _ first: UInt16, _ second: UInt16, into output: UnsafeMutableBufferPointer<UInt8>, at position: Int
    ) {
        output[position] = UInt8(truncatingIfNeeded: first >> 8)
        output[position + 1] = UInt8(truncatingIfNeeded: first)
        output[position + 2] = UInt8(truncatingIfNeeded: second >> 8)
        output[position + 3] = UInt8(truncatingIfNeeded: second)
    }

    /// The two digits for each value of twelve bits.
    private static let pairs: [UInt16] = alphabet.flatMap { first in
        alphabet.map { UInt16(first) << 8 | UInt16($0) }
    }

    /// Decodes a whole text; nil where it isn't Base64 or is empty.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        var decoder = Base64Decoder(reservingCapacity: text.count)
        guard decoder.take(text, text.indices) else { return nil }
        return decoder.finish().flatMap { $0.isEmpty ? nil : $0 }
    }
}
