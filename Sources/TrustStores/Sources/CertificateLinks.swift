import RootFS
import TrustAnchors

/// A directory of links to certificate files, with hash links beside them, such as `/etc/ssl/certs` on Debian.
///
/// It is worked on as a tool would do it, step by step, and gives the changes between before and after.
struct CertificateLinks {
    let directory: RootPath
    private let before: Snapshot
    private(set) var root: Snapshot
    private var touched: Set<RootPath> = []

    /// `directory` must be there.
    init(_ directory: RootPath, in root: Snapshot) throws(PlanError) {
        self.directory = try root.resolve(directory)
        before = root
        self.root = root
    }

    func target(of name: [UInt8]) throws(PlanError) -> [UInt8]? {
        guard case .symlink(let target)? = try root.entry(at: directory.appending(name))?.kind else { return nil }
        return target
    }

    /// Whether the entry leads to something (`test -e`).
    func leadsSomewhere(_ path: RootPath) throws(PlanError) -> Bool {
        guard let target = try? root.resolve(path) else { return false }
        return try root.entry(at: target) != nil
    }

    /// `ln -sf TARGET NAME`
    mutating func link(_ name: [UInt8], to target: [UInt8]) throws(PlanError) {
        let path = directory.appending(name)
        let attributes = try NewNodes.link(in: directory, of: root)
        touched.insert(path)
        root.set(Entry(kind: .symlink(to: target), attributes: attributes), at: path)
    }

    mutating func remove(_ name: [UInt8]) { remove(directory.appending(name)) }

    private mutating func remove(_ path: RootPath) {
        touched.insert(path)
        root.set(nil, at: path)
    }

    /// Removes the links that `condition` names and, when `recursive`, those in directories below.
    mutating func removeLinks(
        where condition: (_ path: RootPath, _ target: [UInt8], _ view: CertificateLinks) throws(PlanError) -> Bool
    ) throws(PlanError) {
        var pending = [directory]
        var doomed: [RootPath] = []
        while let next = pending.popLast() {
            for name in try root.names(in: next) {
                let path = next.appending(name)
                switch try root.entry(at: path)?.kind {
                case .symlink(let target): if try condition(path, target, self) { doomed.append(path) }
                case .directory: pending.append(path)
                default: continue
                }
            }
        }
        for path in doomed { remove(path) }
    }

    /// Runs `openssl rehash` over the directory; `spared` gets no link that it hasn't.
    mutating func rehash(withoutNewLinksTo spared: [UInt8]? = nil) throws(PlanError) {
        var items: [HashDirectory.Item] = []
        for name in try root.names(in: directory) {
            switch try root.entry(at: directory.appending(name))?.kind {
            case .symlink(let target): items.append(.init(name: name, kind: .link(target: target)))
            case .file: items.append(.init(name: name, kind: .file))
            default: continue
            }
        }
        let result = try HashDirectory.rehash(items) { name throws(PlanError) in try subject(of: name) }
        for name in result.removed { remove(name) }
        for (name, target) in result.created where target != spared { try link(name, to: target) }
    }

    private func subject(of name: [UInt8]) throws(PlanError) -> HashDirectory.Subject? {
        guard let path = try? root.resolve(directory.appending(name)), root.isRead(path),
            let contents = try root.contents(of: path)
        else { return nil }
        return HashDirectory.Subject(contents)
    }

    /// The changes from before to now, sorted by path.
    func steps(store: String, purpose: (RootPath) -> String) throws(PlanError) -> [Step] {
        var steps: [Step] = []
        for path in touched.sorted() {
            let old = try before.entry(at: path)
            let new = try root.entry(at: path)
            guard old?.kind != new?.kind else { continue }
            let after: Node =
                switch new?.kind {
                case .symlink(let target): .symlink(to: target, try NewNodes.link(in: directory, of: before))
                default: .absent
                }
            steps.append(
                Step(
                    Change(path: path, before: try before.node(at: path), after: after), store: store,
                    purpose: purpose(path)))
        }
        return steps
    }
}

extension HashDirectory.Subject {
    /// What a file is found by; nil unless it holds exactly one certificate or revocation list that can be read.
    init?(_ file: [UInt8]) {
        let blocks = PEM.blocks(in: file)
        guard blocks.allSatisfy({ $0.der != nil }) else { return nil }
        let certificates = blocks.compactMap(\.certificate)
        let lists = blocks.filter { $0.label == "X509 CRL" }.compactMap(\.der)
        if certificates.count == 1, lists.count <= 1, let hash = SubjectHash.current(of: certificates[0]) {
            self.init(isRevocationList: false, hash: hash, der: certificates[0])
        } else if certificates.isEmpty, lists.count == 1, let hash = SubjectHash.current(ofRevocationList: lists[0]) {
            self.init(isRevocationList: true, hash: hash, der: lists[0])
        } else {
            return nil
        }
    }
}
