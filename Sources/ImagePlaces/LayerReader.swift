internal import CInflate
internal import ImageFormat
internal import LocalDisk
internal import SystemPackage
internal import Tar

/// A layer's tar archive, unpacked as it is read from its blob. At its end the blob's digest has been verified; until then
/// nothing that was read may be believed.
final class LayerReader: ByteSource {
    /// How large a layer may be when it is unpacked, in bytes.
    static let sizeLimit = 64 << 30
    /// How many times as large as its blob it may be, beyond `freeSize`: zeros that are packed well are more.
    static let ratioLimit = 300
    static let freeSize = 1 << 30

    private let file: OpenFile
    private let descriptor: Descriptor
    private let inflater: OpaquePointer?
    private var hasher = DigestHasher()
    private var chunk: [UInt8] = []
    private var position = 0
    private var packed = 0
    private var unpacked = 0
    private var isVerified = false

    init(_ file: OpenFile, _ descriptor: Descriptor) {
        self.file = file
        self.descriptor = descriptor
        inflater =
            switch descriptor.mediaType.compression {
            case .gzip?: cinflate_open(CInt(cinflate_gzip))
            case .zstd?: cinflate_open(CInt(cinflate_zstd))
            default: nil
            }
    }

    deinit { cinflate_close(inflater) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        while true {
            if position == chunk.count, !isVerified { try refill() }
            let count = try unpack(into: buffer)
            unpacked += count
            guard unpacked <= Self.freeSize || unpacked / Self.ratioLimit <= packed, unpacked <= Self.sizeLimit else {
                throw .corrupt("it unpacks to far more than its size lets expect")
            }
            if count > 0 { return count }
            if position == chunk.count, isVerified {
                if let inflater, cinflate_is_complete(inflater) == 0 { throw .corrupt("it is truncated") }
                return 0
            }
        }
    }

    private func unpack(into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        let result: Int = chunk.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            guard let inflater else {
                let count = min(rest.count, buffer.count)
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
                position += count
                return count
            }
            var input = rest.bindMemory(to: UInt8.self).baseAddress
            var left = rest.count
            let output = buffer.bindMemory(to: UInt8.self).baseAddress
            let count = cinflate_run(inflater, &input, &left, output, buffer.count)
            position = chunk.count - left
            return count
        }
        guard result >= 0 else { throw .corrupt("it can't be unpacked") }
        return result
    }

    private func refill() throws(ByteSourceError) {
        do throws(Errno) { chunk = try file.next(1 << 18) } catch { throw .unreadable("\(error)") }
        position = 0
        chunk.withUnsafeBytes { hasher.update($0) }
        packed += chunk.count
        guard chunk.isEmpty else { return }
        guard packed == descriptor.size, hasher.finished() == descriptor.digest else {
            throw .corrupt("it has other bytes than its digest says")
        }
        isVerified = true
    }
}
