import RemitLanguage
import RemitValues

/// Deadlines: what the contract says of them; the engine does the rest.
extension Machine {
    /// Starts the deadlines of a state that was just entered, and stops all others.
    func startDeadlines() throws(Stop) {
        for index in program.deadlines.indices {
            engine.due[index] = nil
            if program.deadlines[index].states.contains(caseState.state) { try start(index) }
        }
    }

    /// Starts anew the deadlines that count from a field which was written while the state stayed.
    func restartDeadlines() throws(Stop) {
        for (index, deadline) in program.deadlines.enumerated() {
            guard let past = deadline.past, writtenFields.contains(past), deadline.states.contains(caseState.state)
            else { continue }
            engine.due[index] = nil
            try start(index)
        }
    }

    func start(_ index: Int) throws(Stop) {
        let deadline = program.deadlines[index]
        var from = request.now
        if let past = deadline.past {
            guard caseState.fields.indices.contains(past) else { throw misfit(deadline.span) }
            switch caseState.fields[past] {
            case .instant(let instant): from = instant
            case .date(let date):
                guard let instant = date.end(offset: program.timezone) else {
                    throw Self.refusal(.dateRange, deadline.span)
                }
                from = instant
            default: return
            }
        }
        let term = try inFrame([], count: deadline.termLocals) { () throws(Stop) in try evaluate(deadline.term) }
        try engine.start(deadline: index, term: term, from: from)
    }

    /// The work of a timer at its due time.
    func fire(_ timer: Int) throws(Stop) {
        switch try engine.fire(timer) {
        case .deadline(let index): try run(program.deadlines[index].body)
        case .overdue(let index): try end(index, .overdue)
        }
    }

    func run(_ body: CheckedBody) throws(Stop) {
        try inFrame([], count: body.localCount) { () throws(Stop) in try run(body.block) }
    }
}
