import RemitValues

/// Calendars, and terms that need one.
extension Checker {
    private static let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// Resolves the calendars that are declared, and the one that the head names.
    mutating func resolveCalendars() {
        var calendars: [TextValue: WorkCalendar] = [:]
        for declaration in declarations {
            guard case .calendar(let calendar) = declaration.kind else { continue }
            let resolved = resolveCalendar(calendar)
            // One that the contract does not see is checked all the same.
            if symbols[calendar.name.bytes]?.name.span == calendar.name.span {
                calendars[calendar.name.bytes] = resolved
            }
        }
        for item in syntax.header {
            guard case .calendar(let name) = item else { continue }
            if let first = calendarName {
                report(
                    .duplicateName, "the head names two calendars", at: name.span, "again here",
                    labels: [Label(first.span, "first here")], help: "keep the one that working time follows")
                continue
            }
            calendarName = name
            used.insert(name.bytes)
            if let found = calendars[name.bytes] {
                program.calendar = found
            } else {
                report(
                    .unknownName, "there is no calendar `\(name.text)`", at: name.span, "not known",
                    help: suggestion(name.text, among: program.calendar.map { [$0.name] } ?? [])
                        ?? "declare it: `calendar \(name.text) { days … shifts … from … until … { … } }`")
            }
        }
    }

    private mutating func resolveCalendar(_ calendar: CalendarSyntax) -> WorkCalendar {
        var week = [Bool](repeating: false, count: 7)
        for range in calendar.days {
            guard let from = weekday(range.from), let to = weekday(range.to) else { continue }
            if from > to {
                report(
                    .calendarShape, "`\(range.from.text) to \(range.to.text)` runs backwards", at: range.from.span,
                    help: "write two ranges, as `saturday to sunday, monday to tuesday`")
                continue
            }
            for day in from...to { week[day] = true }
        }
        if calendar.days.isEmpty {
            report(
                .calendarShape, "`\(calendar.name.text)` does not say which days are worked", at: calendar.name.span,
                help: "write `days monday to friday`")
        }
        return WorkCalendar(
            name: calendar.name.text, week: week, shifts: resolveShifts(calendar), periods: resolvePeriods(calendar))
    }

    private mutating func resolveShifts(_ calendar: CalendarSyntax) -> [WorkCalendar.Shift] {
        var shifts: [WorkCalendar.Shift] = []
        for shift in calendar.shifts {
            guard let checked = WorkCalendar.Shift(from: shift.from, to: shift.to) else {
                reportShape(from: shift.from, to: shift.to, shift.span)
                continue
            }
            if let before = shifts.last, checked.from < before.to {
                report(
                    .calendarShape, "this shift begins before the one ahead of it ends", at: shift.span,
                    help: "write shifts in order, such as `08:00 to 12:00, 14:00 to 18:00`")
                continue
            }
            shifts.append(checked)
        }
        return shifts
    }

    /// A shift that does not lie within one day, whose end is not behind its beginning.
    private mutating func reportShape(from: Int, to: Int, _ span: Span) {
        let (begin, midnight) = (WorkCalendar.clock(from), WorkCalendar.clock(86_400))
        if to == 0 {
            report(
                .calendarShape, "this shift ends before it begins: `00:00` is the midnight at which a day begins",
                at: span, help: "write `\(begin) to \(midnight)` for one that lasts until the end of the day")
        } else if from == to {
            report(
                .calendarShape, "this shift ends when it begins", at: span,
                help: "write a later end; the whole day is `00:00 to \(midnight)`")
        } else {
            report(
                .calendarShape, "this shift runs over midnight, and a day of work ends at midnight", at: span,
                help: "write two shifts, in order of the day: `00:00 to \(WorkCalendar.clock(to))` and "
                    + "`\(begin) to \(midnight)`")
        }
    }

    private mutating func weekday(_ name: Name) -> Int? {
        if let index = Self.week.firstIndex(where: { TextValue($0) == name.bytes }) { return index }
        report(
            .unknownName, "`\(name.text)` is no day of the week", at: name.span, "not known",
            help: suggestion(name.text, among: Self.week) ?? "write `monday` to `sunday`")
        return nil
    }

    private mutating func resolvePeriods(_ calendar: CalendarSyntax) -> [WorkCalendar.Period] {
        var periods: [WorkCalendar.Period] = []
        for syntax in calendar.periods {
            let from = syntax.period.from.flatMap { calendarDay($0) }
            let until = syntax.period.until.flatMap { calendarDay($0) }
            guard let from, let until, from < until,
                Int(until.dayNumber) - Int(from.dayNumber) <= Limits.calendarDays,
                periods.last.map({ $0.until <= from }) ?? true
            else {
                report(
                    .calendarShape, "a period of a calendar has a first day and an end, and follows the one before it",
                    at: syntax.period.span, help: "write `from 2026-01-01 until 2027-01-01`; `until` is not part of it")
                continue
            }
            let closed = calendarDays(syntax.closed, from, until)
            let open = calendarDays(syntax.open, from, until)
            if let both = closed.first(where: { open.contains($0) }) {
                report(
                    .calendarShape, "\(both) is both closed and open", at: syntax.period.span,
                    help: "leave it out of one of the two")
            }
            periods.append(WorkCalendar.Period(from: from, until: until, closed: closed, open: open))
        }
        if periods.isEmpty {
            report(
                .calendarShape, "`\(calendar.name.text)` holds for no day", at: calendar.name.span,
                help: "write `from 2026-01-01 until 2027-01-01 { closed … }`")
        }
        return periods
    }

    private mutating func calendarDay(_ expression: Expression) -> CalendarDate? {
        scope = .constant
        let want = Expectation(.date, because: "a calendar is made of days")
        guard case .date(let date) = constant(expression, want, "a day of a calendar") else { return nil }
        return date
    }

    private mutating func calendarDays(
        _ ranges: [(from: Expression, to: Expression)], _ first: CalendarDate, _ end: CalendarDate
    ) -> [CalendarDate] {
        var days: [CalendarDate] = []
        for range in ranges {
            guard let from = calendarDay(range.from), let to = calendarDay(range.to) else { continue }
            guard first <= from, from <= to, to < end else {
                report(
                    .calendarShape, "these days do not lie within the period, or run backwards",
                    at: range.from.span.joined(range.to.span), help: "the period runs from \(first) until \(end)")
                continue
            }
            for number in from.dayNumber...to.dayNumber {
                if let day = CalendarDate(dayNumber: Int64(number)), !days.contains(day) { days.append(day) }
            }
        }
        return days
    }

    /// A written term: elapsed time as a Duration, or any unit as a Term where one is wanted.
    mutating func termLiteral(_ count: String, _ unit: String, hint: ValueType?, _ span: Span) -> CheckedExpression {
        guard let kind = Term.Unit(rawValue: unit) else { return durationLiteral(count, unit, span) }
        let isTerm = hint.map(present) == .term
        guard isTerm || kind == .workingDay || kind == .workingHour else { return durationLiteral(count, unit, span) }
        guard let number = Int64(count), number <= Limits.termUnits, let term = Term(count: number, unit: kind) else {
            report(
                .literalOutOfRange, "a term is a whole number of units up to \(Limits.termUnits)", at: span,
                help: "write it in another unit, such as `90 minutes`")
            return wrong(span)
        }
        if term.needsCalendar { checkCalendar(for: term, span) }
        return CheckedExpression(.constant(.term(term)), .term, span)
    }

    private mutating func checkCalendar(for term: Term, _ span: Span) {
        guard let calendar = program.calendar else {
            if calendarName == nil {
                report(
                    .calendarNeeded, "working time follows a calendar, and the contract names none", at: span,
                    help: "write `calendar HospitalDays` in the head, and declare that calendar")
            }
            return
        }
        if term.unit == .workingHour, calendar.shifts.isEmpty {
            report(
                .calendarNeeded, "working hours are counted in shifts, and `\(calendar.name)` has none", at: span,
                help: "add `shifts 08:00 to 12:00, 14:00 to 18:00` to the calendar")
        }
    }
}
