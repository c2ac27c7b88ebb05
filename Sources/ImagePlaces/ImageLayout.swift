internal import Caisson
internal import ImageFormat
internal import LocalDisk
internal import RootFS
internal import SystemPackage

/// A directory in OCI's image layout (image-spec 1.1, image-layout.md): blobs by their digests, and an index of tags.
struct ImageLayout: Sendable {
    /// The place for people.
    let name: String
    private let top: Directory
    private let disk = Disk()

    private static let marker = Array("oci-layout".utf8)
    private static let indexName = Array("index.json".utf8)
    /// The key under which an index keeps an image's tag.
    static let tagKey = "org.opencontainers.image.ref.name"

    /// Opens a layout that is there.
    init(_ location: ImageLocation) throws(CaissonError) {
        name = location.name
        let isLayout: Bool
        do throws(Errno) {
            top = try Directory(FilePath(location.path))
            isLayout = try top.status(of: Self.marker[...])?.kind == .file
        } catch { throw Self.failure(error, location.name, "cannot open it") }
        guard isLayout else {
            throw CaissonError(.noInput, location.name, "it isn't an OCI layout: it has no file oci-layout")
        }
    }

    /// Opens a layout, or makes an empty one where there is none; its parent must be there.
    static func opened(orMadeAt location: ImageLocation) throws(CaissonError) -> ImageLayout {
        let disk = Disk()
        do throws(Errno) {
            let path = FilePath(location.path).lexicallyNormalized()
            if let last = path.lastComponent, Status(at: path) == nil {
                let parent = path.removingLastComponent()
                let above = try Directory(parent.isEmpty ? "." : parent)
                try make(Array(last.string.utf8), in: above, disk)
            }
            let top = try Directory(path)
            if try top.status(of: marker[...]) == nil {
                guard try top.names(limit: 1000).isEmpty else { throw .directoryNotEmpty }
                let blobs = try make(Array("blobs".utf8), in: top, disk)
                try make(Array("sha256".utf8), in: blobs, disk)
                let text = Array("{\"imageLayoutVersion\":\"1.0.0\"}".utf8)
                try write(text, to: marker, in: top, disk)
            }
        } catch {
            if error == .directoryNotEmpty {
                throw CaissonError(
                    .cannotCreate, location.name, "there are other things than an OCI layout in that directory")
            }
            throw failure(error, location.name, "cannot make it")
        }
        return try ImageLayout(location)
    }

    @discardableResult
    private static func make(_ name: [UInt8], in parent: Directory, _ disk: Disk) throws(Errno) -> Directory {
        let made = try disk.createDirectory(name, in: parent)
        let file = try made.opened()
        let status = try file.status()
        try disk.set(Attributes(mode: 0o755, owner: status.owner, group: status.group), of: file)
        return made
    }

    // MARK: The index

    /// The index of tags; nil where nothing was put in yet.
    func index() throws(CaissonError) -> ImageIndex? {
        let bytes: [UInt8]
        do throws(Errno) {
            guard try top.status(of: Self.indexName[...]) != nil else { return nil }
            bytes = try top.open(Self.indexName[...]).contents(limit: JSONDocument.sizeLimit)
        } catch { throw Self.failure(error, name, "cannot read its index.json") }
        do throws(ImageFormatError) { return try ImageIndex(bytes) } catch {
            throw CaissonError(.badImage, name, "index.json: \(error)")
        }
    }

    /// Puts an index in place of the one that is there, whole, once everything that it names is on the disk.
    func replaceIndex(by bytes: [UInt8]) throws(CaissonError) {
        do throws(Errno) {
            let blobs = try blobDirectory()
            try disk.synchronize([try blobs.opened(), try top.opened()])
            try Self.write(bytes, to: Self.indexName, in: top, disk)
            try disk.synchronize(try top.opened())
        } catch { throw Self.failure(error, name, "cannot write its index.json") }
    }

    // MARK: Blobs

    private func blobDirectory() throws(Errno) -> Directory {
        try top.directory(Array("blobs".utf8)[...]).directory(Array("sha256".utf8)[...])
    }

    /// Whether a blob is there, with the size that it should have.
    func has(_ descriptor: Descriptor) throws(CaissonError) -> Bool {
        do throws(Errno) {
            let status = try blobDirectory().status(of: Array(descriptor.digest.hex.utf8)[...])
            return status?.kind == .file && status?.size == descriptor.size
        } catch { throw Self.failure(error, name, "cannot look for \(descriptor.digest)") }
    }

    /// A blob opened for reading; it isn't verified yet.
    func open(_ descriptor: Descriptor) throws(CaissonError) -> OpenFile {
        do throws(Errno) {
            return try blobDirectory().open(Array(descriptor.digest.hex.utf8)[...])
        } catch {
            if error == .noSuchFileOrDirectory {
                throw CaissonError(.badImage, name, "the blob \(descriptor.digest) is missing")
            }
            throw Self.failure(error, name, "cannot read \(descriptor.digest)")
        }
    }

    /// A manifest or config, its digest verified.
    func bytes(of descriptor: Descriptor) throws(CaissonError) -> [UInt8] {
        guard descriptor.size <= JSONDocument.sizeLimit else {
            throw CaissonError(
                .badImage, name, "\(descriptor.digest) is said to be larger than \(JSONDocument.sizeLimit >> 20) MiB")
        }
        let file = try open(descriptor)
        let bytes: [UInt8]
        do throws(Errno) { bytes = try file.contents(limit: JSONDocument.sizeLimit) } catch {
            throw Self.failure(error, name, "cannot read \(descriptor.digest)")
        }
        guard bytes.count == descriptor.size, Digest(of: bytes) == descriptor.digest else {
            throw CaissonError(.badImage, name, "the blob \(descriptor.digest) has other bytes than its digest says")
        }
        return bytes
    }

    /// Adds a blob, if it isn't there.
    func add(_ bytes: [UInt8], _ descriptor: Descriptor) throws(CaissonError) {
        guard try !has(descriptor) else { return }
        do throws(Errno) {
            try Self.write(bytes, to: Array(descriptor.digest.hex.utf8), in: try blobDirectory(), disk)
        } catch { throw Self.failure(error, name, "cannot write \(descriptor.digest)") }
    }

    /// Adds a blob of another layout, if it isn't here, and verifies it on the way.
    func copy(_ descriptor: Descriptor, from other: ImageLayout) throws(CaissonError) {
        guard try !has(descriptor) else { return }
        let file = try other.open(descriptor)
        var hasher = DigestHasher()
        var count = 0
        do throws(Errno) {
            let directory = try blobDirectory()
            try disk.place(Array(descriptor.digest.hex.utf8), in: directory) { copy throws(Errno) in
                while true {
                    let part = try file.next(1 << 20)
                    if part.isEmpty { break }
                    part.withUnsafeBytes { hasher.update($0) }
                    count += part.count
                    try disk.write(part, to: copy)
                }
                guard count == descriptor.size, hasher.finished() == descriptor.digest else { throw .badMessage }
            }
        } catch {
            if error == .badMessage {
                throw CaissonError(
                    .badImage, other.name, "the blob \(descriptor.digest) has other bytes than its digest says")
            }
            throw Self.failure(error, name, "cannot write \(descriptor.digest)")
        }
    }

    // MARK: Files

    private static func write(_ bytes: [UInt8], to name: [UInt8], in directory: Directory, _ disk: Disk) throws(Errno) {
        try disk.place(name, in: directory) { file throws(Errno) in try disk.write(bytes, to: file) }
    }

    private static func failure(_ error: Errno, _ name: String, _ what: String) -> CaissonError {
        switch error {
        case .noSuchFileOrDirectory, .notDirectory:
            CaissonError(.noInput, name, "there is no such directory, or something in it is missing")
        case .permissionDenied, .notPermitted, .readOnlyFileSystem:
            CaissonError(.permission, name, "\(what): \(error)")
        default: CaissonError(.inputOutput, name, "\(what): \(error)")
        }
    }
}
