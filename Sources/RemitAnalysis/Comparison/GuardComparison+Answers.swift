import RemitLanguage
import RemitRuntime
import RemitValues

// What guards came to in a play.
extension PolicyComparison {
    /// Whether two plays came to what is said of a guard.
    static func shows(
        _ first: Guard, _ before: Played, _ second: Guard, _ after: Played, _ one: Guard.Outcome,
        _ other: Guard.Outcome
    ) -> Bool {
        let asked = answers(second, after)
        return answers(first, before).contains { answer in
            answer.outcome == one && asked.contains { $0.line == answer.line && $0.outcome == other }
        }
    }

    /// On how many sides a guard came to what is said of it.
    static func nearness(
        _ first: Guard, _ before: Played, _ second: Guard, _ after: Played, _ one: Guard.Outcome,
        _ other: Guard.Outcome
    ) -> Int {
        (answers(first, before).contains { $0.outcome == one } ? 1 : 0)
            + (answers(second, after).contains { $0.outcome == other } ? 1 : 0)
    }

    /// Whether a play shows that a guard which one version alone has decides.
    static func decides(_ rule: Guard, _ played: Played) -> Bool {
        answers(rule, played).contains { $0.outcome == (rule.subject == .check ? .holds : .fails) }
    }

    private static func answers(_ rule: Guard, _ played: Played) -> [(line: Int?, outcome: Guard.Outcome)] {
        let answers: [(Int?, Guard.Outcome)] = played.entries.compactMap { entry in
            switch entry.event {
            case .requirement(let holds, _):
                rule.clause == nil && entry.span == rule.condition.span ? (nil, holds ? .holds : .fails) : nil
            case .check(let clause, _, _, let line, let holds, _):
                clause == rule.clause ? (line, holds ? .holds : .fails) : nil
            case .checkFaulted(let clause, let line, _): clause == rule.clause ? (line, .faults) : nil
            default: nil
            }
        }
        // A requirement that finds no rule ends the action before it comes to anything.
        if answers.isEmpty, rule.clause == nil, GuardRules.isWithoutRule(played) { return [(nil, .faults)] }
        return answers
    }
}
