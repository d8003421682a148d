import RemitLanguage
import RemitValues

/// What the code asks of the engine, and what a transition asks of both.
extension CodeRun: EngineHost {
    func charge(_ steps: UInt64) throws(RefusalOrFault) {
        guard machine.pointee.charge(Int(clamping: steps)) else { throw .refused(budget) }
    }

    func note(_ event: @autoclosure () -> Trace.Event, at span: Span) {
        guard machine.pointee.trail.isRecording else { return }
        readTrail()
        reader?.add(event(), at: span)
    }

    /// The engine of this transition.
    var working: Engine<View> {
        if let engine { return engine }
        let made = idle ?? Engine(program: program, view: view, request: request, host: self)
        idle = nil
        machine.pointee.isTouched = true
        engine = made
        openings.take { made.open($0, like: $1) }
        return made
    }

    /// Makes ready for a transition of its own.
    func forgetEngine() {
        if let engine {
            engine.begin()
            idle = engine
        }
        engine = nil
        openings.forget()
        barred = []
        delegators = nil
        tried = 0
        otherCases = [:]
    }

    /// Has the engine do something; what stops it stops the transition.
    private func engine<Result>(
        _ body: (Engine<View>) throws(RefusalOrFault) -> Result
    ) throws(Stop) -> Result {
        do throws(RefusalOrFault) {
            return try body(working)
        } catch {
            switch error {
            case .refused(let refusal): throw .refused(refusal)
            case .fault(let fault): throw .fault(fault)
            }
        }
    }

    // MARK: Who acts

    /// The actor, or whoever the actor stands in for and is asked for now.
    var candidate: Party {
        guard let delegators, tried > 0, delegators.indices.contains(tried - 1) else { return request.actor }
        return delegators[tried - 1]
    }

    private func nextCandidate() throws(Stop) -> Int64 {
        var all = delegators ?? []
        if delegators == nil {
            all = try engine { (engine) throws(RefusalOrFault) in try engine.delegators() }
            delegators = all
            machine.pointee.isTouched = true
        }
        guard tried < all.count else { return absentWord }
        tried += 1
        return coder.party(all[tried - 1], &machine.pointee.bytes)
    }

    // MARK: Instructions

    /// Does what an instruction asks of the engine.
    func work(_ i: Instruction) throws(Stop) {
        let index = Int(i.c)
        let span = span
        switch i.operation {
        case .candidate: put(try nextCandidate(), i.a)
        case .isParty:
            let party = value(i.b)
            let person = candidate
            put(try engine { (engine) throws(RefusalOrFault) in try engine.isParty(party, person) } ? 1 : 0, i.a)
        case .isActor:
            // The actor and the organisation were asked already; there is whoever the actor stands in for.
            let party = value(i.b)
            put(try engine { (engine) throws(RefusalOrFault) in try engine.standsIn(for: party) } ? 1 : 0, i.a)
        case .reserve: put(try reserve(i, span), i.a)
        case .release:
            let units = word(i.b)
            try engine { (engine) throws(RefusalOrFault) in
                if i.d == 1 {
                    try engine.releaseAll(in: index, span)
                } else {
                    try engine.release(units, in: index, span)
                }
            }
        case .pay:
            guard case .party(let party) = value(i.a) else { throw .refused(Self.misfit(span)) }
            let units = word(i.b)
            try engine { (engine) throws(RefusalOrFault) in try engine.pay(units, from: index, to: party, span) }
        case .transfer:
            let site = code.transfers[index]
            let units = word(i.b)
            try engine { (engine) throws(RefusalOrFault) in
                try engine.transfer(units, from: site.fund, to: site.target, span)
            }
        case .available:
            put(
                try engine { (engine) throws(RefusalOrFault) in try engine.available(index, span) }.minorUnits, i.a)
        case .startDeadline:
            guard let from = Instant(seconds: word(i.b)) else { throw .refused(Self.misfit(span)) }
            let term = value(i.a)
            try engine { (engine) throws(RefusalOrFault) in
                try engine.start(deadline: index, term: term, from: from)
            }
        case .bar:
            machine.pointee.isTouched = true
            barred += Engine<View>.parties(value(i.b))
        case .openRound: try openRound(i)
        case .roundOutcome:
            let outcome = working.outcome(of: index)
            put(Int64(RoundOutcome.allCases.firstIndex(of: outcome) ?? 0), i.a)
        case .signers:
            let shape = Int(code.registerShapes[Int(i.a)])
            let signers = working.signers(of: index)
            guard let word = coder.word(signers, shape, &machine.pointee.words, &machine.pointee.bytes) else {
                throw .foreign
            }
            put(word, i.a)
        default: throw .foreign
        }
    }

    private func value(_ register: UInt16) -> Value {
        coder.value(word(register), Int(code.registerShapes[Int(register)]), machine)
    }

    private func reserve(_ i: Instruction, _ span: Span) throws(Stop) -> Int64 {
        let units = word(i.b)
        let index = Int(i.c)
        return try engine { (engine) throws(RefusalOrFault) in
            if i.d == 0, try !engine.has(units, in: index, span) { return 0 }
            try engine.reserve(units, in: index, span)
            return 1
        }
    }

    private func openRound(_ i: Instruction) throws(Stop) {
        let key = KnownOpenings.Key(
            approval: Int(i.c), quorum: word(i.b), declines: word(i.b + 1), term: word(i.b + 2))
        let isAlike = opensAlike(key)
        if isAlike, let steps = openings.open(key) {
            machine.pointee.isTouched = true
            guard machine.pointee.charge(steps) else { throw .refused(budget) }
            // An engine that is at work is told at once.
            if let engine { openings.take { engine.open($0, like: $1) } }
            return
        }
        let quorum = value(i.b)
        let declines = value(i.b + 1)
        let term = value(i.b + 2)
        let barred = barred
        self.barred = []
        let before = machine.pointee.steps
        try engine { (engine) throws(RefusalOrFault) in
            try engine.open(
                key.approval, needs: quorum, declinedBy: declines == .absent ? nil : declines, barred: barred,
                within: term)
        }
        guard isAlike else { return }
        let opening = KnownOpenings.Opening(
            round: working.rounds[key.approval], isUnfillable: working.unfillable.contains(key.approval))
        openings.keep(opening, key, steps: Int(before - machine.pointee.steps))
    }

    /// Whether a round that a new case opens is as every other one of these words: its quorums stand in the code, and
    /// nobody is barred from it.
    private func opensAlike(_ key: KnownOpenings.Key) -> Bool {
        func stands(_ word: Int64) -> Bool { word >= 0 && word < Int64(code.words.count) }
        return request.existing == nil && barred.isEmpty && stands(key.quorum)
            && (key.declines == absentWord || stands(key.declines)) && !machine.pointee.trail.isRecording
    }

    // MARK: Transitions

    /// A signature, or a vote against with its reason, and what follows.
    func vote(_ round: Int, isDecline: Bool) throws(Stop) {
        let outcome = try engine { (engine) throws(RefusalOrFault) in
            try engine.vote(round, isDecline: isDecline)
        }
        try run(code.entries.begin)
        if let outcome { try end(round, outcome) }
    }

    /// The work of a timer at its due time.
    func fire(_ timer: Int) throws(Stop) {
        let found = try engine { (engine) throws(RefusalOrFault) in try engine.fire(timer) }
        try run(code.entries.begin)
        switch found {
        case .deadline(let index): try run(code.entries.deadlineBodies[index])
        case .overdue(let index): try end(index, .overdue)
        }
    }

    private func end(_ round: Int, _ outcome: RoundOutcome) throws(Stop) {
        working.end(round, outcome)
        let part = outcome == .granted ? 0 : outcome == .declined ? 1 : 2
        try run(code.entries.outcomes[3 * round + part])
    }

    /// Marks that a case field was written, where rounds or deadlines ask for it.
    func markWritten(_ field: Int) {
        if code.entries.writtenCount > 0 { set(code.entries.written + UInt16(field), 1) }
    }

    private func isWritten(_ field: Int) -> Bool {
        code.entries.writtenCount > field && word(code.entries.written + UInt16(field)) != 0
    }

    /// Whether the state or a field changed before the new state was entered; only a signature asks for it.
    private func changes() -> Bool {
        guard !program.approvals.isEmpty else { return false }
        return word(code.entries.target) != absentWord || program.caseFields.indices.contains(where: isWritten)
    }

    /// Takes the case into the state that `become` named, or lets its clocks and rounds run on.
    func enterState() throws(Stop) {
        hasChanged = changes()
        let entered = word(code.entries.target)
        guard entered != absentWord else { return try stay() }
        guard program.states.indices.contains(Int(entered)) else { throw .refused(Self.misfit(Span(0, 0))) }
        try enter(Int(entered))
    }

    /// What happens whenever a state is entered: the contract's block, deadlines, rounds, and what is released.
    func enter(_ state: Int) throws(Stop) {
        set(stateRegister, Int64(state))
        record(TrailSite.Fixed.stateEntered, Int64(state))
        if entering[state] >= 0 { try run(entering[state]) }
        guard hasClocks else { return }
        // A case that is opened has no clocks yet, and nothing is set aside for it before something asks the engine.
        let isNew = request.existing == nil && engine == nil
        if isNew {
            let (deadlines, approvals) = clocks[state]
            for index in deadlines { try run(code.entries.deadlineStarts[index]) }
            for index in approvals { try run(code.entries.openings[index]) }
        } else {
            for index in program.deadlines.indices {
                working.due[index] = nil
                if program.deadlines[index].states.contains(state) { try run(code.entries.deadlineStarts[index]) }
            }
            for index in program.approvals.indices {
                working.close(index)
                if program.approvals[index].states.contains(state) { try run(code.entries.openings[index]) }
            }
        }
        if program.states[state].isFinal, !isNew || engine != nil {
            try engine { (engine) throws(RefusalOrFault) in try engine.releaseAll() }
        }
    }

    /// Starts anew the deadlines whose field was written, and opens rounds afresh that nobody has seen so.
    private func stay() throws(Stop) {
        guard hasClocks, code.entries.writtenCount > 0 else { return }
        let state = state
        for (index, deadline) in program.deadlines.enumerated() {
            guard let past = deadline.past, isWritten(past), deadline.states.contains(state) else { continue }
            working.due[index] = nil
            try run(code.entries.deadlineStarts[index])
        }
        guard program.caseFields.indices.contains(where: isWritten) else { return }
        for (index, approval) in program.approvals.enumerated()
        where approval.states.contains(state) && working.opensAfresh(index) { try run(code.entries.openings[index]) }
    }
}

/// What ends the engine's work before its time.
typealias RefusalOrFault = RemitRuntime.Stop
