import ArgumentParser
import Caisson
import TrustStores

/// What every command that changes places takes.
struct ChangeOptions: ParsableArguments {
    @Flag(help: "Show what would change, and change nothing.")
    var dryRun = false

    @OptionGroup var stores: StoreOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "How many seconds to wait for another run on the same place.")
    var lockTimeout = 30

    func validate() throws {
        guard (0...86400).contains(lockTimeout) else {
            throw ValidationError("--lock-timeout takes 0 to 86400 seconds")
        }
    }
}

/// Which of the stores that are known are looked at.
struct StoreOptions: ParsableArguments {
    @Option(help: "Only this store; may be repeated.")
    var only: [String] = []

    @Option(help: "Leave this store out; may be repeated.")
    var without: [String] = []

    func stores(publicRoots: [[UInt8]] = []) throws(CaissonError) -> [any TrustStore] {
        let all = KnownStores.all(publicRoots: publicRoots)
        let names = all.map(\.name)
        for name in only + without where !names.contains(name) {
            throw CaissonError(
                .usage, name, "there is no such store", hint: "the stores are \(names.joined(separator: ", "))")
        }
        return all.filter { (only.isEmpty || only.contains($0.name)) && !without.contains($0.name) }
    }
}

/// How results are written.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the result as JSON.")
    var json = false
}
