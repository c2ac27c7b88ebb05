/// The name of a file that stands ready beside its target: `.caisson-RUNID-N`.
///
/// It carries the run, so that whoever finds one knows whose it is.
package enum StagedName {
    private static let prefix = Array(".caisson-".utf8)

    static func make(run: String, index: Int) -> [UInt8] { prefix + Array("\(run)-\(index)".utf8) }

    /// The ID of the run that staged an entry of this name; nil for any other name.
    package static func run(in name: [UInt8]) -> String? {
        guard name.first == prefix.first, name.starts(with: prefix) else { return nil }
        let rest = Array(name.dropFirst(prefix.count))
        guard let dash = rest.lastIndex(of: UInt8(ascii: "-")), RunID.isValid(rest[..<dash]) else { return nil }
        let index = rest[(dash + 1)...]
        guard !index.isEmpty, index.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return String(decoding: rest[..<dash], as: UTF8.self)
    }
}
