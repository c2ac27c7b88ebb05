internal import Glibc
internal import SystemPackage

/// The result of a system call, made again while a signal interrupts it; throws why it failed.
func systemCall<Result: SignedInteger>(_ body: () -> Result) throws(Errno) -> Result {
    while true {
        let result = body()
        if result != -1 { return result }
        let error = Errno(rawValue: errno)
        guard error == .interrupted else { throw error }
    }
}

/// Calls `body` with `bytes` as a C string. The bytes hold no NUL: they are a name or a link's target.
func withCString<Result>(_ bytes: ArraySlice<UInt8>, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let count = bytes.count
    return withUnsafeTemporaryAllocation(byteCount: count + 1, alignment: 1) { buffer in
        bytes.withUnsafeBytes { buffer.copyMemory(from: $0) }
        buffer[count] = 0
        return buffer.withMemoryRebound(to: CChar.self) { text in
            // The buffer has at least the byte for the NUL, so it has an address.
            text.baseAddress.map { body($0) } ?? body([0])
        }
    }
}

/// The same for a whole array.
func withCString<Result>(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    withCString(bytes[...], body)
}
