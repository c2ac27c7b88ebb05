import Journal
import RootFS
import Testing

@Suite("A run's ID")
struct RunIDTests {
    @Test(
        "is the time in UTC and six hexadecimal digits",
        arguments: [
            (1_795_557_336, 0, "20261124T215536Z-000abc"), (0, 0, "19700101T000000Z-000abc"),
            (951_782_399, 999_999_999, "20000228T235959Z-fffabc"), (951_782_400, 0, "20000229T000000Z-000abc"),
            (1_709_251_199, 500_000_000, "20240229T235959Z-800abc"), (4_107_542_400, 0, "21000301T000000Z-000abc"),
            (-1, 0, "19691231T235959Z-000abc"),
        ] as [(Int64, UInt32, String)])
    func form(seconds: Int64, nanoseconds: UInt32, id: String) {
        #expect(RunID.make(now: Timestamp(seconds: seconds, nanoseconds: nanoseconds), random: 0xffabc) == id)
    }

    @Test("sorts by time within a second too")
    func order() {
        let early = RunID.make(now: Timestamp(seconds: 0, nanoseconds: 1_000_000), random: 4095)
        let late = RunID.make(now: Timestamp(seconds: 0, nanoseconds: 2_000_000), random: 0)
        #expect(early < late)
    }

    @Test("never traps, whatever the clock says", arguments: [Int64.min, Int64.max])
    func extremes(seconds: Int64) {
        _ = RunID.make(now: Timestamp(seconds: seconds, nanoseconds: .max), random: .max)
    }
}
