import RemitLanguage
import RemitValues

/// Time travel, and what falls due on the way.
extension ScenarioRun {
    /// Moves the time on; timers fire on the way, each at its due time, in order of due time, case and writing.
    ///
    /// A step does what a chain does in as many blocks as that takes. Where it takes too many, the scenario ends: what
    /// follows would act on cases that are behind.
    mutating func travel(to instant: Instant, _ span: Span) {
        var fired = 0
        while let pending = world.nextTimer(of: program, until: instant) {
            guard fired < Limits.scenarioDeadlines else {
                hasEnded = true
                fail(
                    span,
                    "more than \(Limits.scenarioDeadlines) deadlines fall due in this step, the next at "
                        + "\(pending.due.text(offset: program.timezone)) on \(pending.reference): take smaller steps, "
                        + "or a longer term")
                return
            }
            fired += 1
            fire(pending, span)
        }
        now = instant
    }

    private mutating func fire(_ pending: ScenarioWorld.PendingTimer, _ span: Span) {
        guard let state = world.cases[pending.reference] else { return }
        let request = Request(timer: pending.timer, of: state, at: pending.due, organisation: world.home)
        let transition: Transition
        do {
            transition = try evaluator.perform(request, view: world, tracing: true)
        } catch {
            world.stalled.insert(pending)
            fail(span, error.message)
            return
        }
        witness?(request, world, transition)
        keep(transition)
        transitions[pending.reference] = transition
        switch transition.outcome {
        case .done(let effects): world.apply(effects, of: program)
        case .refused: world.stalled.insert(pending)
        }
    }

    /// Compares the movements of money of the last transition with what is expected.
    mutating func expectPosting(_ place: FundPlace, _ expected: ExpectedPosting?, _ span: Span) {
        let owner: TextValue?
        let name: TextValue
        switch place {
        case .own(let fund): (owner, name) = (nil, TextValue(program.funds[fund].name))
        case .other(let contract, let fund):
            let other = program.others[contract]
            (owner, name) = (TextValue(other.name), TextValue(other.funds[fund].name))
        }
        var postings: [Effects.Posting] = []
        if let last, case .done(let effects) = last.outcome {
            postings = effects.postings.filter { $0.contract == owner && $0.fund == name }
        }
        let shown = postings.isEmpty ? "nothing" : postings.map(Self.text).joined(separator: "; ")
        guard let expected else {
            if !postings.isEmpty { fail(span, "money moved", expected: "nothing", actual: shown) }
            return
        }
        let isFound = postings.contains { posting in
            posting.amount == expected.amount && fits(expected.from, posting.from) && fits(expected.to, posting.to)
        }
        if isFound { return }
        let wanted = "\(expected.amount.grouped) from \(Self.text(expected.from)) to \(Self.text(expected.to))"
        fail(span, "the last transition did not post it", expected: wanted, actual: shown)
    }

    private func fits(_ expected: ExpectedPosting.Account, _ account: Effects.Posting.Account) -> Bool {
        switch (expected, account) {
        case (.available, .available), (.reserved, .reserved): true
        case (.party(let wanted), .party(let party)): wanted == party
        case (.fund(let wanted), .fund(let fund)): wanted == fund
        default: false
        }
    }

    private static func text(_ account: ExpectedPosting.Account) -> String {
        switch account {
        case .available: "available"
        case .reserved: "reserved"
        case .party(let party): party.description
        case .fund(let name): name.string
        }
    }

    /// As a scenario writes it, so that both sides can be compared; a reservation belongs to the case acted on.
    private static func text(_ posting: Effects.Posting) -> String {
        "\(posting.amount.grouped) from \(text(posting.from)) to \(text(posting.to))"
    }

    private static func text(_ account: Effects.Posting.Account) -> String {
        switch account {
        case .available: "available"
        case .reserved: "reserved"
        case .party(let party): party.description
        case .fund(let name): name.string
        }
    }
}
