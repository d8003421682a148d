import RemitLanguage
import RemitValues

extension CalendarDate {
    /// The instant at which the day is over, `offset` seconds east of UTC; nil where that is out of range.
    func end(offset: Int) -> Instant? {
        guard let next = try? adding(days: 1) else { return nil }
        return Instant(date: next, hour: 0, minute: 0, offset: offset)
    }
}

/// Terms and deadlines: due times are fixed when they start.
extension Engine {
    /// The contract's calendar with the periods that were added to it on the chain.
    private func workCalendar() throws(Stop) -> WorkCalendar? {
        if let calendar { return calendar }
        guard let declared = program.calendar else { return nil }
        let added: [WorkCalendar.Period]
        do { added = try view.addedPeriods() } catch { throw .fault(error) }
        let whole = added.isEmpty ? declared : declared.adding(added)
        calendar = whole
        return whole
    }

    /// The instant at which a term ends that starts at an instant, which may be the midnight at which a day ends.
    func dueTime(
        _ value: Value, from start: Instant, endsDay: Bool = false, _ span: Span
    ) throws(Stop) -> Instant {
        guard case .term(let term) = value else { throw misfit(span) }
        try charge(Cost.dueTime)
        let calendar = term.needsCalendar ? try workCalendar() : nil
        let due: Instant
        do {
            due = try term.due(from: start, endsDay: endsDay, offset: program.timezone, calendar: calendar)
        } catch {
            throw refusal(error, term, span)
        }
        if term.needsCalendar {
            try charge(Cost.elements(Int((due.seconds - start.seconds) / 86_400)))
        }
        return due
    }

    private func refusal(_ fault: TermFault, _ term: Term, _ span: Span) -> Stop {
        switch fault {
        case .dateRange: return Machine<View>.refusal(.dateRange, span)
        case .noCalendar:
            return .refused(Refusal(.noRule, "\(term) is working time, and no calendar is named", at: span))
        case .beyondCalendar(let day):
            let name = program.calendar?.name ?? ""
            return .refused(Refusal(.noRule, "the calendar `\(name)` does not reach to \(day)", at: span))
        }
    }

    /// Fixes when a deadline falls due; one that counts from a Date starts at the midnight at which that day ends.
    func start(deadline index: Int, term: Value, from start: Instant) throws(Stop) {
        let deadline = program.deadlines[index]
        let due = try dueTime(
            term, from: start, endsDay: countsFromDate(deadline), deadline.term.expression.span)
        self.due[index] = due
        note(.deadlineSet(index, due: due), at: deadline.span)
    }

    private func countsFromDate(_ deadline: DeadlineDeclaration) -> Bool {
        guard let past = deadline.past, program.caseFields.indices.contains(past) else { return false }
        switch program.caseFields[past].type {
        case .date, .optional(.date): return true
        default: return false
        }
    }

    /// Begins the work of a timer at its due time; gives the deadline whose body runs, or the round that is overdue.
    func fire(_ timer: Int) throws(Stop) -> TimerDeclaration {
        guard request.existing != nil, program.timers.indices.contains(timer) else {
            throw .refused(Refusal(.argument, "there is no such timer"))
        }
        let found = program.timers[timer]
        switch found {
        case .deadline(let index):
            let deadline = program.deadlines[index]
            guard due[index] == request.now else { throw notRunning(deadline.span) }
            due[index] = nil
            note(.timerFired(timer), at: deadline.span)
        case .overdue(let index):
            let approval = program.approvals[index]
            guard let round = rounds[index], round.outcome == .open, round.due == request.now else {
                throw notRunning(approval.span)
            }
            note(.timerFired(timer), at: approval.span)
        }
        return found
    }

    private func notRunning(_ span: Span) -> Stop {
        .refused(Refusal(.state, "this deadline does not run", at: span))
    }
}
