internal import Caisson
internal import Crypto
internal import RootFS

/// Takes values off the front of a record's bytes; whatever they are, it throws and never traps.
struct RecordReader {
    var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func take(_ count: Int) throws(CorruptRecord) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw CorruptRecord("it is cut off") }
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return taken
    }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) throws(CorruptRecord) -> Number {
        try take(MemoryLayout<Number>.size).reduce(0) { ($0 << 8) | Number(truncatingIfNeeded: $1) }
    }

    /// A count of bytes or members. Each takes at least a byte, so no more can follow than there are bytes.
    mutating func count<Number: FixedWidthInteger & UnsignedInteger>(
        _ type: Number.Type
    ) throws(CorruptRecord) -> Int {
        guard let count = Int(exactly: try number(type)) else { throw CorruptRecord("it is cut off") }
        return count
    }

    mutating func value() throws(CorruptRecord) -> [UInt8] { Array(try take(try count(UInt32.self))) }

    mutating func text() throws(CorruptRecord) -> String {
        guard let text = String(validating: try value(), as: UTF8.self) else {
            throw CorruptRecord("a text in it isn't UTF-8")
        }
        return text
    }

    mutating func list<Member>(
        _ body: (inout RecordReader) throws(CorruptRecord) -> Member
    ) throws(CorruptRecord) -> [Member] {
        let count = try count(UInt32.self)
        guard count <= rest.count else { throw CorruptRecord("it is cut off") }
        var members: [Member] = []
        for _ in 0..<count { members.append(try body(&self)) }
        return members
    }

    mutating func optional<Value>(
        _ body: (inout RecordReader) throws(CorruptRecord) -> Value
    ) throws(CorruptRecord) -> Value? {
        switch try number(UInt8.self) {
        case 0: nil
        case 1: try body(&self)
        default: throw unknown
        }
    }

    mutating func time() throws(CorruptRecord) -> Timestamp {
        let seconds = try number(Int64.self)
        let nanoseconds = try number(UInt32.self)
        guard nanoseconds < 1_000_000_000 else { throw CorruptRecord("a time in it is impossible") }
        return Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    }

    mutating func path() throws(CorruptRecord) -> RootPath {
        let bytes = try value()
        guard let path = RootPath(bytes: bytes), path.bytes == bytes else {
            throw CorruptRecord("a path in it is impossible")
        }
        return path
    }

    mutating func run() throws(CorruptRecord) -> Run {
        let id = try text()
        let started = try time()
        let command: Run.Command
        switch try number(UInt8.self) {
        case RecordTag.trust: command = .trust
        case RecordTag.distrust: command = .distrust
        case RecordTag.undo: command = .undo(try text())
        default: throw unknown
        }
        let anchors = try list { reader throws(CorruptRecord) in
            Run.Anchor(fingerprint: try reader.text(), subject: try reader.text())
        }
        let publicRoots = try optional { reader throws(CorruptRecord) in try reader.text() }
        return Run(id: id, started: started, command: command, anchors: anchors, publicRoots: publicRoots)
    }

    mutating func outline() throws(CorruptRecord) -> RecordTable.Outline {
        switch try number(UInt8.self) {
        case RecordTag.absent: return .other(.absent)
        case RecordTag.file:
            let attributes = try attributes()
            return .file(
                size: try count(UInt64.self), sha256: Array(try take(SHA256.byteCount)), attributes)
        case RecordTag.symlink:
            let attributes = try attributes()
            return .other(.symlink(to: try value(), attributes))
        case RecordTag.directory: return .other(.directory(try attributes()))
        default: throw unknown
        }
    }

    mutating func attributes() throws(CorruptRecord) -> Attributes {
        Attributes(
            mode: try number(UInt16.self), owner: try number(UInt32.self), group: try number(UInt32.self),
            modified: try optional { reader throws(CorruptRecord) in try reader.time() },
            extended: try list { reader throws(CorruptRecord) in
                ExtendedAttribute(name: try reader.text(), value: try reader.value())
            })
    }

    mutating func digest() throws(CorruptRecord) -> NodeDigest {
        let kind: NodeDigest.Kind
        switch try number(UInt8.self) {
        case RecordTag.absent: kind = .absent
        case RecordTag.file: kind = .file
        case RecordTag.symlink: kind = .symlink
        case RecordTag.directory: kind = .directory
        default: throw unknown
        }
        return NodeDigest(
            kind: kind, sha256: try value(), mode: try number(UInt16.self), owner: try number(UInt32.self),
            group: try number(UInt32.self))
    }

    private var unknown: CorruptRecord { CorruptRecord("a value in it is unknown") }
}
