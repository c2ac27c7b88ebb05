import RootFS

/// One word for a shell to copy from a message, quoted where it must be.
func shellWord(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-_./:@%+=,".utf8.contains(byte)
        }
    }
    if plain, !text.isEmpty { return text }
    guard printable(text) != text else {
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
    // What can't be printed, as bash, zsh and POSIX.1-2024 write it.
    let escaped = text.utf8.map { byte -> String in
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\\"): "\\" + String(Unicode.Scalar(byte))
        case 0x20..<0x7F: String(Unicode.Scalar(byte))
        default: "\\x" + hexadecimal(byte)
        }
    }
    return "$'" + escaped.joined() + "'"
}

/// The name of a file, which isn't to be taken for an option.
func shellWord(file name: String) -> String { shellWord(name.hasPrefix("-") ? "./" + name : name) }
