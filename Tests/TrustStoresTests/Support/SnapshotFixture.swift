import Foundation
import RootFS

/// A root in memory, written down as sections of a `Txtar`.
///
/// The name of a section is `before/PATH` and after it, in any order, ` mode=0444`, ` base64` for contents that aren't
/// text, or ` -> TARGET` for a link. A path that ends with a slash is a directory; those above a path needn't be named.
/// Everything belongs to root; files have the mode 0644 and directories 0755 where nothing else is said.
struct SnapshotFixture {
    struct Item: Equatable {
        enum Kind: Equatable {
            case file([UInt8])
            case link([UInt8])
            case directory
        }

        var kind: Kind
        var mode: UInt16
    }

    private(set) var items: [RootPath: Item] = [:]

    init(_ archive: Txtar, in folder: String = "before") throws {
        for section in archive.sections where section.name.hasPrefix(folder + "/") {
            try add(String(section.name.dropFirst(folder.count)), section.text)
        }
    }

    private mutating func add(_ name: String, _ text: String) throws {
        var words = name.components(separatedBy: " ")
        var target: String?
        if let arrow = words.firstIndex(of: "->") {
            target = words[(arrow + 1)...].joined(separator: " ")
            words.removeSubrange(arrow...)
        }
        let isBase64 = words.contains("base64")
        let mode = words.first { $0.hasPrefix("mode=") }.flatMap { UInt16($0.dropFirst(5), radix: 8) }
        let spelled = words.filter { $0 != "base64" && !$0.hasPrefix("mode=") }.joined(separator: " ")
        guard let path = RootPath(bytes: spelled.utf8) else { throw Malformed(name: name) }
        if let target {
            items[path] = Item(kind: .link(Array(target.utf8)), mode: 0o777)
        } else if spelled.hasSuffix("/") {
            items[path] = Item(kind: .directory, mode: mode ?? 0o755)
        } else if isBase64 {
            guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
                throw Malformed(name: name)
            }
            items[path] = Item(kind: .file([UInt8](data)), mode: mode ?? 0o644)
        } else {
            items[path] = Item(kind: .file(Array(text.utf8)), mode: mode ?? 0o644)
        }
    }

    struct Malformed: Error { let name: String }

    /// The root with every directory of it listed.
    var snapshot: Snapshot {
        var snapshot = Snapshot(root: "fixture")
        var names: [RootPath: Set<[UInt8]>] = [.root: []]
        func note(_ path: RootPath, _ kind: Entry.Kind, _ mode: UInt16) {
            snapshot.record(Entry(kind: kind, attributes: Attributes(mode: mode)), at: path)
            if kind == .directory { names[path] = names[path] ?? [] }
            if let parent = path.parent { names[parent, default: []].insert(Array(path.name)) }
        }
        note(.root, .directory, 0o755)
        names[.root] = []
        for path in items.keys.sorted() {
            var above = path.parent
            while let directory = above, directory != .root {
                if items[directory] == nil { note(directory, .directory, 0o755) }
                above = directory.parent
            }
        }
        for (path, item) in items.sorted(by: { $0.key < $1.key }) {
            switch item.kind {
            case .directory: note(path, .directory, item.mode)
            case .link(let target): note(path, .symlink(to: target), item.mode)
            case .file(let bytes):
                note(path, .file(size: bytes.count, links: 1), item.mode)
                snapshot.record(contents: bytes, at: path)
            }
        }
        for (directory, names) in names { snapshot.record(listing: names, of: directory) }
        return snapshot
    }

    /// The sections that write down what `plan` changes, after it.
    static func sections(of plan: Plan, in folder: String = "after") -> [Txtar.Section] {
        var last: [RootPath: Node] = [:]
        for step in plan.steps { last[step.change.path] = step.change.after }
        return last.sorted { $0.key < $1.key }.map { path, node in
            let name = folder + String(decoding: path.bytes, as: UTF8.self)
            switch node {
            case .absent: return Txtar.Section(name: name + " absent", text: "")
            case .directory: return Txtar.Section(name: name + "/", text: "")
            case .symlink(let target, _):
                return Txtar.Section(name: name + " -> " + String(decoding: target, as: UTF8.self), text: "")
            case .file(let bytes, let attributes):
                let mode = attributes.mode == 0o644 ? "" : " mode=0" + String(attributes.mode, radix: 8)
                guard let text = String(validating: bytes, as: UTF8.self), text.isEmpty || text.hasSuffix("\n"),
                    !text.contains("\r")
                else {
                    let lines = Data(bytes).base64EncodedString(options: [
                        .lineLength64Characters, .endLineWithLineFeed,
                    ])
                    return Txtar.Section(name: name + mode + " base64", text: lines + "\n")
                }
                return Txtar.Section(name: name + mode, text: text)
            }
        }
    }
}
