/// `calendar HospitalDays { days monday to friday  shifts 08:00 to 12:00 … }`.
public struct CalendarSyntax: Sendable {
    public let name: Name
    /// The days of the week that are worked, each a day or a range of days.
    public let days: [(from: Name, to: Name)]
    /// The shifts of a day of work, in seconds since midnight.
    public let shifts: [(from: Int, to: Int, span: Span)]
    public let periods: [CalendarPeriodSyntax]
    public init(
        name: Name, days: [(from: Name, to: Name)], shifts: [(from: Int, to: Int, span: Span)],
        periods: [CalendarPeriodSyntax]
    ) {
        self.name = name
        self.days = days
        self.shifts = shifts
        self.periods = periods
    }
}

/// `from 2026-01-01 until 2027-01-01 { closed 2026-01-01  open 2026-01-04 }`: days for which the calendar is known.
public struct CalendarPeriodSyntax: Sendable {
    public let period: PeriodSyntax
    /// Holidays, each a day or a range of days with both ends.
    public let closed: [(from: Expression, to: Expression)]
    /// Days of work that the week would leave free.
    public let open: [(from: Expression, to: Expression)]
    public init(
        period: PeriodSyntax, closed: [(from: Expression, to: Expression)], open: [(from: Expression, to: Expression)]
    ) {
        self.period = period
        self.closed = closed
        self.open = open
    }
}
