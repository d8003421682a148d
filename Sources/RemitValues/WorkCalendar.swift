/// Which days are worked and when: what working days and working hours are counted by.
public struct WorkCalendar: Hashable, Sendable {
    /// A time of work within a day, in seconds since midnight; the end, 24:00 at the latest, is not part of it.
    public struct Shift: Hashable, Sendable {
        public let from: Int
        public let to: Int

        /// A shift; nil where it does not lie within one day or ends before it begins.
        public init?(from: Int, to: Int) {
            guard from >= 0, from < to, to <= 86_400 else { return nil }
            self.from = from
            self.to = to
        }
    }

    /// Days for which the calendar is known, with those that differ from the week.
    public struct Period: Hashable, Sendable {
        /// The first day.
        public let from: CalendarDate
        /// The first day that is no longer known.
        public let until: CalendarDate
        /// Holidays, sorted.
        public let closed: [CalendarDate]
        /// Days of work that the week would leave free, sorted.
        public let open: [CalendarDate]

        public init(from: CalendarDate, until: CalendarDate, closed: [CalendarDate], open: [CalendarDate]) {
            self.from = from
            self.until = until
            self.closed = closed.sorted()
            self.open = open.sorted()
        }

        /// The days of the period from one day until another; nil where there are none.
        func clipped(_ first: CalendarDate, _ end: CalendarDate) -> Period? {
            guard first < end else { return nil }
            func isKept(_ day: CalendarDate) -> Bool { first <= day && day < end }
            return Period(from: first, until: end, closed: closed.filter(isKept), open: open.filter(isKept))
        }
    }

    /// The name by which contracts know it.
    public let name: String
    /// Whether Monday to Sunday are worked, seven entries.
    public let week: [Bool]
    /// The shifts of a day of work, in order, not overlapping.
    public let shifts: [Shift]
    /// What is known, in order, not overlapping.
    public let periods: [Period]

    public init(name: String, week: [Bool], shifts: [Shift], periods: [Period]) {
        self.name = name
        self.week = week
        self.shifts = shifts
        self.periods = periods
    }

    /// Whether a day is worked; nil where the calendar does not reach.
    public func isWorked(_ day: CalendarDate) -> Bool? {
        guard let period = periods.first(where: { $0.from <= day && day < $0.until }) else { return nil }
        if Self.holds(period.closed, day) { return false }
        if Self.holds(period.open, day) { return true }
        return week.indices.contains(day.weekday) && week[day.weekday]
    }

    /// The calendar with periods that were added to it later; of a day that it knows itself they say nothing.
    public func adding(_ later: [Period]) -> WorkCalendar {
        var pieces = later
        for own in periods {
            pieces = pieces.flatMap { piece -> [Period] in
                guard piece.from < own.until, own.from < piece.until else { return [piece] }
                return [piece.clipped(piece.from, own.from), piece.clipped(own.until, piece.until)].compactMap { $0 }
            }
        }
        return WorkCalendar(
            name: name, week: week, shifts: shifts, periods: (periods + pieces).sorted { $0.from < $1.from })
    }

    /// The time of day so many seconds after midnight, as `08:00`; `24:00` is the midnight at the end of the day.
    public static func clock(_ seconds: Int) -> String {
        "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2))"
    }

    private static func holds(_ days: [CalendarDate], _ day: CalendarDate) -> Bool {
        var low = 0
        var high = days.count
        while low < high {
            let middle = (low + high) / 2
            if days[middle] < day { low = middle + 1 } else { high = middle }
        }
        return low < days.count && days[low] == day
    }
}

extension CalendarDate {
    /// The day of the week, from 0 for Monday to 6 for Sunday.
    public var weekday: Int {
        // 1970-01-01 was a Thursday.
        let shifted = (Int(dayNumber) + 3) % 7
        return shifted < 0 ? shifted + 7 : shifted
    }

    /// The day a number of months later; where that month has no such day, its last day, or the first of the next.
    public func adding(months: Int64, roundedUp: Bool = false) throws(ArithmeticFault) -> CalendarDate {
        let (year, month, day) = components
        let (total, overflow) = (Int64(year) * 12 + Int64(month - 1)).addingReportingOverflow(months)
        guard !overflow, total >= 12, let newYear = Int(exactly: total / 12) else { throw .dateRange }
        let newMonth = Int(total % 12) + 1
        guard newYear <= 9999 else { throw .dateRange }
        let last = Self.daysIn(month: newMonth, year: newYear)
        guard let date = CalendarDate(year: newYear, month: newMonth, day: min(day, last)) else { throw .dateRange }
        return roundedUp && day > last ? try date.adding(days: 1) : date
    }
}

extension Instant {
    /// The same time of day a number of months later, on a clock at `offset` seconds east of UTC; where that month has
    /// no such day, on its last day, or on the first of the next.
    public func adding(
        months: Int64, roundedUp: Bool = false, offset: Int
    ) throws(ArithmeticFault) -> Instant {
        let day = try day(offset: offset).adding(months: months, roundedUp: roundedUp)
        let local = Int64(day.dayNumber) * 86_400 + Int64(secondOfDay(offset: offset))
        guard let instant = Instant(seconds: local - Int64(offset)) else { throw .dateRange }
        return instant
    }
}
