package import RootFS
package import SystemPackage

extension Disk {
    /// Makes a file that is there as a whole or not at all: `fill` writes it beside its place, then it is made durable and
    /// moved there.
    ///
    /// - Parameter attributes: nil gives it mode 0644 and whatever owner and group it gets where it is made.
    package func place(
        _ name: [UInt8], in directory: Directory, as attributes: Attributes? = nil, replacing: Bool = true,
        _ fill: (OpenFile) throws(Errno) -> Void
    ) throws(Errno) {
        let staged = Array(".caisson-\(String(UInt64.random(in: 0...UInt64.max), radix: 16))".utf8)
        let file = try createFile(staged, in: directory)
        do throws(Errno) {
            try fill(file)
            let status = try file.status()
            try set(attributes ?? Attributes(mode: 0o644, owner: status.owner, group: status.group), of: file)
            try synchronize(file)
            try rename(staged, to: name, in: directory, replacing: replacing)
        } catch {
            try? removeFile(staged, in: directory)
            throw error
        }
    }
}
