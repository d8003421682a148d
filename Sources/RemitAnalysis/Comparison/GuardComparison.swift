import RemitLanguage
import RemitValues

/// Why a change is told by its texts and not as regions with examples.
enum Unresolved {
    static let nobodyAsks = "no action asks it"
    static let isAlike = "it comes to the same wherever it is asked"
    static let asksElsewhere = "it is asked at several places about different values"
    static let isMasked = "another requirement of the action refuses in the same words"
    static let isTooLarge = "it falls into too many regions"
    static let isNeverDifferent = "what stands before it leaves no case on which it decides differently"
    static let isNotFound = "no case was found that comes to it and is decided differently"
    static let isOtherWayRound = "no case was found that is decided the other way round"
    static let isOrderAlone = "the order of its values decides nothing"
    static let isSpent = "the search ended before a case was found: compare fewer changes at once"

    /// Why there is no example where one was looked for.
    static func isNotFound(by search: CaseSearch) -> String {
        if search.isSpent { return isSpent }
        return search.missed.map { "\(isNotFound): the nearest that was tried is refused, \($0)" } ?? isNotFound
    }

    static func isWorkedOut(_ name: TextValue, from sources: [TextValue]) -> String {
        let names = sources.filter { $0 != name }.map { "`\($0)`" }
        return "`\(name)` is worked out" + (names.isEmpty ? "" : " from \(names.joined(separator: ", "))")
    }

    static func isUsed(_ names: [String]) -> String {
        "what reads and writes \(names.map { "`\($0)`" }.joined(separator: " and ")) is told where it differs"
    }

    static func isUnfree(_ name: TextValue) -> String {
        "`\(name)` does not vary freely of the other inputs, and not every region has a case that was found"
    }
}

extension PolicyComparison {
    /// Checks and requirements, region by region.
    mutating func compareGuards(
        _ old: PolicySide, _ new: PolicySide, _ rules: GuardRules, _ alone: RuleExamples,
        _ progress: (Int, Int) -> Void
    ) {
        var before = rules.old.found
        let after = rules.new.found
        var partners = [Int: Guard]()
        // Those that are written alike are one rule; then those that say the same; then those of one place, in order.
        let likeness: [(Guard, Guard) -> Bool] = [
            { Self.saysTheSame($0, $1) && old.uncommented($0.condition.span) == new.uncommented($1.condition.span) },
            { Self.saysTheSame($0, $1) },
            { Self.standsAlike($0, $1) && $0.code != nil && $0.code == $1.code },
            { Self.standsAlike($0, $1) },
        ]
        for isAlike in likeness {
            for (index, rule) in after.enumerated() where partners[index] == nil {
                if let found = before.firstIndex(where: { isAlike($0, rule) }) {
                    partners[index] = before.remove(at: found)
                }
            }
        }
        func isWaiting(_ index: Int) -> Bool {
            guard let partner = partners[index] else { return true }
            return old.uncommented(partner.condition.span) != new.uncommented(after[index].condition.span)
        }
        for (index, rule) in after.enumerated() {
            progress(index, after.count)
            rules.search.waiting = before.count + after.indices.dropFirst(index).count(where: isWaiting)
            if let partner = partners[index] {
                compare(partner, old, rule, new, rules.search, alone)
            } else {
                let example = Self.example(ofLone: rule, isOld: false, rules.search)
                add(
                    rule.subject, rule.name, before: "not there", after: new.uncommented(rule.span),
                    example: example, reason: Unresolved.isNotFound(by: rules.search),
                    lines: (nil, new.line(of: rule.span)))
                settledAfter.append(rule.span)
            }
        }
        for rule in before {
            let example = Self.example(ofLone: rule, isOld: true, rules.search)
            add(
                rule.subject, rule.name, before: old.uncommented(rule.span), after: "not there",
                example: example, reason: Unresolved.isNotFound(by: rules.search),
                lines: (old.line(of: rule.span), nil))
            settledBefore.append(rule.span)
        }
    }

    /// A case that is decided differently because a guard is there that only one version has.
    private static func example(
        ofLone rule: Guard, isOld: Bool, _ search: CaseSearch
    ) -> PolicyDifference.Example? {
        var plays = search.plays(rule.sites.map(\.action))
        if plays.isEmpty { plays = search.everyPlay }
        var question = CaseSearch.Question(
            plays: plays, wish: { CaseWish(attempt: $0) }, shows: { decides(rule, isOld ? $0 : $1) })
        question.nearness = { decides(rule, isOld ? $0 : $1) ? 1 : 0 }
        question.conditions = isOld ? ([rule.condition.span], []) : ([], [rule.condition.span])
        let answer = rule.subject == .check
        question.wanted = isOld ? (answer, nil) : (nil, answer)
        return search.find(question).map { search.told($0, []) }
    }

    private static func standsAlike(_ first: Guard, _ second: Guard) -> Bool {
        first.subject == second.subject && TextValue(first.place) == TextValue(second.place)
    }

    private static func saysTheSame(_ first: Guard, _ second: Guard) -> Bool {
        standsAlike(first, second) && TextValue(first.name) == TextValue(second.name)
    }

    /// A region in which two guards come to different things.
    struct ToldRegion {
        let region: RegionWish
        let before: Guard.Outcome
        let after: Guard.Outcome
        var found: CaseSearch.Found?
    }

    private mutating func compare(
        _ first: Guard, _ old: PolicySide, _ second: Guard, _ new: PolicySide, _ search: CaseSearch,
        _ alone: RuleExamples
    ) {
        let isWrittenAlike = old.uncommented(first.condition.span) == new.uncommented(second.condition.span)
        var told: [ToldRegion] = []
        let problem = Self.regions(first, second, new.program, search.pool, &told)
        if problem == nil {
            let plays = search.plays((first.sites + second.sites).map(\.action))
            let others = search.waiting
            for index in told.indices {
                let region = told[index]
                search.waiting = others + told.count - index
                var question = CaseSearch.Question(
                    plays: plays, wish: region.region.wish,
                    shows: { Self.shows(first, $0, second, $1, region.before, region.after) })
                question.nearness = { Self.nearness(first, $0, second, $1, region.before, region.after) }
                question.conditions = ([first.condition.span], [second.condition.span])
                question.wanted = (region.before.answer, region.after.answer)
                question.admits = region.region.admits
                told[index].found = search.find(question)
            }
        }
        // Where one input follows from another, some regions may be those of no case at all.
        let unfree = told.first?.region.unfree
        let reason = problem ?? unfree.map(Unresolved.isUnfree) ?? Unresolved.isNotFound(by: search)
        if problem != nil || !told.contains(where: { $0.found != nil }) {
            let pair = GuardPair(first: first, old: old, second: second, new: new, isWrittenAlike: isWrittenAlike)
            switch compareAnswers(pair, search, alone, reason) {
            case .told: return
            case .impossible: return leave(pair, alone, Unresolved.isNeverDifferent)
            case .notFound(let missed):
                // Regions of which no case was found are told as they were cut.
                guard problem == nil else { return leave(pair, alone, "\(reason), and \(missed)") }
            case .notAsked: guard problem == nil else { return leave(pair, alone, reason) }
            }
        }
        settledBefore.append(first.condition.span)
        settledAfter.append(second.condition.span)
        for region in told {
            let rule = region.found == nil ? region.region.terms.map { Self.ofRule(second, $0, region) } : nil
            add(
                second.subject, second.name, Period(from: nil, until: nil), region.region.conditions,
                before: Self.words(second, region.before), after: Self.words(second, region.after),
                example: region.found.map { region.region.example($0, search) }, ofRule: rule, reason: reason,
                lines: (old.line(of: first.span), new.line(of: second.span)))
        }
    }

    private static func ofRule(
        _ rule: Guard, _ terms: [PolicyDifference.Assignment], _ region: ToldRegion
    ) -> PolicyDifference.RuleExample {
        .init(
            rule: rule.code ?? rule.place, inputs: terms, before: words(rule, region.before),
            after: words(rule, region.after))
    }

    /// Two guards that are one rule in both versions.
    private struct GuardPair {
        let first: Guard
        let old: PolicySide
        let second: Guard
        let new: PolicySide
        let isWrittenAlike: Bool
    }

    /// What became of the answers of two guards.
    private enum Answered {
        case told
        /// What the two conditions exclude of each other leaves nothing.
        case impossible
        /// Why no case was found.
        case notFound(String)
        case notAsked
    }

    /// Guards whose regions could not be cut from their inputs, told by what each of them comes to.
    private mutating func compareAnswers(
        _ pair: GuardPair, _ search: CaseSearch, _ alone: RuleExamples, _ reason: String
    ) -> Answered {
        let (first, second) = (pair.first, pair.second)
        let functions = pair.isWrittenAlike ? Self.changedFunctions(second, pair.old, pair.new) : []
        let isSettled = [Unresolved.isAlike, Unresolved.isNeverDifferent].contains(reason)
        if isSettled || (pair.isWrittenAlike && functions.isEmpty) { return .notAsked }
        var plays = search.plays((first.sites + second.sites).map(\.action))
        if plays.isEmpty { plays = search.everyPlay }
        // What the two written conditions exclude of each other has no case.
        let possible = pair.isWrittenAlike ? nil : Self.possible(first, second, pair.new.program)
        var told: [(one: Guard.Outcome, other: Guard.Outcome, example: PolicyDifference.Example?)] = []
        for (one, other) in Self.directions where possible?.contains(where: { $0 == (one, other) }) ?? true {
            var question = CaseSearch.Question(
                plays: plays, wish: { CaseWish(attempt: $0) },
                shows: { Self.shows(first, $0, second, $1, one, other) })
            question.nearness = { Self.nearness(first, $0, second, $1, one, other) }
            question.conditions = ([first.condition.span], [second.condition.span])
            question.wanted = (one.answer, other.answer)
            let example = search.find(question).map { search.told($0, []) }
            // Of a rule that is written alike no more is known than what was found.
            if example != nil || possible != nil { told.append((one, other, example)) }
        }
        guard told.contains(where: { $0.example != nil }) else {
            return possible?.isEmpty == true ? .impossible : .notFound(Unresolved.isNotFound(by: search))
        }
        let texts = (pair.old.uncommented(first.condition.span), pair.new.uncommented(second.condition.span))
        for (one, other, example) in told where example != nil {
            add(
                second.subject, second.name, Period(from: nil, until: nil),
                Self.region(texts, one, other, pair.isWrittenAlike), before: Self.words(second, one),
                after: Self.words(second, other), example: example,
                lines: (pair.old.line(of: first.span), pair.new.line(of: second.span)))
            // The other way round was looked for as well.
            let isOneWay = told.contains { $0.one == other && $0.other == one && $0.example == nil }
            if isOneWay { differences[differences.count - 1].reason = Unresolved.isOtherWayRound }
        }
        if !pair.isWrittenAlike {
            settledBefore.append(first.condition.span)
            settledAfter.append(second.condition.span)
        }
        return .told
    }

    /// Guards that are told by their texts, with the reason for it.
    private mutating func leave(_ pair: GuardPair, _ alone: RuleExamples, _ reason: String) {
        guard !pair.isWrittenAlike else {
            guard reason != Unresolved.isAlike else { return }
            for spans in Self.changedFunctions(pair.second, pair.old, pair.new) {
                reasons.append((spans.old, spans.new, "\(pair.second.name): \(reason)", nil))
            }
            return
        }
        let isSettled = [Unresolved.isAlike, Unresolved.isNeverDifferent].contains(reason)
        let rule = isSettled ? nil : alone.ofGuard(pair.first, pair.second)
        reasons.append((pair.first.span, pair.second.span, reason, rule))
    }

    /// What two conditions come to, as the region that this is.
    private static func region(
        _ texts: (old: String, new: String), _ one: Guard.Outcome, _ other: Guard.Outcome, _ isWrittenAlike: Bool
    ) -> [PolicyDifference.Condition] {
        func answer(_ outcome: Guard.Outcome) -> String {
            switch outcome {
            case .holds: "yes"
            case .fails: "no"
            case .faults: "no rule for the day"
            }
        }
        if isWrittenAlike {
            return [
                .init(input: "\(texts.old) in the old version", values: answer(one)),
                .init(input: "\(texts.new) in the new version", values: answer(other)),
            ]
        }
        return [.init(input: texts.old, values: answer(one)), .init(input: texts.new, values: answer(other))]
    }

    static func words(_ rule: Guard, _ outcome: Guard.Outcome) -> String {
        switch outcome {
        case .holds: rule.subject == .check ? "finds it" : "lets it pass"
        case .fails: rule.subject == .check ? "does not find it" : "refuses it"
        case .faults: "has no rule for the day"
        }
    }

    /// A guard that is written alike may decide differently by the functions that it calls: where these are written
    /// otherwise.
    private static func changedFunctions(
        _ rule: Guard, _ old: PolicySide, _ new: PolicySide
    ) -> [(old: Span, new: Span)] {
        let before = old.program.functions
        return called(by: rule.condition, new.program).compactMap { index in
            let function = new.program.functions[index]
            guard let partner = before.first(where: { TextValue($0.name) == TextValue(function.name) }) else {
                return nil
            }
            let spans = (partner.span.joined(partner.value.span), function.span.joined(function.value.span))
            return old.uncommented(spans.0) == new.uncommented(spans.1) ? nil : spans
        }
    }

    /// What two guards may come to that is not the same.
    static let directions: [(Guard.Outcome, Guard.Outcome)] = [
        (.holds, .fails), (.fails, .holds), (.holds, .faults), (.faults, .holds), (.fails, .faults), (.faults, .fails),
    ]

    /// The functions that a condition calls, and those that they call.
    private static func called(by condition: CheckedExpression, _ program: CheckedProgram) -> [Int] {
        var called: [Int] = []
        var open = [condition]
        while let expression = open.popLast() {
            open += expression.operands
            guard case .call(let index, _) = expression.kind, program.functions.indices.contains(index),
                !called.contains(index)
            else { continue }
            called.append(index)
            open += program.functions[index].bindings.map(\.value) + [program.functions[index].value]
        }
        return called
    }

    /// The regions in which two guards decide differently on the cases that come to both; or why there are none.
    private static func regions(
        _ first: Guard, _ second: Guard, _ program: CheckedProgram, _ pool: ValuePool, _ regions: inout [ToldRegion]
    ) -> String? {
        guard !first.sites.isEmpty, !second.sites.isEmpty else { return Unresolved.nobodyAsks }
        guard let before = merged(first.sites), let after = merged(second.sites) else {
            return Unresolved.asksElsewhere
        }
        var asked = before.inputs
        asked.join(after.inputs)
        // What is worked out says in no version which cases there are.
        if let name = asked.obstacle { return Unresolved.isWorkedOut(name, from: asked.sources) }
        let isAlike = [Guard.Outcome.holds, .faults].allSatisfy { outcome in
            let (one, other) = (before.formula(outcome).simplified, after.formula(outcome).simplified)
            if one == other { return true }
            let alone = FormulaComparison(one, other, program)
            return alone.isComplete && alone.regions.isEmpty
        }
        if isAlike { return Unresolved.isAlike }
        if before.isMasked || after.isMasked { return Unresolved.isMasked }
        let unfree = asked.unfree
        asked.join(before.contextInputs)
        asked.join(after.contextInputs)
        let context = before.context + after.context
        let states: [TextValue: [Value]] = Self.states(first, second).map { ["state": $0] } ?? [:]
        for (one, other) in directions {
            // Whoever passes may be refused in the same words later.
            var later: [Formula] = []
            if (one, other) == (.holds, .fails) { later = before.after }
            if (one, other) == (.fails, .holds) { later = after.after }
            let differ = Formula.all([before.formula(one), after.formula(other)] + later + context)
            let comparison = FormulaComparison(differ, .constant(false), program, named: states)
            guard comparison.isComplete else { return Unresolved.isTooLarge }
            for (whole, _) in comparison.regions {
                let bounds = RegionBounds(whole, comparison, asked, timezone: program.timezone)
                guard let region = bounds.settled.flatMap({ comparison.reachable($0, asked) }) else { continue }
                let wish = RegionWish(
                    region: region, comparison: comparison, inputs: asked, pool: pool, program: program,
                    unfree: unfree)
                regions.append(ToldRegion(region: wish, before: one, after: other))
            }
        }
        return regions.isEmpty ? Unresolved.isNeverDifferent : nil
    }

    /// What two guards may come to where whatever they are written in means the same in both; nil where that is not
    /// known.
    private static func possible(
        _ first: Guard, _ second: Guard, _ program: CheckedProgram
    ) -> [(Guard.Outcome, Guard.Outcome)]? {
        guard let before = merged(first.sites), let after = merged(second.sites) else { return nil }
        var asked = before.inputs
        for inputs in [after.inputs, before.contextInputs, after.contextInputs] { asked.join(inputs) }
        let context = before.context + after.context
        var possible: [(Guard.Outcome, Guard.Outcome)] = []
        for (one, other) in directions {
            let differ = Formula.all([before.formula(one), after.formula(other)] + context)
            let comparison = FormulaComparison(differ, .constant(false), program)
            guard comparison.isComplete else { return nil }
            let isPossible = comparison.regions.contains { region, _ in
                RegionBounds(region, comparison, asked, timezone: program.timezone).settled
                    .flatMap { comparison.reachable($0, asked) } != nil
            }
            if isPossible { possible.append((one, other)) }
        }
        return possible
    }

    /// The states of a case on which two guards are asked; nil: any.
    private static func states(_ first: Guard, _ second: Guard) -> [Value]? {
        var names: [Value] = []
        for site in first.sites + second.sites {
            let program = site.inputs.side.program
            guard let name = site.action,
                let action = program.actions.first(where: { TextValue($0.name) == TextValue(name) }),
                action.opens.isEmpty
            else { return nil }
            for state in action.states {
                let value = Value.enumeration(TextValue(program.states[state].name))
                if !names.contains(value) { names.append(value) }
            }
        }
        return names.isEmpty ? nil : names
    }

    /// All places of a guard as one, if it asks the same at each of them.
    private static func merged(_ sites: [Guard.Site]) -> Guard.Site? {
        guard let first = sites.first else { return nil }
        guard sites.allSatisfy({ $0.formula == first.formula && $0.faults == first.faults }) else { return nil }
        guard sites.count > 1 else { return first }
        var inputs = first.inputs
        var contextInputs = first.contextInputs
        for site in sites.dropFirst() {
            inputs.join(site.inputs)
            contextInputs.join(site.contextInputs)
        }
        return Guard.Site(
            action: first.action, formula: first.formula, faults: first.faults, inputs: inputs,
            context: [.some(sites.map { .all($0.context) })], contextInputs: contextInputs)
    }

}

/// The rules of two versions, and the search for cases that they decide differently.
struct GuardRules {
    let old: GuardFinder
    let new: GuardFinder
    let search: CaseSearch

    init(_ old: PolicySide, _ new: PolicySide, steps: UInt64) {
        self.old = GuardFinder(old)
        self.new = GuardFinder(new)
        search = CaseSearch(old, new, self.old.constants + self.new.constants, steps: steps)
    }
}
