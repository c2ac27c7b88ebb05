import Foundation
import MadeCertificates
import Testing

@testable import TrustAnchors

@Suite("The calendar")
struct CalendarTimeTests {
    @Test("is Foundation's, from the year 1 to 9999")
    func agreement() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        var generator = SplitMix(state: 1970)
        // Foundation's calendar is Julian before 1582.
        for _ in 0..<2000 {
            let seconds = Int64.random(in: -12_219_292_800...253_402_300_799, using: &generator)
            let date = Date(timeIntervalSince1970: TimeInterval(seconds))
            let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
            let time = CalendarTime(secondsSince1970: seconds)
            #expect(time.year == parts.year && time.month == parts.month && time.day == parts.day)
            #expect(time.hour == parts.hour && time.minute == parts.minute && time.second == parts.second)
            #expect(time.secondsSince1970 == seconds)
        }
    }

    @Test("is written as RFC 3339 has it")
    func text() {
        #expect(CalendarTime(secondsSince1970: 0).description == "1970-01-01T00:00:00Z")
        #expect(CalendarTime(secondsSince1970: -1).description == "1969-12-31T23:59:59Z")
        #expect(CalendarTime(secondsSince1970: 951_782_400).date == "2000-02-29")
    }

    @Test("knows no end of time", arguments: [Int64.min, Int64.max])
    func extremes(seconds: Int64) { #expect(!CalendarTime(secondsSince1970: seconds).description.isEmpty) }

    @Test("reads UTCTime from 1950 to 2049")
    func utcTime() {
        #expect(time("500101000000Z", 2) == "1950-01-01T00:00:00Z")
        #expect(time("491231235959Z", 2) == "2049-12-31T23:59:59Z")
    }

    @Test("reads GeneralizedTime, the end of time included")
    func generalizedTime() {
        #expect(time("99991231235959Z", 4) == "9999-12-31T23:59:59Z")
        #expect(time("20240229120000Z", 4) == "2024-02-29T12:00:00Z")
    }

    @Test(
        "knows no other form of time",
        arguments: [
            "2401010000Z", "240101000000", "240101000000+0000", "241301000000Z", "240001000000Z", "240230000000Z",
            "230229000000Z", "240101240000Z", "240101006000Z", "240101000060Z", "24010100000xZ", "240101000000.5Z", "Z",
            "",
        ])
    func malformed(text: String) { #expect(time(text, 2) == nil) }

    private func time(_ text: String, _ yearDigits: Int) -> String? {
        CalendarTime(Array(text.utf8)[...], yearDigits: yearDigits)?.description
    }
}
