import ChainVerification
import RootFS

/// A file in OpenSSL's format (config(5)): sections of names and values. Variables aren't expanded, and directories
/// aren't included.
struct OpenSSLConfiguration {
    static let inclusionDepth = 4
    static let inclusionLimit = 16

    /// In their order; what stands before the first section belongs to `default`.
    private var sections: [String: [(name: String, value: String)]] = [:]

    init(_ contents: [UInt8], including files: [RootPath: [UInt8]] = [:]) {
        var section = "default"
        read(contents, files, section: &section, depth: 0)
    }

    private mutating func read(
        _ contents: [UInt8], _ files: [RootPath: [UInt8]], section: inout String, depth: Int
    ) {
        for line in Self.lines(of: contents) {
            switch line {
            case .section(let name): section = name
            case .value(let name, let value): sections[section, default: []].append((name, value))
            case .inclusion(let path):
                guard depth + 1 < Self.inclusionDepth, let included = files[path] else { continue }
                read(included, files, section: &section, depth: depth + 1)
            }
        }
    }

    /// The files that it includes.
    static func inclusions(in contents: [UInt8]) -> [RootPath] {
        lines(of: contents).compactMap { if case .inclusion(let path) = $0 { path } else { nil } }
    }

    /// What the section says that `openssl_conf` leads to by `ssl_conf` and `system_default`; others aren't used.
    var settings: OpenSSLSettings {
        var settings = OpenSSLSettings()
        guard let modules = last("openssl_conf", of: "default"), let contexts = last("ssl_conf", of: modules),
            let name = last("system_default", of: contexts)
        else { return settings }
        for (name, value) in sections[name] ?? [] {
            // What stands before a dot only keeps names apart.
            switch name.split(separator: ".").last?.lowercased() {
            case "cipherstring": settings.securityLevel = Self.level(in: value) ?? settings.securityLevel
            case "minprotocol":
                if value.lowercased() == "none" {
                    settings.oldestVersion = nil
                } else if let version = Self.versions[value.lowercased()] {
                    settings.oldestVersion = version
                }
            default: break
            }
        }
        return settings
    }

    private func last(_ name: String, of section: String) -> String? {
        sections[section]?.last { $0.name == name }?.value
    }

    private static let versions: [String: ProtocolVersion] = [
        "sslv3": .tls10, "tlsv1": .tls10, "tlsv1.0": .tls10, "tlsv1.1": .tls11, "tlsv1.2": .tls12, "tlsv1.3": .tls13,
    ]

    private static func level(in ciphers: String) -> Int? {
        let commands = ciphers.split { ":, ".contains($0) }.filter { $0.hasPrefix("@SECLEVEL=") }
        return commands.last.flatMap { Int($0.dropFirst("@SECLEVEL=".count)) }.flatMap {
            (0...5).contains($0) ? $0 : nil
        }
    }
}

extension OpenSSLConfiguration {
    private enum Line {
        case section(String)
        case value(String, String)
        case inclusion(RootPath)
    }

    /// The largest file that is read, in bytes, and how long a line of it may be.
    private static let sizeLimit = 1 << 20

    private static func lines(of contents: [UInt8]) -> [Line] {
        guard contents.count <= sizeLimit else { return [] }
        var lines: [Line] = []
        var pending: [UInt8] = []
        for line in contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            pending += uncommented(line.last == 0x0D ? line.dropLast() : line)
            if pending.last == UInt8(ascii: "\\") {
                pending.removeLast()
                continue
            }
            if let line = parsed(String(decoding: pending, as: UTF8.self)) { lines.append(line) }
            pending = []
        }
        return lines
    }

    /// Up to a `#` that stands neither in quotes nor behind a backslash.
    private static func uncommented(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var quote: UInt8?
        var isEscaped = false
        for (index, byte) in zip(line.indices, line) {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "#") {
                return line[..<index]
            }
        }
        return line
    }

    private static func parsed(_ line: String) -> Line? {
        let text = trimmed(line[...])
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            return .section(String(trimmed(text[text.index(after: text.startIndex)..<end])))
        }
        if text.hasPrefix(".include") {
            let rest = text.dropFirst(".include".count).drop { " \t=".contains($0) }
            return RootPath(bytes: unquoted(rest).utf8).map { .inclusion($0) }
        }
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let value = unquoted(trimmed(text[text.index(after: equals)...]))
        return .value(String(trimmed(text[..<equals])), String(value))
    }

    private static func unquoted(_ text: Substring) -> Substring {
        guard text.count > 1, let first = text.first, "\"'".contains(first), text.last == first else { return text }
        return text.dropFirst().dropLast()
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { " \t".contains($0) }
        return start.lastIndex { !" \t".contains($0) }.map { start[...$0] } ?? ""
    }
}
