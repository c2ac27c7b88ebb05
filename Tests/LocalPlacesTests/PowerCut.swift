import Foundation
import LocalDisk
import RootFS
import SystemPackage

/// One of the states that a disk may be in after a power cut.
///
/// Of a directory, every change in turn up to some point since it was last made durable has survived; of a file that
/// never was, the name alone, half the bytes, or everything. Directories and files are independent of each other.
struct PowerCut {
    enum Luck: CaseIterable {
        /// Nothing has survived but what was made durable, or everything has, or chance decides.
        case worst, best, mixed
    }

    private let moments: [DiskHistory.Moment]
    private let durable: [DiskHistory.Identity: Int]
    private let cut: Int
    private let luck: Luck
    private var random: Chance

    /// Just before the operation number `cut`; `durable` says since which moment what had been made durable then.
    init(
        _ moments: [DiskHistory.Moment], durable: [DiskHistory.Identity: Int], at cut: Int, _ luck: Luck, seed: UInt64
    ) {
        self.moments = moments
        self.durable = durable
        self.cut = cut
        self.luck = luck
        random = Chance(state: seed)
    }

    /// Puts a scratch directory into that state. The directories of the first level stay themselves, as places do.
    mutating func happen(in path: String) throws {
        let top = try Directory(FilePath(path))
        for (name, identity) in moments[0].states[moments[0].top]?.entries ?? [:] {
            let inner = path + "/" + String(decoding: name, as: UTF8.self)
            for entry in try FileManager.default.contentsOfDirectory(atPath: inner) {
                try FileManager.default.removeItem(atPath: inner + "/" + entry)
            }
            try fill(try top.directory(name[...]), with: identity)
        }
    }

    private mutating func fill(_ directory: Directory, with identity: DiskHistory.Identity) throws {
        let disk = Disk()
        let state = moments[moment(of: identity)].states[identity]
        for (name, inner) in state?.entries ?? [:] {
            switch last(of: inner)?.node {
            case .directory?: try fill(try disk.createDirectory(name, in: directory), with: inner)
            case .symlink(let target, let attributes)?:
                try disk.createLink(to: target, attributes, named: name, in: directory)
            case .file(let contents, let attributes)?:
                let (rest, attributes) = survivor(of: contents, attributes, inner)
                let file = try disk.createFile(name, in: directory)
                try disk.write(rest, to: file)
                try disk.set(attributes, of: file)
            default: continue
            }
        }
        if case .directory(let attributes)? = state?.node { try disk.set(attributes, of: directory.opened()) }
    }

    /// The moment that a directory's surviving entries are of.
    private mutating func moment(of identity: DiskHistory.Identity) -> Int {
        let known = moments[...cut].indices.filter { moments[$0].states[identity] != nil }
        guard let first = known.first, let last = known.last else { return 0 }
        let since = max(first, durable[identity] ?? 0)
        switch luck {
        case .worst: return since
        case .best: return last
        case .mixed:
            // The ends more often: what is wrong for a moment only is wrong there.
            return [since, last, Int.random(in: since...max(since, last), using: &random)].randomElement(using: &random)
                ?? since
        }
    }

    private func last(of identity: DiskHistory.Identity) -> DiskHistory.State? {
        moments[...cut].last { $0.states[identity] != nil }?.states[identity]
    }

    /// What is left of a file that was, last, `contents`.
    private mutating func survivor(
        of contents: [UInt8], _ attributes: Attributes, _ identity: DiskHistory.Identity
    ) -> ([UInt8], Attributes) {
        let wasThere = moments[0].states[identity] != nil
        if let since = durable[identity] ?? (wasThere ? 0 : nil),
            case .file(let contents, let attributes)? = moments[since].states[identity]?.node
        {
            return (contents, attributes)
        }
        let fresh = Attributes(mode: 0o600, owner: attributes.owner, group: attributes.group)
        switch luck {
        case .worst: return ([], fresh)
        case .best: return (contents, attributes)
        case .mixed:
            let part = Array(contents.prefix(contents.count * Int.random(in: 0...2, using: &random) / 2))
            return (part, Bool.random(using: &random) ? attributes : fresh)
        }
    }
}

/// Numbers that are the same in each run (SplitMix64, Steele et al. 2014).
struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
