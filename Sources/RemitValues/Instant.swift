/// A point in time, in whole seconds since 1970-01-01 00:00:00 UTC, within the years 0001 to 9999.
public struct Instant: Hashable, Sendable, Comparable {
    /// Seconds since the epoch, signed.
    public let seconds: Int64

    /// The instant `seconds` after the epoch; nil outside the years 0001 to 9999 UTC.
    public init?(seconds: Int64) {
        guard seconds >= Int64(CalendarDate.earliest.dayNumber) * 86_400,
            seconds < (Int64(CalendarDate.latest.dayNumber) + 1) * 86_400
        else { return nil }
        self.seconds = seconds
    }

    /// The instant at which clocks at `offset` seconds east of UTC show this day and time.
    public init?(date: CalendarDate, hour: Int, minute: Int, second: Int = 0, offset: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        let local = Int64(date.dayNumber) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        self.init(seconds: local - Int64(offset))
    }

    /// The day that a calendar at `offset` seconds east of UTC shows.
    public func date(offset: Int) -> CalendarDate {
        let day = dayNumber(offset: offset)
        return CalendarDate(dayNumber: day) ?? (day < 0 ? .earliest : .latest)
    }

    /// The day that a calendar at `offset` seconds east of UTC shows; throws `dateRange` within hours of either end,
    /// where that day lies beyond the calendar.
    public func day(offset: Int) throws(ArithmeticFault) -> CalendarDate {
        guard let day = CalendarDate(dayNumber: dayNumber(offset: offset)) else { throw .dateRange }
        return day
    }

    private func dayNumber(offset: Int) -> Int64 {
        let local = seconds + Int64(offset)
        return local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    }

    /// The seconds since midnight that a clock at `offset` seconds east of UTC shows.
    public func secondOfDay(offset: Int) -> Int {
        let local = (seconds + Int64(offset)) % 86_400
        return Int(local < 0 ? local + 86_400 : local)
    }

    /// The instant `duration` later; throws `dateRange`.
    public func adding(_ duration: Duration) throws(ArithmeticFault) -> Instant {
        let (sum, overflow) = seconds.addingReportingOverflow(duration.seconds)
        guard !overflow, let later = Instant(seconds: sum) else { throw .dateRange }
        return later
    }

    public static func < (left: Instant, right: Instant) -> Bool { left.seconds < right.seconds }

    /// The instant as `2026-03-02 09:00:00` on a clock at `offset` seconds east of UTC.
    public func text(offset: Int) -> String {
        let second = secondOfDay(offset: offset)
        let clock = [second / 3600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(date(offset: offset)) \(clock)"
    }

    /// The instant as `2026-03-02 09:00:00 +08:00`, with the offset of the clock that shows it.
    public func zonedText(offset: Int) -> String {
        let minutes = offset.magnitude / 60
        let sign = offset < 0 ? "-" : "+"
        return "\(text(offset: offset)) \(sign)\(padded(Int(minutes / 60), 2)):\(padded(Int(minutes % 60), 2))"
    }

    /// The instant in UTC as `2026-03-02T01:00:00Z`.
    public var utcText: String {
        text(offset: 0).split(separator: " ").joined(separator: "T") + "Z"
    }
}
