internal import Caisson
internal import Crypto
internal import RootFS

/// Appends values in the form that `RecordReader` reads.
struct RecordWriter {
    var bytes: [UInt8] = []

    mutating func write(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
    }

    mutating func write(_ value: [UInt8]) {
        write(UInt32(clamping: value.count))
        bytes += value
    }

    mutating func write(_ text: String) { write(Array(text.utf8)) }

    mutating func write<Member>(_ list: [Member], _ body: (inout RecordWriter, Member) -> Void) {
        write(UInt32(clamping: list.count))
        for member in list { body(&self, member) }
    }

    mutating func write<Value>(_ optional: Value?, _ body: (inout RecordWriter, Value) -> Void) {
        write(UInt8(optional == nil ? 0 : 1))
        if let optional { body(&self, optional) }
    }

    mutating func write(_ time: Timestamp) {
        write(time.seconds)
        write(time.nanoseconds)
    }

    mutating func write(_ run: Run) {
        write(run.id)
        write(run.started)
        switch run.command {
        case .trust: write(RecordTag.trust)
        case .distrust: write(RecordTag.distrust)
        case .undo(let target):
            write(RecordTag.undo)
            write(target)
        }
        write(run.anchors) { writer, anchor in
            writer.write(anchor.fingerprint)
            writer.write(anchor.subject)
        }
        write(run.publicRoots) { $0.write($1) }
    }

    mutating func write(_ node: Node) {
        switch node {
        case .absent: write(RecordTag.absent)
        case .file(let contents, let attributes):
            write(RecordTag.file)
            write(attributes)
            write(UInt64(contents.count))
            bytes += Array(SHA256.hash(data: contents))
        case .symlink(let target, let attributes):
            write(RecordTag.symlink)
            write(attributes)
            write(target)
        case .directory(let attributes):
            write(RecordTag.directory)
            write(attributes)
        }
    }

    mutating func write(_ attributes: Attributes) {
        write(attributes.mode)
        write(attributes.owner)
        write(attributes.group)
        write(attributes.modified) { $0.write($1) }
        write(attributes.extended) { writer, attribute in
            writer.write(attribute.name)
            writer.write(attribute.value)
        }
    }

    mutating func write(_ digest: NodeDigest) {
        switch digest.kind {
        case .absent: write(RecordTag.absent)
        case .file: write(RecordTag.file)
        case .symlink: write(RecordTag.symlink)
        case .directory: write(RecordTag.directory)
        }
        write(digest.sha256)
        write(digest.mode)
        write(digest.owner)
        write(digest.group)
    }
}
