import RemitLanguage
import RemitValues

/// Terms and deadlines: due times are fixed when they start.
extension Machine {
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

    /// The instant at which a term that starts now, or at another instant, ends.
    func dueTime(_ value: Value, from start: Instant, _ span: Span) throws(Stop) -> Instant {
        guard case .term(let term) = value else { throw misfit(span) }
        try charge(Cost.dueTime)
        let calendar = term.needsCalendar ? try workCalendar() : nil
        let due: Instant
        do {
            due = try term.due(from: start, offset: program.timezone, calendar: calendar)
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
        case .dateRange: return Self.refusal(.dateRange, span)
        case .noCalendar:
            return .refused(Refusal(.noRule, "\(term) is working time, and no calendar is named", at: span))
        case .beyondCalendar(let day):
            let name = program.calendar?.name ?? ""
            return .refused(Refusal(.noRule, "the calendar `\(name)` does not reach to \(day)", at: span))
        }
    }

    /// Starts the deadlines of a state that was just entered, and stops all others.
    func startDeadlines() throws(Stop) {
        for index in program.deadlines.indices {
            caseState.due[index] = nil
            if program.deadlines[index].states.contains(caseState.state) { try start(index) }
        }
    }

    /// Starts anew the deadlines that count from a field which was written while the state stayed.
    func restartDeadlines() throws(Stop) {
        for (index, deadline) in program.deadlines.enumerated() {
            guard let past = deadline.past, writtenFields.contains(past), deadline.states.contains(caseState.state)
            else { continue }
            caseState.due[index] = nil
            try start(index)
        }
    }

    private func start(_ index: Int) throws(Stop) {
        let deadline = program.deadlines[index]
        var from = request.now
        if let past = deadline.past {
            guard caseState.fields.indices.contains(past) else { throw misfit(deadline.span) }
            switch caseState.fields[past] {
            case .instant(let instant): from = instant
            case .date(let date):
                // A day is over at its end.
                guard let end = try? date.adding(days: 1),
                    let instant = Instant(date: end, hour: 0, minute: 0, offset: program.timezone)
                else { throw Self.refusal(.dateRange, deadline.span) }
                from = instant
            default: return
            }
        }
        let term = try inFrame([], count: deadline.termLocals) { () throws(Stop) in try evaluate(deadline.term) }
        let due = try dueTime(term, from: from, deadline.term.expression.span)
        caseState.due[index] = due
        note(.deadlineSet(index, due: due), at: deadline.span)
    }

    /// The work of a timer at its due time.
    func fire(_ timer: Int) throws(Stop) {
        guard request.existing != nil, program.timers.indices.contains(timer) else {
            throw .refused(Refusal(.argument, "there is no such timer"))
        }
        switch program.timers[timer] {
        case .deadline(let index):
            let deadline = program.deadlines[index]
            guard caseState.due[index] == request.now else { throw notRunning(deadline.span) }
            caseState.due[index] = nil
            note(.timerFired(timer), at: deadline.span)
            try run(deadline.body)
        case .overdue(let index):
            let approval = program.approvals[index]
            guard let round = caseState.rounds[index], round.outcome == .open, round.due == request.now else {
                throw notRunning(approval.span)
            }
            note(.timerFired(timer), at: approval.span)
            try end(index, .overdue)
        }
    }

    private func notRunning(_ span: Span) -> Stop {
        .refused(Refusal(.state, "this deadline does not run", at: span))
    }

    func run(_ body: CheckedBody) throws(Stop) {
        try inFrame([], count: body.localCount) { () throws(Stop) in try run(body.block) }
    }
}
