extension String {
    /// The text with blanks up to `width` characters, for a column; a longer one stays as it is.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}
