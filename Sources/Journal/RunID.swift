public import RootFS

/// The ID of a run: `20261124T215536Z-3f9a1c`, the time in UTC and six hexadecimal digits.
///
/// The first three digits are the 4096th part of the second, so that IDs sort by time; the other three tell apart what
/// two machines begin at the same moment.
public enum RunID {
    /// The ID of a run that begins now; of `random` only 12 bits are used.
    ///
    /// `now` is taken to be in the years 1 to 9999.
    public static func make(now: Timestamp, random: UInt64) -> String {
        let (days, second) = now.seconds.quotientAndFloorRemainder(dividingBy: 86400)
        let (year, month, day) = civilDate(daysSinceEpoch: days)
        let date = padded(year, to: 4) + padded(month, to: 2) + padded(day, to: 2)
        let time = padded(second / 3600, to: 2) + padded(second / 60 % 60, to: 2) + padded(second % 60, to: 2)
        let fraction = Int64(min(now.nanoseconds, 999_999_999)) * 4096 / 1_000_000_000
        let digits = padded(fraction, to: 3, radix: 16) + padded(Int64(random % 4096), to: 3, radix: 16)
        return "\(date)T\(time)Z-\(digits)"
    }

    /// Whether `text` can be an ID: it stands in file names, so it is short and plain.
    static func isValid(_ text: some Collection<UInt8>) -> Bool {
        (1...64).contains(text.count)
            && text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// The proleptic Gregorian date, by counting in eras of 400 years that begin on 1 March.
    private static func civilDate(daysSinceEpoch days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // From 0000-03-01 to 1970-01-01 there are 719468 days; an era has 146097.
        let (era, dayOfEra) = (days &+ 719_468).quotientAndFloorRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func padded(_ number: Int64, to width: Int, radix: Int = 10) -> String {
        let digits = String(number, radix: radix)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension Int64 {
    fileprivate func quotientAndFloorRemainder(dividingBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
