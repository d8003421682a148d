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
        // What is asked time after time is compared time by time, up to where it first comes to something else: what
        // comes after that is asked of another case.
        let asked = answers(second, after)
        var settled: Set<Int?> = []
        for (line, times) in answers(first, before) {
            guard settled.insert(line).inserted, let others = asked.first(where: { $0.line == line })?.outcomes,
                let (own, opposite) = zip(times, others).first(where: { $0 != $1 })
            else { continue }
            if (own, opposite) == (one, other) { return true }
        }
        return false
    }

    /// On how many sides a guard came to what is said of it.
    static func nearness(
        _ first: Guard, _ before: Played, _ second: Guard, _ after: Played, _ one: Guard.Outcome,
        _ other: Guard.Outcome
    ) -> Int {
        (answers(first, before).contains { $0.outcomes.contains(one) } ? 1 : 0)
            + (answers(second, after).contains { $0.outcomes.contains(other) } ? 1 : 0)
    }

    /// Whether a play shows that a guard which one version alone has decides.
    static func decides(_ rule: Guard, _ played: Played) -> Bool {
        answers(rule, played).contains { $0.outcomes.contains(rule.subject == .check ? .holds : .fails) }
    }

    /// What a guard came to, time after time, on each line or, of the case, on none.
    private static func answers(_ rule: Guard, _ played: Played) -> [(line: Int?, outcomes: [Guard.Outcome])] {
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
        let place = rule.condition.span
        let isOwn = played.refusal?.span.map { place.start <= $0.start && $0.end <= place.end } ?? false
        if rule.clause == nil, isOwn || answers.isEmpty, GuardRules.isWithoutRule(played) {
            return [(nil, answers.map(\.1) + [.faults])]
        }
        var lines: [(line: Int?, outcomes: [Guard.Outcome])] = []
        for (line, outcome) in answers {
            if let place = lines.firstIndex(where: { $0.line == line }) {
                lines[place].outcomes.append(outcome)
            } else {
                lines.append((line, [outcome]))
            }
        }
        return lines
    }
}
