import RemitLanguage
import RemitRuntime
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

    static func isWorkedOut(_ name: TextValue) -> String {
        "`\(name)` is worked out"
    }

    static func isUnfree(_ name: TextValue) -> String {
        "`\(name)` does not vary freely of the other inputs, and not every region has a case that was found"
    }
}

extension PolicyComparison {
    /// Checks and requirements, region by region.
    mutating func compareGuards(_ old: PolicySide, _ new: PolicySide, _ rules: GuardRules) {
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
            if let partner = partners[index] {
                compare(partner, old, rule, new, rules.search)
            } else {
                add(
                    rule.subject, rule.name, before: "not there", after: new.uncommented(rule.span),
                    lines: (nil, new.line(of: rule.span)))
                settledAfter.append(rule.span)
            }
        }
        for rule in before {
            add(
                rule.subject, rule.name, before: old.uncommented(rule.span), after: "not there",
                lines: (old.line(of: rule.span), nil))
            settledBefore.append(rule.span)
        }
    }

    private static func standsAlike(_ first: Guard, _ second: Guard) -> Bool {
        first.subject == second.subject && TextValue(first.place) == TextValue(second.place)
    }

    private static func saysTheSame(_ first: Guard, _ second: Guard) -> Bool {
        standsAlike(first, second) && TextValue(first.name) == TextValue(second.name)
    }

    private mutating func compare(
        _ first: Guard, _ old: PolicySide, _ second: Guard, _ new: PolicySide, _ search: CaseSearch
    ) {
        let isWrittenAlike = old.uncommented(first.condition.span) == new.uncommented(second.condition.span)
        var regions: [(region: RegionWish, firstHolds: Bool)] = []
        let problem = Self.regions(first, second, new.program, search.pool, &regions)
        var told: [(region: RegionWish, firstHolds: Bool, found: CaseSearch.Found?)] = []
        if problem == nil {
            let actions = (first.sites + second.sites).map(\.action)
            for (region, firstHolds) in regions {
                let found = search.find(actions, wish: region.wish) { before, after in
                    Self.shows(first, before, second, after, firstHolds: firstHolds)
                }
                told.append((region, firstHolds, found))
            }
        }
        // Where one input follows from another, some regions may be those of no case at all.
        let unfree = regions.first?.region.unfree
        let isTold = unfree == nil ? told.contains { $0.found != nil } : told.allSatisfy { $0.found != nil }
        guard isTold, !told.isEmpty else {
            if !isWrittenAlike {
                let reason = problem ?? unfree.map(Unresolved.isUnfree) ?? Unresolved.isNotFound
                reasons.append((first.span, second.span, reason))
            }
            return
        }
        settledBefore.append(first.condition.span)
        settledAfter.append(second.condition.span)
        let words = second.subject == .check ? ("finds it", "does not find it") : ("lets it pass", "refuses it")
        for (region, firstHolds, found) in told {
            add(
                second.subject, second.name, Period(from: nil, until: nil), region.conditions,
                before: firstHolds ? words.0 : words.1, after: firstHolds ? words.1 : words.0,
                example: found.map { region.example($0, search) } ?? [],
                reason: found == nil ? Unresolved.isNotFound : nil,
                lines: (old.line(of: first.span), new.line(of: second.span)))
        }
    }

    /// The regions in which two guards decide differently on the cases that come to both; or why there are none.
    private static func regions(
        _ first: Guard, _ second: Guard, _ program: CheckedProgram, _ pool: ValuePool,
        _ regions: inout [(region: RegionWish, firstHolds: Bool)]
    ) -> String? {
        guard !first.sites.isEmpty, !second.sites.isEmpty else { return Unresolved.nobodyAsks }
        guard let before = merged(first.sites), let after = merged(second.sites) else {
            return Unresolved.asksElsewhere
        }
        var asked = before.inputs
        asked.join(after.inputs)
        // What is worked out says in no version which cases there are.
        if let name = asked.obstacle { return Unresolved.isWorkedOut(name) }
        if before.formula.simplified == after.formula.simplified { return Unresolved.isAlike }
        let alone = FormulaComparison(before.formula, after.formula, program)
        if alone.isComplete, alone.regions.isEmpty { return Unresolved.isAlike }
        if before.isMasked || after.isMasked { return Unresolved.isMasked }
        let unfree = asked.unfree
        asked.join(before.contextInputs)
        asked.join(after.contextInputs)
        let context = before.context + after.context
        for firstHolds in [true, false] {
            let (one, other) = firstHolds ? (before, after) : (after, before)
            let differ = Formula.all([one.formula, .not(other.formula)] + one.after + context)
            let comparison = FormulaComparison(differ, .constant(false), program)
            guard comparison.isComplete else { return Unresolved.isTooLarge }
            for (region, _) in comparison.regions {
                let wish = RegionWish(
                    region: region, comparison: comparison, inputs: asked, pool: pool, program: program,
                    unfree: unfree)
                regions.append((wish, firstHolds))
            }
        }
        return regions.isEmpty ? Unresolved.isNeverDifferent : nil
    }

    /// All places of a guard as one, if it asks the same at each of them.
    private static func merged(_ sites: [Guard.Site]) -> Guard.Site? {
        guard let first = sites.first else { return nil }
        guard sites.allSatisfy({ $0.formula == first.formula }) else { return nil }
        guard sites.count > 1 else { return first }
        var inputs = first.inputs
        var contextInputs = first.contextInputs
        for site in sites.dropFirst() {
            inputs.join(site.inputs)
            contextInputs.join(site.contextInputs)
        }
        return Guard.Site(
            action: first.action, formula: first.formula, inputs: inputs,
            context: [.some(sites.map { .all($0.context) })], contextInputs: contextInputs)
    }

    /// Whether two transitions asked a guard, and it came to what a region says.
    private static func shows(
        _ first: Guard, _ before: Transition, _ second: Guard, _ after: Transition, firstHolds: Bool
    ) -> Bool {
        let one = answers(first, before)
        let other = answers(second, after)
        return one.contains { answer in
            answer.holds == firstHolds && other.contains { $0.line == answer.line && $0.holds != firstHolds }
        }
    }

    private static func answers(_ rule: Guard, _ transition: Transition) -> [(line: Int?, holds: Bool)] {
        (transition.trace?.entries ?? []).compactMap { entry in
            switch entry.event {
            case .requirement(let holds, _):
                rule.clause == nil && entry.span == rule.condition.span ? (nil, holds) : nil
            case .check(let clause, _, _, let line, let holds, _): clause == rule.clause ? (line, holds) : nil
            default: nil
            }
        }
    }
}

/// The rules of two versions, and the search for cases that they decide differently.
struct GuardRules {
    let old: GuardFinder
    let new: GuardFinder
    let search: CaseSearch

    init(_ old: PolicySide, _ new: PolicySide) {
        self.old = GuardFinder(old)
        self.new = GuardFinder(new)
        search = CaseSearch(old.program, new.program, self.old.constants + self.new.constants)
    }
}
