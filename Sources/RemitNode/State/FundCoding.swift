import RemitRuntime
import RemitValues

/// Turns what a fund holds into a state row and back.
enum FundCoding {
    static func row(_ currency: Currency, _ state: FundState) -> Value {
        .record([.text(TextValue(currency.code)), .integer(state.balance), .integer(state.reserved)])
    }

    static func decode(_ row: Value) -> (currency: Currency, state: FundState)? {
        guard case .record(let parts) = row, parts.count == 3, case .text(let code) = parts[0],
            let currency = Currency(code: code.string), case .integer(let balance) = parts[1],
            case .integer(let reserved) = parts[2], reserved >= 0, reserved <= balance
        else { return nil }
        return (currency, FundState(balance: balance, reserved: reserved))
    }
}

/// Turns periods of a calendar into a value and back.
enum PeriodCoding {
    static func value(_ period: WorkCalendar.Period) -> Value {
        .record([
            .date(period.from), .date(period.until), .list(period.closed.map { .date($0) }),
            .list(period.open.map { .date($0) }),
        ])
    }

    static func decode(_ value: Value) -> WorkCalendar.Period? {
        guard case .record(let parts) = value, parts.count == 4, case .date(let from) = parts[0],
            case .date(let until) = parts[1], case .list(let closed) = parts[2], case .list(let open) = parts[3],
            from < until, let closed = days(closed, from, until), let open = days(open, from, until),
            !closed.contains(where: { open.contains($0) })
        else { return nil }
        return WorkCalendar.Period(from: from, until: until, closed: closed, open: open)
    }

    private static func days(
        _ values: [Value], _ from: CalendarDate, _ until: CalendarDate
    ) -> [CalendarDate]? {
        var days: [CalendarDate] = []
        for value in values {
            guard case .date(let day) = value, from <= day, day < until else { return nil }
            days.append(day)
        }
        return days
    }
}
