/// A parser of bytes that nobody vouches for, with what must hold whatever the bytes are.
///
/// That it ends, and doesn't trap, goes without saying: libFuzzer sees to that.
struct FuzzTarget: Sendable {
    /// What `make fuzz` and the directory of its cases call it.
    let name: String
    /// Takes one input; throws a `Violation` where something doesn't hold.
    let check: @Sendable (_ input: [UInt8]) throws -> Void

    static let all: [FuzzTarget] = [
        FuzzTarget(name: "certificate", check: CertificateFuzzing.check),
        FuzzTarget(name: "certificate-file", check: CertificateFileFuzzing.check),
        FuzzTarget(name: "certificates-conf", check: CertificatesConfFuzzing.check),
        FuzzTarget(name: "chain", check: ChainFuzzing.check),
        FuzzTarget(name: "hash-directory", check: HashDirectoryFuzzing.check),
        FuzzTarget(name: "java-key-store", check: JavaKeyStoreFuzzing.check),
        FuzzTarget(name: "journal", check: JournalFuzzing.check),
        FuzzTarget(name: "names", check: NameFuzzing.check),
        FuzzTarget(name: "os-release", check: OSReleaseFuzzing.check),
        FuzzTarget(name: "p11-kit", check: P11KitFuzzing.check),
        FuzzTarget(name: "pem", check: PEMFuzzing.check),
        FuzzTarget(name: "pkcs7", check: PKCS7Fuzzing.check),
        FuzzTarget(name: "plan", check: PlanFuzzing.check),
    ]
}

/// Something that should hold and doesn't.
struct Violation: Error, CustomStringConvertible {
    let description: String
}

/// Throws unless `condition` holds, which `rule` says in words.
func require(_ condition: Bool, _ rule: @autoclosure () -> String) throws(Violation) {
    if !condition { throw Violation(description: rule()) }
}
