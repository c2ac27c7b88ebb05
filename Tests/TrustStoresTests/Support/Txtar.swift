/// A text file that holds others: each begins with a line `-- NAME --` (golang.org/x/tools/txtar).
struct Txtar {
    struct Section {
        let name: String
        var text: String
    }

    /// What stands before the first section.
    var comment = ""
    var sections: [Section] = []

    init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("-- "), line.hasSuffix(" --") {
                sections.append(Section(name: String(line.dropFirst(3).dropLast(3)), text: ""))
            } else if sections.isEmpty {
                comment += line + "\n"
            } else {
                sections[sections.count - 1].text += line + "\n"
            }
        }
    }

    subscript(name: String) -> String? { sections.first { $0.name == name }?.text }

    var text: String { comment + sections.map { "-- \($0.name) --\n\($0.text)" }.joined() }
}
