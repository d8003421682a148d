import RemitLanguage
import RemitValues

/// A condition that decides: of a check, or of a requirement of an action.
private struct Guard {
    let subject: PolicyDifference.Subject
    /// Where it stands: the code of a check, or the action.
    let place: String
    /// What it says to people where it decides.
    let words: String
    let condition: CheckedExpression
    /// All of it.
    let span: Span
    /// Where the values of local names are given, as far as they are not worked out.
    let locals: [Int: ConditionInputs.Path]

    var name: String { words.isEmpty ? place : "\(place) \"\(words)\"" }
}

extension PolicyComparison {
    /// Checks and requirements, region by region.
    mutating func compareGuards(_ old: PolicySide, _ new: PolicySide) {
        var before = Self.guards(old)
        var pairs: [(old: Guard?, new: Guard)] = []
        // Those that say the same are one rule; then those of one place, in order.
        let after = Self.guards(new)
        var partners = [Int: Guard]()
        for (index, rule) in after.enumerated() {
            if let found = before.firstIndex(where: { Self.isSame($0, rule, byWords: true) }) {
                partners[index] = before.remove(at: found)
            }
        }
        for (index, rule) in after.enumerated() where partners[index] == nil {
            if let found = before.firstIndex(where: { Self.isSame($0, rule, byWords: false) }) {
                partners[index] = before.remove(at: found)
            }
        }
        for (index, rule) in after.enumerated() { pairs.append((partners[index], rule)) }
        for pair in pairs {
            if let partner = pair.old {
                compare(partner, old, pair.new, new)
            } else {
                add(pair.new.subject, pair.new.name, before: "not there", after: new.uncommented(pair.new.span))
                settledAfter.append(pair.new.span)
            }
        }
        for rule in before {
            add(rule.subject, rule.name, before: old.uncommented(rule.span), after: "not there")
            settledBefore.append(rule.span)
        }
    }

    private static func isSame(_ first: Guard, _ second: Guard, byWords: Bool) -> Bool {
        first.subject == second.subject && TextValue(first.place) == TextValue(second.place)
            && (!byWords || TextValue(first.words) == TextValue(second.words))
    }

    private mutating func compare(_ first: Guard, _ old: PolicySide, _ second: Guard, _ new: PolicySide) {
        var asked = ConditionInputs()
        asked.read(first.condition, old, first.locals)
        asked.read(second.condition, new, second.locals)
        // Where one input follows from another, or is worked out, some regions would be those of no case at all: then
        // the texts are told.
        guard asked.areFree else { return }
        let comparison = FormulaComparison(
            Formula(first.condition, old), Formula(second.condition, new), new.program)
        guard comparison.isComplete, !comparison.regions.isEmpty else { return }
        settledBefore.append(first.condition.span)
        settledAfter.append(second.condition.span)
        let words = second.subject == .check ? ("finds it", "does not find it") : ("lets it pass", "refuses it")
        for (region, firstHolds) in comparison.regions {
            let conditions = region.map { part in
                PolicyDifference.Condition(
                    input: comparison.inputs[part.input].string,
                    values: comparison.columns[part.input].text(part.atoms))
            }
            let example = region.flatMap { part in
                asked.inputs.first { $0.name == comparison.inputs[part.input] }?
                    .example(part.atoms, comparison.columns[part.input]) ?? []
            }
            add(
                second.subject, second.name, Period(from: nil, until: nil), conditions,
                before: firstHolds ? words.0 : words.1, after: firstHolds ? words.1 : words.0, example: example)
        }
    }

    // MARK: Finding guards

    private static func guards(_ side: PolicySide) -> [Guard] {
        var finder = GuardFinder(side: side)
        for group in side.program.checks {
            finder.begin(group.parameters)
            finder.collect(group.items)
        }
        for action in side.program.actions {
            finder.begin(action.parameters)
            finder.collect(action.body, "action \(action.name)")
        }
        for entering in side.program.entering {
            finder.begin([])
            finder.collect(entering.body, "entering \(side.program.states[entering.state].name)")
        }
        return finder.found
    }
}

/// Finds the conditions that decide, with what is known of the local names where they stand.
private struct GuardFinder {
    let side: PolicySide
    var found: [Guard] = []
    private var locals: [Int: ConditionInputs.Path] = [:]

    init(side: PolicySide) { self.side = side }

    /// Begins an action or a group of checks: what it is given stands in the first locals.
    mutating func begin(_ parameters: [FieldDeclaration]) {
        locals = [:]
        for (index, parameter) in parameters.enumerated() { locals[index] = ["given", TextValue(parameter.name)] }
    }

    mutating func collect(_ items: [CheckedItem]) {
        for item in items {
            switch item {
            case .check(let check):
                found.append(
                    Guard(
                        subject: .check, place: check.code, words: words(check.text),
                        condition: check.condition.expression, span: check.span, locals: locals))
            case .each(let local, let list, let inner, _):
                bind(local, elementOf: list.expression)
                collect(inner)
            case .binding(let local, let value): bind(local, value.expression)
            }
        }
    }

    mutating func collect(_ block: CheckedBlock, _ place: String) {
        for statement in block.statements {
            switch statement.kind {
            case .binding(let local, let value), .bindingOrRefuse(let local, let value, _): bind(local, value)
            case .require(let condition, let refusal):
                found.append(
                    Guard(
                        subject: .requirement, place: place, words: words(refusal.text), condition: condition,
                        span: statement.span, locals: locals))
            case .choose(_, let then, let otherwise):
                collect(then, place)
                collect(otherwise, place)
            case .match(_, let arms): for arm in arms { collect(arm.body, place) }
            case .each(let local, let list, let body):
                bind(local, elementOf: list)
                collect(body, place)
            default: break
            }
        }
    }

    private mutating func bind(_ local: Int, _ value: CheckedExpression) {
        locals[local] = ConditionInputs.path(value, side, locals)
    }

    private mutating func bind(_ local: Int, elementOf list: CheckedExpression) {
        locals[local] = ConditionInputs.path(list, side, locals).map { $0 + ["each"] }
    }

    private func words(_ text: CheckedText) -> String {
        text.parts.map { part in
            switch part {
            case .plain(let plain): plain
            case .value(let value): "{\(side.text(value.span))}"
            case .caseReference: "{case}"
            }
        }.joined()
    }
}
