import RemitValues
import Testing

/// Working hours against a walk through all minutes.
@Suite struct WorkingTimeTests {
    /// Days and shifts as plain lists, by which each minute is judged for itself.
    private struct Office {
        var week: [Bool] = []
        /// Seconds since midnight.
        var shifts: [(from: Int, to: Int)] = []
        var closed: Set<Int32> = []
        var open: Set<Int32> = []
        let first: CalendarDate
        let monday: Int32

        /// Days of the year 2026; shifts often touch each other, or midnight.
        init(_ random: inout SplitMix64) throws {
            first = try #require(CalendarDate.parse("2026-01-01"))
            monday = try #require(CalendarDate.parse("2026-03-02")).dayNumber
            for _ in 0..<7 { week.append(random.below(4) > 0) }
            week[random.below(7)] = true
            var minute = random.below(2) == 0 ? 0 : random.below(600)
            while minute < 1440, shifts.count < 4 {
                let end = random.below(3) == 0 ? 1440 : min(1440, minute + 1 + random.below(400))
                shifts.append((minute * 60, end * 60))
                minute = end + (random.below(3) == 0 ? 0 : 1 + random.below(500))
            }
            for _ in 0..<40 { closed.insert(first.dayNumber + Int32(random.below(365))) }
            for _ in 0..<20 { open.insert(first.dayNumber + Int32(random.below(365))) }
            open.subtract(closed)
        }

        func calendar() throws -> WorkCalendar {
            func days(_ numbers: Set<Int32>) -> [CalendarDate] {
                numbers.compactMap { CalendarDate(dayNumber: Int64($0)) }
            }
            let shifts = try shifts.map { try #require(WorkCalendar.Shift(from: $0.from, to: $0.to)) }
            let until = try first.adding(days: 365)
            return WorkCalendar(
                name: "Office", week: week, shifts: shifts,
                periods: [.init(from: first, until: until, closed: days(closed), open: days(open))])
        }

        private func isWorked(_ second: Int64) -> Bool {
            let day = second / 86_400
            let number = Int32(day)
            if closed.contains(number) { return false }
            let weekday = Int((number - monday) % 7 + 7) % 7
            guard open.contains(number) || week[weekday] else { return false }
            let time = Int(second - day * 86_400)
            return shifts.contains { $0.from <= time && time < $0.to }
        }

        /// Counts minute after minute; nil where the year is over before.
        func end(of minutes: Int, from start: Int64, offset: Int64) -> Int64? {
            var left = minutes
            var second = start + offset
            let last = Int64(first.dayNumber + 365) * 86_400
            while left > 0 {
                guard second < last else { return nil }
                if isWorked(second) { left -= 1 }
                second += 60
            }
            return second - offset
        }
    }

    @Test(arguments: 1...60) func hoursAreThoseOfAWalkThroughAllMinutes(_ seed: Int) throws {
        var random = SplitMix64(state: UInt64(seed))
        let office = try Office(&random)
        let calendar = try office.calendar()
        for _ in 0..<4 {
            let offset = [0, 28_800, -12_600][random.below(3)]
            let day = Int64(office.first.dayNumber) + 1 + Int64(random.below(330))
            let minute = random.below(3) == 0 ? 0 : random.below(1440)
            let start = day * 86_400 + Int64(minute * 60 - offset)
            let hours = 1 + random.below(60)
            let wanted = office.end(of: hours * 60, from: start, offset: Int64(offset))
            let term = try #require(Term(count: Int64(hours), unit: .workingHour))
            let instant = try #require(Instant(seconds: start))
            let due = try? term.due(from: instant, offset: offset, calendar: calendar)
            #expect(due?.seconds == wanted, "\(hours) hours from \(instant) in \(office.shifts)")
            // Days that are added later are worked as those that were known.
            let added = try parted(calendar, at: random.below(363) + 1)
            #expect((try? term.due(from: instant, offset: offset, calendar: added)) == due)
        }
    }

    /// The calendar with only the first days of its period, to which the others are added.
    private func parted(_ calendar: WorkCalendar, at day: Int) throws -> WorkCalendar {
        let whole = try #require(calendar.periods.first)
        let middle = try whole.from.adding(days: Int64(day))
        func part(_ from: CalendarDate, _ until: CalendarDate) -> WorkCalendar.Period {
            func isKept(_ day: CalendarDate) -> Bool { from <= day && day < until }
            return .init(
                from: from, until: until, closed: whole.closed.filter(isKept), open: whole.open.filter(isKept))
        }
        let first = WorkCalendar(
            name: calendar.name, week: calendar.week, shifts: calendar.shifts, periods: [part(whole.from, middle)])
        return first.adding([part(middle, whole.until)])
    }

    /// Where day and night are worked, working hours are hours.
    @Test func daysThatTouchAtMidnightLeaveNoGap() throws {
        let first = try #require(CalendarDate.parse("2026-01-01"))
        let shift = try #require(WorkCalendar.Shift(from: 0, to: 86_400))
        let period = WorkCalendar.Period(from: first, until: try first.adding(days: 365), closed: [], open: [])
        let calendar = WorkCalendar(
            name: "Ward", week: [Bool](repeating: true, count: 7), shifts: [shift], periods: [period])
        let start = try #require(Instant(date: first, hour: 15, minute: 30, offset: 28_800))
        for hours: Int64 in [1, 8, 9, 24, 100, 3000] {
            let worked = try #require(Term(count: hours, unit: .workingHour))
            let elapsed = try #require(Term(count: hours, unit: .hour))
            #expect(
                try worked.due(from: start, offset: 28_800, calendar: calendar)
                    == elapsed.due(from: start, offset: 28_800, calendar: nil))
        }
    }

    @Test func aShiftLiesWithinOneDay() {
        #expect(WorkCalendar.Shift(from: 72_000, to: 86_400) != nil)
        for (from, to) in [(72_000, 0), (79_200, 21_600), (0, 86_460), (86_400, 86_400), (-60, 60)] {
            #expect(WorkCalendar.Shift(from: from, to: to) == nil, "\(from) to \(to)")
        }
        #expect([0, 28_800, 86_400].map(WorkCalendar.clock) == ["00:00", "08:00", "24:00"])
    }
}
