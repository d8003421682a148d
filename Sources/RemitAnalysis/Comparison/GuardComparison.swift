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
    /// What the condition means: whether the rule speaks where it holds (a check), or where it does not.
    let speaksWhereItHolds: Bool

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
                add(pair.new.subject, pair.new.name, before: "not there", after: new.text(pair.new.condition.span))
            }
        }
        for rule in before {
            add(rule.subject, rule.name, before: old.text(rule.condition.span), after: "not there")
        }
    }

    private static func isSame(_ first: Guard, _ second: Guard, byWords: Bool) -> Bool {
        first.subject == second.subject && TextValue(first.place) == TextValue(second.place)
            && (!byWords || TextValue(first.words) == TextValue(second.words))
    }

    private mutating func compare(_ first: Guard, _ old: PolicySide, _ second: Guard, _ new: PolicySide) {
        let comparison = FormulaComparison(
            Formula(first.condition, old), Formula(second.condition, new), new.program)
        let (before, after) = (old.text(first.condition.span), new.text(second.condition.span))
        guard comparison.isComplete else {
            add(second.subject, second.name, before: before, after: after, resolved: false)
            return
        }
        let words = second.subject == .check ? ("finds it", "does not find it") : ("lets it pass", "refuses it")
        for (region, firstHolds) in comparison.regions {
            let conditions = region.map { part in
                PolicyDifference.Condition(
                    input: comparison.inputs[part.input].string,
                    values: comparison.columns[part.input].text(part.atoms),
                    example: comparison.columns[part.input].example(part.atoms))
            }
            add(
                second.subject, second.name, Period(from: nil, until: nil), conditions,
                before: firstHolds ? words.0 : words.1, after: firstHolds ? words.1 : words.0)
        }
    }

    // MARK: Finding guards

    private static func guards(_ side: PolicySide) -> [Guard] {
        var found: [Guard] = []
        for group in side.program.checks { collect(group.items, side, &found) }
        for action in side.program.actions { collect(action.body, "action \(action.name)", side, &found) }
        for entering in side.program.entering {
            collect(entering.body, "entering \(side.program.states[entering.state].name)", side, &found)
        }
        return found
    }

    private static func collect(_ items: [CheckedItem], _ side: PolicySide, _ found: inout [Guard]) {
        for item in items {
            switch item {
            case .check(let check):
                found.append(
                    Guard(
                        subject: .check, place: check.code, words: words(check.text, side),
                        condition: check.condition.expression, speaksWhereItHolds: true))
            case .each(_, _, let inner, _): collect(inner, side, &found)
            case .binding: break
            }
        }
    }

    private static func collect(
        _ block: CheckedBlock, _ place: String, _ side: PolicySide, _ found: inout [Guard]
    ) {
        for statement in block.statements {
            switch statement.kind {
            case .require(let condition, let refusal):
                found.append(
                    Guard(
                        subject: .requirement, place: place, words: words(refusal.text, side), condition: condition,
                        speaksWhereItHolds: false))
            case .choose(_, let then, let otherwise):
                collect(then, place, side, &found)
                collect(otherwise, place, side, &found)
            case .match(_, let arms): for arm in arms { collect(arm.body, place, side, &found) }
            case .each(_, _, let body): collect(body, place, side, &found)
            default: break
            }
        }
    }

    private static func words(_ text: CheckedText, _ side: PolicySide) -> String {
        text.parts.map { part in
            switch part {
            case .plain(let plain): plain
            case .value(let value): "{\(side.text(value.span))}"
            case .caseReference: "{case}"
            }
        }.joined()
    }
}
