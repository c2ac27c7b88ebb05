import RootFS

/// A bundle that a tool makes by writing files one after the other.
struct GeneratedBundle {
    /// What each source file adds, in the tool's order.
    let parts: [[UInt8]]

    var bytes: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(parts.reduce(0) { $0 + $1.count })
        for part in parts { text += part }
        return text
    }

    /// Whether `text` is made of these parts alone: some may be missing, nothing else may be in it.
    ///
    /// Then the tool's next run loses nothing that is there, and ours neither. The first `ordered` parts come in their
    /// order, the others in any.
    func accounts(for text: [UInt8], ordered: Int) -> Bool {
        var rest = text[...]
        for part in parts.prefix(ordered) where !part.isEmpty && rest.begins(with: part) {
            rest = rest.dropFirst(part.count)
        }
        var free = parts.dropFirst(ordered).filter { !$0.isEmpty }
        while !rest.isEmpty, let index = free.firstIndex(where: { rest.begins(with: $0) }) {
            rest = rest.dropFirst(free[index].count)
            free.remove(at: index)
        }
        return rest.isEmpty
    }
}
