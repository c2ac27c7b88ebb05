public import RootFS

/// One call of a command that changes places; it has one ID, whatever their number.
public struct Run: Hashable, Sendable {
    public enum Command: Hashable, Sendable {
        case trust, distrust
        /// Takes back the run with this ID.
        case undo(String)
    }

    /// An anchor that the run is about; `subject` is printable.
    public struct Anchor: Hashable, Sendable {
        /// SHA-256 of the DER, lower-case hexadecimal.
        public let fingerprint: String
        public let subject: String

        public init(fingerprint: String, subject: String) {
            self.fingerprint = fingerprint
            self.subject = subject
        }
    }

    /// Sorts by time: `20261124T215536Z-3f9a1c`.
    public let id: String
    public let started: Timestamp
    public let command: Command
    public let anchors: [Anchor]
    /// Lower-case hexadecimal SHA-256 of the public roots that were added with it; nil if none were.
    public let publicRoots: String?

    public init(id: String, started: Timestamp, command: Command, anchors: [Anchor], publicRoots: String? = nil) {
        self.id = id
        self.started = started
        self.command = command
        self.anchors = anchors
        self.publicRoots = publicRoots
    }
}

/// What one run did in one place.
public struct Record: Hashable, Sendable {
    public enum State: String, Hashable, Sendable {
        /// A commit that was cut off: it is rolled back when the place is next opened for changes.
        case pending
        case done
        /// Taken back by a later undo.
        case undone
    }

    /// One path that the run changed, before and after: enough to tell whether it is as either. What exactly was before
    /// is the place's to tell, see `Place.originals(of:)`.
    public struct Entry: Hashable, Sendable {
        public let path: RootPath
        public let before: NodeDigest
        public let after: NodeDigest

        public init(path: RootPath, before: NodeDigest, after: NodeDigest) {
            self.path = path
            self.before = before
            self.after = after
        }
    }

    public let run: Run
    public let place: String
    public let state: State
    public let entries: [Entry]

    public init(run: Run, place: String, state: State, entries: [Entry]) {
        self.run = run
        self.place = place
        self.state = state
        self.entries = entries
    }
}
