import RemitValues
import Testing

/// The calendar against a walk through all its days.
@Suite struct DateTests {
    /// Days of the months of a year, as a wall calendar shows them.
    private func months(_ year: Int) -> [Int] {
        let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    }

    @Test func everyDayFollowsTheOneBefore() throws {
        var number = CalendarDate.earliest.dayNumber
        var mistakes = 0
        for year in 1...9999 {
            for (index, length) in months(year).enumerated() {
                // Day by day in some years; in the others the days on which months meet.
                let days =
                    year % 100 == 0 || year % 16 == 0 || (1890...2110).contains(year) ? Array(1...length) : [1, length]
                for day in days {
                    let date = CalendarDate(year: year, month: index + 1, day: day)
                    let wanted = number + Int32(day - 1)
                    let parts = date.map(\.components)
                    let isRight =
                        date?.dayNumber == wanted
                        && parts.map { [$0.year, $0.month, $0.day] } == [year, index + 1, day]
                    if !isRight { mistakes += 1 }
                }
                if CalendarDate(year: year, month: index + 1, day: length + 1) != nil { mistakes += 1 }
                number += Int32(length)
            }
        }
        #expect(mistakes == 0)
        #expect(number - 1 == CalendarDate.latest.dayNumber)
    }

    @Test func theEpochIsDayZero() throws {
        #expect(try #require(CalendarDate(year: 1970, month: 1, day: 1)).dayNumber == 0)
        #expect(CalendarDate.earliest.description == "0001-01-01")
        #expect(CalendarDate.latest.description == "9999-12-31")
    }

    @Test(arguments: [
        (1900, false), (2000, true), (2023, false), (2024, true), (2100, false), (2400, true), (4, true), (1, false),
    ]) func leapYears(year: Int, isLeap: Bool) {
        #expect(CalendarDate.isLeap(year: year) == isLeap)
        #expect((CalendarDate(year: year, month: 2, day: 29) != nil) == isLeap)
        #expect(CalendarDate.daysIn(month: 2, year: year) == (isLeap ? 29 : 28))
    }

    @Test(arguments: [
        (0, 1, 1), (10_000, 1, 1), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (2026, 4, 31), (2026, 2, 29),
    ])
    func thereIsNoSuchDay(year: Int, month: Int, day: Int) {
        #expect(CalendarDate(year: year, month: month, day: day) == nil)
    }

    @Test(arguments: [
        "2026-3-02", "2026-03-2", "26-03-02", "2026/03/02", "2026-02-29", "0000-01-01", "2026-03-02 ", "", "+026-03-02",
        "2026-03-0a", "２026-03-02", "2026-13-01",
    ]) func otherTextsAreNoDates(text: String) {
        #expect(CalendarDate.parse(text) == nil)
    }

    @Test func datesMoveWithinTheCalendar() throws {
        let day = try #require(CalendarDate.parse("2024-02-28"))
        #expect(try day.adding(days: 2).description == "2024-03-01")
        #expect(try day.adding(days: -59).description == "2023-12-31")
        #expect(throws: ArithmeticFault.dateRange) { try CalendarDate.latest.adding(days: 1) }
        #expect(throws: ArithmeticFault.dateRange) { try CalendarDate.earliest.adding(days: -1) }
        #expect(throws: ArithmeticFault.dateRange) { try day.adding(days: .max) }
        #expect(throws: ArithmeticFault.dateRange) { try day.adding(days: .min) }
        #expect(CalendarDate(dayNumber: .max) == nil && CalendarDate(dayNumber: .min) == nil)
    }

    @Test(arguments: [
        ("2000-02-29", "2001-02-28", 0), ("2000-02-29", "2001-03-01", 1), ("2000-02-29", "2004-02-29", 4),
        ("1980-06-15", "2026-06-14", 45), ("1980-06-15", "2026-06-15", 46), ("2026-01-01", "2026-12-31", 0),
        ("2026-06-15", "2026-06-14", -1),
    ]) func agesAreCounted(born: String, day: String, years: Int) throws {
        let start = try #require(CalendarDate.parse(born))
        #expect(try #require(CalendarDate.parse(day)).wholeYears(since: start) == years)
    }

    // MARK: Instants and lengths of time

    @Test func instantsShowTheLocalDay() throws {
        let date = try #require(CalendarDate.parse("2026-03-02"))
        let east = 8 * 3600
        let morning = try #require(Instant(date: date, hour: 7, minute: 30, offset: east))
        #expect(morning.utcText == "2026-03-01T23:30:00Z")
        #expect(morning.text(offset: east) == "2026-03-02 07:30:00")
        #expect(morning.date(offset: east) == date && morning.date(offset: 0).description == "2026-03-01")
        let before = try #require(Instant(seconds: -1))
        #expect(before.utcText == "1969-12-31T23:59:59Z" && before.secondOfDay(offset: 0) == 86_399)
        #expect(Instant(date: date, hour: 24, minute: 0, offset: 0) == nil)
        #expect(Instant(date: date, hour: 0, minute: 60, offset: 0) == nil)
    }

    @Test func instantsStayWithinTheCalendar() throws {
        #expect(Instant(seconds: .max) == nil && Instant(seconds: .min) == nil)
        let last = try #require(Instant(date: .latest, hour: 23, minute: 59, second: 59, offset: 0))
        #expect(throws: ArithmeticFault.dateRange) { try last.adding(Duration(seconds: 1)) }
        #expect(throws: ArithmeticFault.dateRange) { try last.adding(Duration(seconds: .max)) }
        #expect(try last.adding(Duration(seconds: -86_400)).date(offset: 0).description == "9999-12-30")
        // A clock east of UTC has no day after the last one to show.
        #expect(last.date(offset: 3600) == .latest)
    }

    @Test(arguments: [
        (0, "0 seconds"), (1, "1 second"), (-1, "-1 second"), (90, "90 seconds"), (60, "1 minute"), (3600, "1 hour"),
        (129_600, "36 hours"), (86_400, "1 day"), (-172_800, "-2 days"), (259_200, "3 days"),
    ]) func durationsReadInTheirLargestUnit(seconds: Int64, text: String) {
        #expect(Duration(seconds: seconds).description == text)
    }

    @Test func termsAreNotNegative() throws {
        #expect(Term(count: -1, unit: .day) == nil)
        #expect(try #require(Term(count: 2, unit: .workingDay)).description == "2 working days")
    }

    /// A month or year past a day leads to a day, and to its end, whatever the day and the time zone.
    @Test func monthsPastADayEndWithADay() throws {
        for offset in [0, 28_800, -12_600] {
            for number in stride(from: 0, to: 1500, by: 1) {
                let day = try CalendarDate.earliest.adding(days: 737_000 + Int64(number))
                let midnight = Instant(date: try day.adding(days: 1), hour: 0, minute: 0, offset: offset)
                for count: Int64 in [0, 1, 2, 11, 12, 13] {
                    let (year, month, last) = day.components
                    let total = year * 12 + month - 1 + Int(count)
                    let length = months(total / 12)[total % 12]
                    let wanted = try #require(
                        CalendarDate(year: total / 12, month: total % 12 + 1, day: min(last, length)))
                    let end = Instant(date: try wanted.adding(days: 1), hour: 0, minute: 0, offset: offset)
                    let term = try #require(Term(count: count, unit: .month))
                    let due = try term.due(from: try #require(midnight), endsDay: true, offset: offset, calendar: nil)
                    #expect(due == end, "\(count) months past \(day)")
                    guard count == 12 else { continue }
                    let aYear = try #require(Term(count: 1, unit: .year))
                    #expect(
                        try aYear.due(from: try #require(midnight), endsDay: true, offset: offset, calendar: nil) == end
                    )
                }
            }
        }
    }
}
