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
            try stage(contents, old?.attributes.rewritten, replacing: replacing)
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

    private func stage(_ contents: [UInt8], _ attributes: Attributes?, replacing: Bool) throws(Errno) {
        let user = User.current
        let staged = Array(".caisson-\(String(UInt64.random(in: 0...UInt64.max), radix: 16))".utf8)
        let file = try disk.createFile(staged, in: directory)
        do throws(Errno) {
            try disk.write(contents, to: file)
            try disk.set(attributes ?? Attributes(mode: 0o644, owner: user.id, group: user.group), of: file)
            try disk.synchronize(file)
            try disk.rename(staged, to: entry, in: directory, replacing: replacing)
        } catch {
            try? disk.removeFile(staged, in: directory)
            throw error
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
