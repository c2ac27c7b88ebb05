import Caisson
import LocalDisk
import RootFS
import SystemPackage

/// A file that the user asked to have written: there as a whole or not at all.
struct OutputFile {
    /// The name for people.
    private let name: String
    private let entry: [UInt8]
    private let directory: Directory
    private let disk = Disk()

    init(_ path: FilePath) throws(CaissonError) {
        name = printable(path.string)
        guard let last = path.lastComponent, last.kind == .regular else {
            throw CaissonError(.cannotCreate, name, "it is not the name of a file")
        }
        entry = Array(last.string.utf8)
        let folder = path.removingLastComponent()
        do throws(Errno) {
            directory = try Directory(folder.isEmpty ? "." : folder)
        } catch {
            throw CaissonError(.cannotCreate, name, "the directory that it should be in can't be opened: \(error)")
        }
    }

    /// Writes the file beside its place, makes it durable and moves it there, with the owner and mode of one that it
    /// replaces; false where it already has these contents.
    func write(_ contents: [UInt8], replacing: Bool) throws(CaissonError) -> Bool {
        let old = try attempt { () throws(Errno) in try directory.status(of: entry[...]) }
        if let old {
            guard old.kind == .file else {
                throw CaissonError(.cannotCreate, name, "something that is no regular file is there")
            }
            // Of another size, it needn't be read.
            let limit = contents.count
            let isSame = old.size == limit && (try? directory.open(entry[...]).contents(limit: limit)) == contents
            if isSame { return false }
            guard replacing else { throw failure(.fileExists) }
        }
        try attempt { () throws(Errno) in
            let user = User.current
            let attributes = old?.attributes.rewritten ?? Attributes(mode: 0o644, owner: user.id, group: user.group)
            try disk.place(entry, in: directory, as: attributes, replacing: replacing) { file throws(Errno) in
                try disk.write(contents, to: file)
            }
        }
        return true
    }

    private func attempt<Value>(_ body: () throws(Errno) -> Value) throws(CaissonError) -> Value {
        do {
            return try body()
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: Errno) -> CaissonError {
        switch error {
        case .fileExists:
            CaissonError(
                .cannotCreate, name, "a file with other contents is there already", hint: "replace it with --force")
        case .permissionDenied, .notPermitted, .readOnlyFileSystem:
            CaissonError(.cannotCreate, name, "this user may not write there: \(error)")
        default: CaissonError(.cannotCreate, name, "cannot write it: \(error)")
        }
    }
}
