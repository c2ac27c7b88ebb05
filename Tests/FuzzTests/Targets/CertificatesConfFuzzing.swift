@testable import TrustStores

/// `ca-certificates.conf`, and what `distrust` and `trust` make of it.
enum CertificatesConfFuzzing {
    static func check(_ input: [UInt8]) throws(Violation) {
        let conf = CertificatesConf(input)
        try require(conf.lines.count <= input.count, "a line takes at least a byte")
        try require(conf.selected.count + conf.deselected.count == conf.lines.count, "a line selects or deselects")
        try require(CertificatesConf.deselecting([], in: input) == input, "deselecting nothing changes nothing")
        try require(CertificatesConf.selecting([], in: input) == input, "selecting nothing changes nothing")

        // A path that begins with `!` or `#` can't be told from the mark.
        let paths = conf.selected.filter { $0.first != 0x21 && $0.first != 0x23 && !$0.isEmpty }
        for path in Set(paths.prefix(8)) {
            let text = CertificatesConf.deselecting([path], in: input)
            let changed = CertificatesConf(text)
            try require(changed.lines.count == conf.lines.count, "no line comes or goes")
            try require(changed.deselected.contains(path), "what was deselected is")
            try require(!changed.selected.contains(path), "what was deselected isn't selected by another line")
            try require(
                changed.selected == conf.selected.filter { $0 != path }, "all others stay selected, in their order")
            try require(CertificatesConf.deselecting([path], in: text) == text, "doing it again changes nothing")

            let back = CertificatesConf(CertificatesConf.selecting([path], in: text))
            try require(back.selected.contains(path), "what was selected again is")
            try require(!back.deselected.contains(path), "and no line deselects it")
        }
    }
}
