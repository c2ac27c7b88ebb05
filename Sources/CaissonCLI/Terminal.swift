import RootFS

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The two streams: results go to standard output, everything else to standard error.
enum Terminal {
    /// Writes a result, a line or more, with a line feed at its end.
    static func print(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// Writes bytes as they are.
    static func print(bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    static func note(_ text: String) { write("caisson: \(text)\n", to: STDERR_FILENO) }

    /// Writes text that goes with a result but isn't it, with a line feed at its end.
    static func tell(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    static func warn(_ text: String) {
        let label = style("warning:", .yellow, on: STDERR_FILENO)
        write("caisson: \(label) \(text)\n", to: STDERR_FILENO)
    }

    static func fail(_ text: String, hint: String?) {
        let label = style("error:", .red, on: STDERR_FILENO)
        write("caisson: \(label) \(text)\n", to: STDERR_FILENO)
        if let hint { Self.hint(hint) }
    }

    static func hint(_ text: String) { write("caisson: hint: \(text)\n", to: STDERR_FILENO) }

    enum Colour: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case bold = "1"
        case faint = "2"
    }

    /// The text in a colour, where results go to a terminal and nothing forbids it (no-color.org).
    static func style(_ text: String, _ colour: Colour, on stream: Int32 = STDOUT_FILENO) -> String {
        let variables = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? true
        guard isatty(stream) == 1, !variables, !isDumb else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }

    private static func write(_ text: String, to stream: Int32) { write(Array(text.utf8), to: stream) }

    private static func write(_ bytes: [UInt8], to stream: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { unistdWrite(stream, $0) }
            // A reader that has gone away is no failure of ours.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private static func unistdWrite(_ stream: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.write(stream, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
        Musl.write(stream, buffer.baseAddress, buffer.count)
        #else
        Darwin.write(stream, buffer.baseAddress, buffer.count)
        #endif
    }
}
