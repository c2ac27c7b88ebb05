package import Caisson
internal import RootFS
package import SystemPackage

extension CaissonError {
    /// What a failed system call means for the user; `what` says what was tried, such as `cannot read /etc/fstab`.
    package init(_ error: Errno, _ subject: String, _ what: String) {
        let text = error.description
        let lowered = text.prefix(1).lowercased() + text.dropFirst()
        let (kind, hint): (Kind, String?) =
            switch error {
            case .permissionDenied: (.permission, "run it as the owner of these files, or as root")
            case .notPermitted:
                (.permission, "run it as root; if that is so, see whether lsattr shows it immutable or append-only")
            case .readOnlyFileSystem: (.cannotCreate, "mount it writable first")
            case .improperLink:
                (.unavailable, "it lies on another mount, which isn't entered; see --through-mounts")
            case .noSpace, .diskQuotaExceeded: (.cannotCreate, "make room and try again")
            case .fileTooLarge: (.inputOutput, "see the table of limits in the documentation")
            case .tooManySymbolicLinkLevels, .notDirectory:
                (.inputOutput, "it changed while it was looked at; try again")
            default: (.inputOutput, nil)
            }
        self.init(kind, subject, "\(what): \(lowered)", hint: hint)
    }
}
