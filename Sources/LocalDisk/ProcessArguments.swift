internal import CLinux

/// The arguments that the process was started with.
package enum ProcessArguments {
    /// Without the program's name. Works where /proc isn't mounted, as in a bare chroot.
    package static var current: [String] {
        let count = clinux_argument_count()
        guard count > 0 else { return Array(CommandLine.arguments.dropFirst()) }
        return (1..<max(count, 1)).compactMap { index in clinux_argument(index).map { String(cString: $0) } }
    }
}
