import RootFS

extension ExtractedLayout.Mirror {
    /// The steps that bring the links to what the extracted directory holds in `root`.
    ///
    /// A directory without any link into it is of another release, and left alone; so is every other entry.
    func steps(in root: Snapshot, store: String) throws(PlanError) -> [Step] {
        let here = try root.resolve(directory)
        let source = try root.resolve(of)
        guard here != source, case .directory? = try root.entry(at: source)?.kind else { return [] }
        var present: [ByteKey: [UInt8]] = [:]
        var prefix: ArraySlice<UInt8>?
        for name in try root.names(in: here) {
            guard case .symlink(let target)? = try root.entry(at: here.appending(name))?.kind,
                isMirrored(name), let slash = target.lastIndex(of: UInt8(ascii: "/"))
            else { continue }
            let base = target[...slash]
            guard base == prefix || Self.leads(base, from: here, to: source) else { continue }
            present[ByteKey(name)] = target
            prefix = prefix ?? base
        }
        guard let prefix else { return [] }

        var wanted: [ByteKey: [UInt8]] = [:]
        for name in try root.names(in: source) where isMirrored(name) {
            switch (style, try root.entry(at: source.appending(name))?.kind) {
            case (.hashLinks, .symlink(let target)): wanted[ByteKey(name)] = prefix + target
            case (.everything, .file), (.everything, .symlink): wanted[ByteKey(name)] = prefix + name
            default: continue
            }
        }
        var steps: [Step] = []
        let changed = Set(wanted.keys).union(present.keys).filter { wanted[$0] != present[$0] }
        for key in changed.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
            let path = here.appending(key.bytes)
            let change: Change?
            if let target = wanted[key] {
                let stands = try root.entry(at: path) != nil
                if stands, present[key] == nil { continue }
                change = try root.change(path, toLink: target)
            } else {
                change = try root.removal(of: path)
            }
            guard let change else { continue }
            steps.append(Step(change, store: store, purpose: "link to an extracted certificate"))
        }
        return steps
    }

    private func isMirrored(_ name: [UInt8]) -> Bool {
        switch style {
        case .hashLinks: HashLink(name) != nil
        case .everything: true
        }
    }

    /// Whether the directory part of a link's target, spelt from `here`, is the directory `source`.
    private static func leads(_ base: ArraySlice<UInt8>, from here: RootPath, to source: RootPath) -> Bool {
        let spelled = base.first == UInt8(ascii: "/") ? Array(base) : here.bytes + [UInt8(ascii: "/")] + base
        return RootPath(bytes: spelled) == source
    }
}
