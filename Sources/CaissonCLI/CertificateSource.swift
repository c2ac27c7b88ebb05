import Caisson
import LocalDisk
import RootFS
import SystemPackage
import TrustAnchors

/// Where certificates are read from on the command line: a file, a directory of files, or standard input.
struct CertificateSource {
    /// The name for people.
    let name: String
    let bytes: [UInt8]

    /// The inputs that `argument` stands for: `-`, a file, or the files of a directory, not those below it.
    ///
    /// In a directory, files without a certificate are left out, by name.
    static func files(named argument: String) throws(CaissonError) -> [CertificateSource] {
        if argument == "-" { return [CertificateSource(name: "-", bytes: try read(.standardInput, name: "-"))] }
        let name = printable(argument)
        let path = FilePath(argument)
        if let directory = try? Directory(path) { return try files(of: directory, at: path, name: name) }
        return [CertificateSource(name: name, bytes: try read(path, name: name))]
    }

    private static func files(
        of directory: Directory, at path: FilePath, name: String
    ) throws(CaissonError) -> [CertificateSource] {
        var sources: [CertificateSource] = []
        for entry in try names(in: directory, name: name) {
            guard let status = try? directory.status(of: entry[...]), status.kind == .file else { continue }
            let file = path.appending(String(decoding: entry, as: UTF8.self))
            let shown = printable(file.string)
            let source = CertificateSource(name: shown, bytes: try read(file, name: shown))
            let survey = CertificateFile(surveying: source.bytes)
            if survey.certificates.isEmpty, survey.problems.allSatisfy({ $0.id == .noCertificate }) {
                Terminal.note("\(shown): skipped, there is no certificate in it")
            } else {
                sources.append(source)
            }
        }
        guard !sources.isEmpty else { throw CaissonError(.badCertificate, name, "no file in it holds a certificate") }
        return sources
    }

    private static func names(in directory: Directory, name: String) throws(CaissonError) -> [[UInt8]] {
        do throws(Errno) {
            return try directory.names(limit: 200_000).sorted { $0.lexicographicallyPrecedes($1) }
        } catch {
            throw CaissonError(.inputOutput, name, "cannot list it: \(error)")
        }
    }

    private static func read(_ path: FilePath, name: String) throws(CaissonError) -> [UInt8] {
        do {
            let descriptor = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            return try descriptor.closeAfter { try read(descriptor, name: name) }
        } catch let error as CaissonError {
            throw error
        } catch let error as Errno {
            switch error {
            case .noSuchFileOrDirectory, .notDirectory:
                throw CaissonError(.noInput, name, "there is no such file or directory")
            case .permissionDenied: throw CaissonError(.noInput, name, "it may not be read by this user")
            default: throw CaissonError(.inputOutput, name, "cannot read it: \(error)")
            }
        } catch {
            throw CaissonError(.inputOutput, name, "cannot read it")
        }
    }

    /// Everything up to the end; more than an input may be is refused before it is in memory.
    private static func read(_ descriptor: FileDescriptor, name: String) throws(CaissonError) -> [UInt8] {
        var bytes: [UInt8] = []
        let chunk = 1 << 18
        do {
            while true {
                let part = try [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
                    count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
                if part.isEmpty { return bytes }
                bytes += part
                if bytes.count > CertificateFile.sizeLimit { break }
            }
        } catch {
            throw CaissonError(.inputOutput, name, "cannot read it: \(error)")
        }
        throw CaissonError(.badCertificate, name, "it is larger than \(CertificateFile.sizeLimit >> 20) MiB")
    }
}
