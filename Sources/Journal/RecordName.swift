/// The name of a record's file: `RUN.PLACE.STATE`, or `RUN.PLACE.undoes.TARGET.STATE` for an undo.
///
/// What a record is about can so be told without reading it, and renaming the file of an undo to `done` also makes the
/// run that it took back undone, in one step.
struct RecordName: Hashable, Sendable {
    enum State: String, Sendable {
        /// Still being written: nothing has been changed yet.
        case new
        /// Changes are being made.
        case pending
        case done
    }

    let run: String
    let place: PlaceKey
    /// The run that this one takes back.
    let undoes: String?
    var state: State

    init(run: String, place: PlaceKey, undoes: String?, state: State) {
        self.run = run
        self.place = place
        self.undoes = undoes
        self.state = state
    }

    /// Nil where the name isn't one of ours.
    init?(_ bytes: some Collection<UInt8>) {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 || parts.count == 5, let first = parts.first, RunID.isValid(first),
            let place = PlaceKey(text: parts[1]), let last = parts.last,
            let state = State(rawValue: String(decoding: last, as: UTF8.self))
        else { return nil }
        if parts.count == 5 {
            guard parts[2].elementsEqual("undoes".utf8), RunID.isValid(parts[3]) else { return nil }
        }
        run = String(decoding: first, as: UTF8.self)
        self.place = place
        undoes = parts.count == 5 ? String(decoding: parts[3], as: UTF8.self) : nil
        self.state = state
    }

    func with(_ state: State) -> RecordName {
        var copy = self
        copy.state = state
        return copy
    }

    var bytes: [UInt8] {
        Array("\(run).\(place.text)\(undoes.map { ".undoes." + $0 } ?? "").\(state.rawValue)".utf8)
    }
}

extension Collection<RecordName> {
    /// The runs that a finished undo, which isn't itself taken back, has taken back in the same place.
    func undone() -> Set<RecordName> {
        var undoers: [RecordName: [RecordName]] = [:]
        let finished = filter { $0.state == .done }
        let named = Dictionary(finished.map { (Key($0.run, $0.place), $0) }) { first, _ in first }
        for name in finished {
            if let target = name.undoes.flatMap({ named[Key($0, name.place)] }) {
                undoers[target, default: []].append(name)
            }
        }
        var undone: Set<RecordName> = []
        // IDs sort by time and an undo is later than what it takes back: the newest is decided first.
        for name in finished.sorted(by: { $0.run > $1.run }) {
            if undoers[name, default: []].contains(where: { !undone.contains($0) }) { undone.insert(name) }
        }
        return undone
    }
}

private struct Key: Hashable {
    let run: String
    let place: PlaceKey

    init(_ run: String, _ place: PlaceKey) {
        self.run = run
        self.place = place
    }
}
