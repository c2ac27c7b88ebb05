import Glibc

/// Runs libFuzzer on the target that CAISSON_FUZZ_TARGET names; lists the targets where it names none.

/// libFuzzer's driver (compiler-rt, lib/fuzzer/FuzzerInterface.h), which the linker finds under -sanitize=fuzzer.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

private let wanted = getenv("CAISSON_FUZZ_TARGET").map { String(cString: $0) }

/// Global, because a C callback can't carry it.
private let target = FuzzTarget.all.first { $0.name == wanted }

if target == nil {
    for target in FuzzTarget.all { print(target.name) }
    exit(wanted == nil ? 0 : 64)
}

private var count = CommandLine.argc
private var arguments = CommandLine.unsafeArgv
exit(
    runFuzzer(&count, &arguments) { start, count in
        do {
            try target?.check(Array(UnsafeBufferPointer(start: start, count: count)))
        } catch {
            // libFuzzer keeps the input of a process that traps.
            fatalError("\(error)")
        }
        return 0
    })
