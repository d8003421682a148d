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
    ///
    /// What a timer starts falls due no earlier than that timer, and not at all where it has fired at that moment.
    func start(deadline index: Int, term: Value, from start: Instant) throws(Stop) {
        let deadline = program.deadlines[index]
        var due = try dueTime(
            term, from: start, endsDay: countsFromDate(deadline), deadline.term.expression.span)
        if !fired.isEmpty {
            due = max(due, request.now)
            // What has fired does not fall due again at the same moment by its own doing: that would have no end.
            if due == request.now, hasFired(.deadline(index)) {
                return note(.deadlineSpent(index), at: deadline.span)
            }
        }
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
        fired = [timer]
        if let before = request.existing?.fired, before.at == request.now { fired = before.timers + fired }
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

    /// Whether a timer of the case has fired at this moment.
    func hasFired(_ timer: TimerDeclaration) -> Bool {
        fired.contains { program.timers.indices.contains($0) && program.timers[$0] == timer }
    }

    private func notRunning(_ span: Span) -> Stop {
        .refused(Refusal(.state, "this deadline does not run", at: span))
    }
}
