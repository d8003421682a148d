import RemitValues

/// What "working" means: days of the week, shifts, holidays, and days of work that the week would leave free.
extension PageBuilder {
    mutating func addCalendars() {
        let calendars = all { if case .calendar(let syntax) = $0 { syntax } else { nil } }
        guard !calendars.isEmpty else { return }
        section(say("Calendars", "日历"))
        for calendar in calendars {
            heading(titled(calendar.name))
            list([days(calendar)] + (calendar.shifts.isEmpty ? [] : [shifts(calendar)]))
            var rows: [[Phrase]] = []
            for (index, period) in calendar.periods.enumerated() {
                let next = index + 1 < calendar.periods.count ? calendar.periods[index + 1].period.from : nil
                rows.append([self.period(period.period, next: next), dates(period.closed), dates(period.open)])
            }
            table(
                PageTable(
                    caption: say("Days for which the calendar is known", "日历已知的日期"),
                    heads: [
                        say("Known", "已知期间"), say("Closed on", "休息日"), say("Open all the same on", "调休上班日"),
                    ], rows: rows))
        }
    }

    private func days(_ calendar: CalendarSyntax) -> PageItem {
        let days = calendar.days.map { range in
            range.from.bytes == range.to.bytes
                ? day(range.from) : say("{0} to {1}", "{0}至{1}", day(range.from), day(range.to))
        }
        return labelled("Days of work", "工作日", speaker.listed(days))
    }

    private func day(_ name: Name) -> Phrase {
        let days: [TextValue: String] = [
            "monday": "星期一", "tuesday": "星期二", "wednesday": "星期三", "thursday": "星期四", "friday": "星期五",
            "saturday": "星期六", "sunday": "星期日",
        ]
        guard let chinese = days[name.bytes] else { return speaker.name(name) }
        return Phrase(page.language == .english ? name.text.prefix(1).uppercased() + name.text.dropFirst() : chinese)
    }

    private func shifts(_ calendar: CalendarSyntax) -> PageItem {
        let shifts = calendar.shifts.map { Phrase("\(WorkCalendar.clock($0.from))–\(WorkCalendar.clock($0.to))") }
        return labelled("Hours of work", "工作时间", speaker.listed(shifts))
    }

    private func dates(_ ranges: [(from: Expression, to: Expression)]) -> Phrase {
        guard !ranges.isEmpty else { return Phrase("—") }
        return speaker.listed(
            ranges.map { range in
                let (from, to) = (speaker.value(range.from), speaker.value(range.to))
                return range.from.span == range.to.span ? from : say("{0} to {1}", "{0}至{1}", from, to)
            })
    }
}
