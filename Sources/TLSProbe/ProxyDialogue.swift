/// What is said to a proxy until it passes bytes on: a pure state machine that is handed what was received.
protocol ProxyDialogue: Sendable {
    /// What the client says first.
    mutating func opening() -> [UInt8]

    /// What follows from `bytes`, which come after all that was handed in before.
    mutating func receive(_ bytes: [UInt8]) throws(ProbeFailure) -> ProxyDialogueStep
}

enum ProxyDialogueStep: Hashable {
    /// More must be received first.
    case wait
    case send([UInt8])
    /// The way is open; these bytes already come from the far end.
    case open(rest: [UInt8])
}
