/// Calendars: the days of the week, shifts, and periods with their holidays and make-up days.
extension Parser {
    private static let calendarWords = ["days", "shifts", "from"]

    /// Whether a calendar is declared here; in the head of a contract the word only names one.
    var startsCalendar: Bool { at(.calendar) && token(ahead: 2).kind == .leftBrace }

    mutating func calendar() throws(Abandoned) -> CalendarSyntax {
        advance()
        let name = try name("the name of a calendar")
        var days: [(from: Name, to: Name)] = []
        var shifts: [(from: Int, to: Int, span: Span)] = []
        var periods: [CalendarPeriodSyntax] = []
        let owner = "the calendar `\(name.text)`"
        try braces(of: owner, isTall: true, startsItem: { Self.calendarWords.contains($0.text(of: $0.token)) }) {
            parser throws(Abandoned) in
            switch parser.text(of: parser.token) {
            case "days":
                parser.advance()
                parser.mark(.value)
                days += try parser.weekdays()
            case "shifts":
                parser.advance()
                parser.mark(.value)
                shifts += try parser.shifts()
            case "from": periods.append(try parser.calendarPeriod(owner))
            default: throw parser.unexpectedLine(of: owner, among: Self.calendarWords)
            }
        }
        return CalendarSyntax(name: name, days: days, shifts: shifts, periods: periods)
    }

    private mutating func unexpectedLine(of owner: String, among words: [String]) -> Abandoned {
        let near = at(.word) ? Suggestion.nearest(to: text(of: token), among: words) : nil
        return fail(
            .unknownStatement, "expected a line of \(owner), found \(describe(token))", token.span,
            notes: near == nil ? ["lines here begin with \(words.map { "`\($0)`" }.joined(separator: ", "))"] : [],
            help: near.map { "did you mean `\($0)`?" })
    }

    private mutating func weekdays() throws(Abandoned) -> [(from: Name, to: Name)] {
        var found: [(from: Name, to: Name)] = []
        repeat {
            let first = try name("a day of the week")
            found.append((first, accept(.to) ? try name("a day of the week") : first))
        } while accept(.comma)
        return found
    }

    private mutating func shifts() throws(Abandoned) -> [(from: Int, to: Int, span: Span)] {
        var found: [(from: Int, to: Int, span: Span)] = []
        repeat {
            let start = token.span.start
            let from = try clock(begins: true)
            try expect(.to, "and the end of the shift", help: "write `08:00 to 12:00`")
            found.append((from, try clock(begins: false), span(from: start)))
        } while accept(.comma)
        return found
    }

    /// The time of day at which a shift begins or ends, in seconds since midnight.
    private mutating func clock(begins: Bool) throws(Abandoned) -> Int {
        let time = try expect(.time, "a time of day such as `08:00`")
        if begins { refuseEndOfDay(time, help: "a shift that begins at midnight begins at `00:00`") }
        let parts = text(of: time).split(separator: ":").map { Int($0) ?? 0 }
        return (parts.first ?? 0) * 3600 + (parts.count > 1 ? parts[1] * 60 : 0)
    }

    /// Says of `24:00` that it is no time of day where no shift ends with it; whether it stands there.
    @discardableResult
    mutating func refuseEndOfDay(_ time: Token, help: String) -> Bool {
        guard time.span.isEndOfDay(in: source) else { return false }
        report(
            .malformedDate, "`24:00` is no time of day: only a shift of a calendar ends with it", time.span, help: help)
        return true
    }

    private mutating func calendarPeriod(_ owner: String) throws(Abandoned) -> CalendarPeriodSyntax {
        let period = try period()
        var closed: [(from: Expression, to: Expression)] = []
        var open: [(from: Expression, to: Expression)] = []
        let words = ["closed", "open"]
        try braces(of: "a period of \(owner)", isTall: true, startsItem: { words.contains($0.text(of: $0.token)) }) {
            parser throws(Abandoned) in
            switch parser.text(of: parser.token) {
            case "closed":
                parser.advance()
                parser.mark(.value)
                closed += try parser.dayRanges()
            case "open":
                parser.advance()
                parser.mark(.value)
                open += try parser.dayRanges()
            default: throw parser.unexpectedLine(of: owner, among: words)
            }
        }
        return CalendarPeriodSyntax(period: period, closed: closed, open: open)
    }

    private mutating func dayRanges() throws(Abandoned) -> [(from: Expression, to: Expression)] {
        var found: [(from: Expression, to: Expression)] = []
        repeat {
            let first = try tight()
            found.append((first, accept(.to) ? try tight() : first))
        } while accept(.comma)
        return found
    }
}
