import Caisson

/// What the process tells its caller; the numbers are those of sysexits.h.
enum ExitStatus: Int32 {
    /// Done, or nothing was to do.
    case success = 0
    /// A check found something: drift, a certificate that isn't trusted.
    case negative = 1
    case usage = 64
    /// A certificate or an image that isn't what it must be.
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case cannotCreate = 73
    case inputOutput = 74
    case locked = 75
    case permission = 77

    init(_ kind: CaissonError.Kind) {
        self =
            switch kind {
            case .usage: .usage
            case .badCertificate, .badImage: .badData
            case .noInput: .noInput
            case .unavailable: .unavailable
            case .cannotCreate: .cannotCreate
            case .inputOutput: .inputOutput
            case .locked: .locked
            case .permission: .permission
            }
    }
}
