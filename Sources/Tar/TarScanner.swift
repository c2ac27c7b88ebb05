/// Goes through an archive of any size from header to header, with a buffer of fixed size. The formats are `TarReader`'s;
/// of sparse files only the header is seen.
public struct TarScanner<Source: ByteSource> {
    /// How long the headers before one member may be together, in bytes.
    public static var extensionLimit: Int { 1 << 20 }

    private var source: Source
    private let entryLimit: Int
    private var buffer: [UInt8]
    private var position = 0
    private var end = 0
    private var count = 0
    /// What is left of the current member, and what fills its last block.
    private var bodyLeft = 0
    private var filling = 0

    /// A scanner that refuses more than `entryLimit` members.
    public init(_ source: Source, entryLimit: Int = 1_000_000, bufferSize: Int = 1 << 18) {
        self.source = source
        self.entryLimit = entryLimit
        buffer = [UInt8](repeating: 0, count: max(bufferSize, 2 * TarBlock.size))
    }

    /// The next member's header, its predecessor's contents passed over; nil at the end.
    public mutating func next() throws(TarError) -> TarHeader? {
        var extended = ExtendedHeader()
        var extensionSize = 0
        while true {
            try skipBody()
            guard try fill(TarBlock.size) else {
                guard position == end else { throw .truncated }
                return nil
            }
            let block = buffer[position..<(position + TarBlock.size)]
            if block.allSatisfy({ $0 == 0 }) { return nil }
            let header = try TarBlock(block)
            position += TarBlock.size
            count += 1
            guard count <= entryLimit else { throw .tooManyEntries(entryLimit) }
            let isExtension = "xgLK".utf8.contains(header.type)
            let size = isExtension ? header.size : extended.size ?? header.size
            // Links, devices and directories have no contents, whatever they say.
            begin(body: "123456".utf8.contains(header.type) ? 0 : size)
            guard isExtension else { return TarHeader(header, extended, size: size) }
            extensionSize = extensionSize.addingReportingOverflow(size).partialValue
            guard size <= Self.extensionLimit, (0...Self.extensionLimit).contains(extensionSize) else {
                throw .badExtendedHeader
            }
            // What a global header says, such as a commit's name, is nothing that a root keeps.
            if header.type == UInt8(ascii: "g") { continue }
            let body = try contents()
            switch header.type {
            case UInt8(ascii: "x"): try extended.read(body[...])
            case UInt8(ascii: "L"): extended.name = Array(body.prefix { $0 != 0 })
            default: extended.link = Array(body.prefix { $0 != 0 })
            }
        }
    }

    /// The rest of the current member's contents. The caller has looked at its size.
    public mutating func contents() throws(TarError) -> [UInt8] {
        var contents: [UInt8] = []
        while bodyLeft > 0 {
            guard try fill(1) else { throw .truncated }
            let count = min(bodyLeft, end - position)
            contents += buffer[position..<(position + count)]
            position += count
            bodyLeft -= count
        }
        return contents
    }

    /// Reads what follows the archive in its source, so that the source has been seen to its end.
    public mutating func drain() throws(TarError) {
        repeat { position = end } while try fill(1)
    }

    // MARK: Parts

    private mutating func begin(body size: Int) {
        bodyLeft = size
        filling = (TarBlock.size - size % TarBlock.size) % TarBlock.size
    }

    private mutating func skipBody() throws(TarError) {
        while bodyLeft > 0 || filling > 0 {
            guard try fill(1) else {
                if bodyLeft == 0 { return }
                throw .truncated
            }
            let body = min(bodyLeft, end - position)
            bodyLeft -= body
            position += body
            guard bodyLeft == 0 else { continue }
            let fill = min(filling, end - position)
            filling -= fill
            position += fill
        }
    }

    /// Whether `wanted` bytes are in the buffer, after reading what there is.
    private mutating func fill(_ wanted: Int) throws(TarError) -> Bool {
        while end - position < wanted {
            if position > 0 {
                let rest = buffer[position..<end]
                buffer.replaceSubrange(0..<rest.count, with: Array(rest))
                (position, end) = (0, rest.count)
            }
            var got = 0
            var failure: ByteSourceError?
            let from = end
            buffer.withUnsafeMutableBytes { bytes in
                do throws(ByteSourceError) {
                    got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[from...]))
                } catch { failure = error }
            }
            if let failure { throw .source(failure) }
            if got == 0 { return false }
            end += got
        }
        return true
    }
}
