/// How much of a root is looked at before it is refused: a hostile one must not fill the memory.
package struct Limits: Sendable {
    /// Entries listed in one call.
    package var entries = 1_000_000
    /// Entries of one directory: OpenSSL looks for 200,000 certificates under two links each.
    package var entriesPerDirectory = 500_000
    /// Bytes of one file.
    package var fileSize = 512 * 1024 * 1024
    /// Bytes read in one call.
    package var totalSize = 2 * 1024 * 1024 * 1024

    package init() {}
}
