/// Why a term leads to no due time.
public enum TermFault: Error, Hashable, Sendable {
    /// The due time lies outside the years 1 to 9999.
    case dateRange
    /// Working time is counted, and no calendar is named.
    case noCalendar
    /// The calendar does not reach to this day.
    case beyondCalendar(CalendarDate)
}

extension Term {
    /// Whether it is counted in working time.
    public var needsCalendar: Bool { unit == .workingDay || unit == .workingHour }

    /// The instant at which the term ends.
    ///
    /// Minutes, hours, days and weeks are elapsed time. Months and years keep the day and the time of day, or take the
    /// month's last day where it has no such day; past a day they lead to a day, and to its end. The nth working day
    /// after the day of the start ends at midnight. Working hours run during shifts only.
    ///
    /// - Parameters:
    ///   - endsDay: Whether the start is the midnight at which a day ends: working days, months and years are then
    ///     counted from that day.
    ///   - offset: Seconds east of UTC of the clock by which days are told.
    ///   - calendar: What working time is counted by.
    public func due(
        from start: Instant, endsDay: Bool = false, offset: Int, calendar: WorkCalendar?
    ) throws(TermFault) -> Instant {
        switch unit {
        case .minute: return try Self.elapsed(start, count, 60)
        case .hour: return try Self.elapsed(start, count, 3600)
        case .day: return try Self.elapsed(start, count, 86_400)
        case .week: return try Self.elapsed(start, count, 604_800)
        case .month: return try Self.months(start, endsDay, count, offset)
        case .year:
            let (months, overflow) = count.multipliedReportingOverflow(by: 12)
            guard !overflow else { throw .dateRange }
            return try Self.months(start, endsDay, months, offset)
        case .workingDay:
            guard let calendar else { throw .noCalendar }
            return try Self.workingDays(start, endsDay, count, offset, calendar)
        case .workingHour:
            guard let calendar else { throw .noCalendar }
            return try Self.workingHours(start, count, offset, calendar)
        }
    }

    private static func elapsed(_ start: Instant, _ count: Int64, _ unit: Int64) throws(TermFault) -> Instant {
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, let due = try? start.adding(Duration(seconds: seconds)) else { throw .dateRange }
        return due
    }

    private static func months(
        _ start: Instant, _ endsDay: Bool, _ count: Int64, _ offset: Int
    ) throws(TermFault) -> Instant {
        guard endsDay else {
            guard let due = try? start.adding(months: count, offset: offset) else { throw .dateRange }
            return due
        }
        // A month past 30 April ends with 30 May: from the midnight that ends April it would be 1 June.
        guard let day = try? start.day(offset: offset).adding(days: -1), let last = try? day.adding(months: count)
        else { throw .dateRange }
        return try moment(last, 86_400, offset)
    }

    private static func moment(_ day: CalendarDate, _ second: Int, _ offset: Int) throws(TermFault) -> Instant {
        let local = Int64(day.dayNumber) * 86_400 + Int64(second)
        guard let instant = Instant(seconds: local - Int64(offset)) else { throw .dateRange }
        return instant
    }

    /// The day on which a term begins, which must be one of the calendar.
    private static func day(_ start: Instant, _ offset: Int) throws(TermFault) -> CalendarDate {
        guard let day = try? start.day(offset: offset) else { throw .dateRange }
        return day
    }

    private static func next(_ day: CalendarDate) throws(TermFault) -> CalendarDate {
        guard let next = try? day.adding(days: 1) else { throw .dateRange }
        return next
    }

    private static func isWorked(_ day: CalendarDate, _ calendar: WorkCalendar) throws(TermFault) -> Bool {
        guard let isWorked = calendar.isWorked(day) else { throw .beyondCalendar(day) }
        return isWorked
    }

    private static func workingDays(
        _ start: Instant, _ endsDay: Bool, _ count: Int64, _ offset: Int, _ calendar: WorkCalendar
    ) throws(TermFault) -> Instant {
        guard count > 0 else { return start }
        var day = try self.day(start, offset)
        if !endsDay { day = try next(day) }
        var left = count
        while true {
            if try isWorked(day, calendar) { left -= 1 }
            if left == 0 { return try moment(day, 86_400, offset) }
            day = try next(day)
        }
    }

    private static func workingHours(
        _ start: Instant, _ count: Int64, _ offset: Int, _ calendar: WorkCalendar
    ) throws(TermFault) -> Instant {
        var (left, overflow) = count.multipliedReportingOverflow(by: 3600)
        guard !overflow else { throw .dateRange }
        guard left > 0 else { return start }
        var day = try self.day(start, offset)
        var from = start.secondOfDay(offset: offset)
        while true {
            if try isWorked(day, calendar) {
                for shift in calendar.shifts where max(shift.from, from) < shift.to {
                    let begin = max(shift.from, from)
                    let length = Int64(shift.to - begin)
                    if left <= length { return try moment(day, begin + Int(left), offset) }
                    left -= length
                }
            }
            day = try next(day)
            from = 0
        }
    }
}
