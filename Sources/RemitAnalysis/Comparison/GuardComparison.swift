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
    static let isSpent = "the search ended before a case was found: compare fewer changes at once"

    /// Why there is no example where one was looked for.
    static func isNotFound(by search: CaseSearch) -> String { search.isSpent ? isSpent : isNotFound }

    static func isWorkedOut(_ name: TextValue) -> String {
        "`\(name)` is worked out"
    }

    static func isUnfree(_ name: TextValue) -> String {
        "`\(name)` does not vary freely of the other inputs, and not every region has a case that was found"
    }
}

extension PolicyComparison {
    /// Checks and requirements, region by region.
    mutating func compareGuards(
        _ old: PolicySide, _ new: PolicySide, _ rules: GuardRules, _ progress: (Int, Int) -> Void
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
        for (index, rule) in after.enumerated() {
            progress(index, after.count)
            if let partner = partners[index] {
                compare(partner, old, rule, new, rules.search)
            } else {
                let example = Self.example(ofLone: rule, isOld: false, rules.search)
                add(
                    rule.subject, rule.name, before: "not there", after: new.uncommented(rule.span),
                    example: example ?? [], reason: example == nil ? Unresolved.isNotFound(by: rules.search) : nil,
                    lines: (nil, new.line(of: rule.span)))
                settledAfter.append(rule.span)
            }
        }
        for rule in before {
            let example = Self.example(ofLone: rule, isOld: true, rules.search)
            add(
                rule.subject, rule.name, before: old.uncommented(rule.span), after: "not there",
                example: example ?? [], reason: example == nil ? Unresolved.isNotFound(by: rules.search) : nil,
                lines: (old.line(of: rule.span), nil))
            settledBefore.append(rule.span)
        }
    }

    /// A case that is decided differently because a guard is there that only one version has.
    private static func example(
        ofLone rule: Guard, isOld: Bool, _ search: CaseSearch
    ) -> [PolicyDifference.Assignment]? {
        var plays = search.plays(rule.sites.map(\.action))
        if plays.isEmpty { plays = search.everyPlay }
        var question = CaseSearch.Question(
            plays: plays, wish: { CaseWish(attempt: $0) }, shows: { decides(rule, isOld ? $0 : $1) })
        question.nearness = { decides(rule, isOld ? $0 : $1) ? 1 : 0 }
        question.conditions = isOld ? ([rule.condition.span], []) : ([], [rule.condition.span])
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
        _ first: Guard, _ old: PolicySide, _ second: Guard, _ new: PolicySide, _ search: CaseSearch
    ) {
        let isWrittenAlike = old.uncommented(first.condition.span) == new.uncommented(second.condition.span)
        var told: [ToldRegion] = []
        let problem = Self.regions(first, second, new.program, search.pool, &told)
        if problem == nil {
            let plays = search.plays((first.sites + second.sites).map(\.action))
            for index in told.indices {
                let region = told[index]
                var question = CaseSearch.Question(
                    plays: plays, wish: region.region.wish,
                    shows: { Self.shows(first, $0, second, $1, region.before, region.after) })
                question.nearness = { Self.nearness(first, $0, second, $1, region.before, region.after) }
                question.conditions = ([first.condition.span], [second.condition.span])
                question.admits = region.region.admits
                told[index].found = search.find(question)
            }
        }
        // Where one input follows from another, some regions may be those of no case at all.
        let unfree = told.first?.region.unfree
        guard told.contains(where: { $0.found != nil }), problem == nil else {
            let reason = problem ?? unfree.map(Unresolved.isUnfree) ?? Unresolved.isNotFound(by: search)
            return compareAnswers(first, old, second, new, search, isWrittenAlike, reason)
        }
        settledBefore.append(first.condition.span)
        settledAfter.append(second.condition.span)
        for region in told {
            add(
                second.subject, second.name, Period(from: nil, until: nil), region.region.conditions,
                before: Self.words(second, region.before), after: Self.words(second, region.after),
                example: region.found.map { region.region.example($0, search) } ?? [],
                reason: region.found == nil
                    ? unfree.map(Unresolved.isUnfree) ?? Unresolved.isNotFound(by: search) : nil,
                lines: (old.line(of: first.span), new.line(of: second.span)))
        }
    }

    /// Guards whose regions could not be cut from their inputs: told by what each of them comes to.
    private mutating func compareAnswers(
        _ first: Guard, _ old: PolicySide, _ second: Guard, _ new: PolicySide, _ search: CaseSearch,
        _ isWrittenAlike: Bool, _ reason: String
    ) {
        let functions = isWrittenAlike ? Self.changedFunctions(second, old, new) : []
        let isSettled = [Unresolved.isAlike, Unresolved.isNeverDifferent].contains(reason)
        var isTold = false
        if !isSettled, !(isWrittenAlike && functions.isEmpty) {
            var plays = search.plays((first.sites + second.sites).map(\.action))
            if plays.isEmpty { plays = search.everyPlay }
            for (one, other) in Self.directions {
                var question = CaseSearch.Question(
                    plays: plays, wish: { CaseWish(attempt: $0) },
                    shows: { Self.shows(first, $0, second, $1, one, other) })
                question.nearness = { Self.nearness(first, $0, second, $1, one, other) }
                question.conditions = ([first.condition.span], [second.condition.span])
                guard let found = search.find(question) else { continue }
                isTold = true
                let texts = (old.uncommented(first.condition.span), new.uncommented(second.condition.span))
                add(
                    second.subject, second.name, Period(from: nil, until: nil),
                    Self.region(texts, one, other, isWrittenAlike), before: Self.words(second, one),
                    after: Self.words(second, other), example: search.told(found, []),
                    lines: (old.line(of: first.span), new.line(of: second.span)))
            }
        }
        if isTold, !isWrittenAlike {
            settledBefore.append(first.condition.span)
            settledAfter.append(second.condition.span)
        } else if !isWrittenAlike {
            reasons.append((first.span, second.span, reason))
        } else if !isTold, reason != Unresolved.isAlike {
            for spans in functions { reasons.append((spans.old, spans.new, "\(second.name): \(reason)")) }
        }
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

    private static func words(_ rule: Guard, _ outcome: Guard.Outcome) -> String {
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
    private static let directions: [(Guard.Outcome, Guard.Outcome)] = [
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
        if let name = asked.obstacle { return Unresolved.isWorkedOut(name) }
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
            for (region, _) in comparison.regions {
                let wish = RegionWish(
                    region: region, comparison: comparison, inputs: asked, pool: pool, program: program,
                    unfree: unfree)
                regions.append(ToldRegion(region: wish, before: one, after: other))
            }
        }
        return regions.isEmpty ? Unresolved.isNeverDifferent : nil
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
        search = CaseSearch(old.program, new.program, self.old.constants + self.new.constants, steps: steps)
    }
}
