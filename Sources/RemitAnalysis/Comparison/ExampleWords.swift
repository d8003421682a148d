/// Examples of a comparison as lines for people: how the case stands, what is asked, and what each version decides.
public struct ExampleWords: Sendable {
    /// How the two versions are called.
    private let old: String
    private let new: String

    /// Calls the versions by their numbers where these differ.
    public init(old: Int64, new: Int64) {
        self.old = old == new ? "old version" : "version \(old)"
        self.new = old == new ? "new version" : "version \(new)"
    }

    /// What is told of a difference beside its region: a case, or what the rule alone gives, or why there is neither.
    public func lines(_ difference: PolicyDifference) -> [String] {
        var lines: [String] = []
        if !difference.example.isEmpty {
            lines.append("for example \(call(difference))")
            let held = listed(difference, .held) { $0.input != "case" || $0.value == "none yet" }
            let given = listed(difference, .given) { _ in true }
            let asked = listed(difference, .rule) { _ in true }
            // Who acts stands with what is asked.
            let around = listed(difference, .circumstance) { difference.decided?.actor == nil || !Self.isActor($0) }
            if !given.isEmpty { lines.append("  given \(given)") }
            let opened = difference.decided?.opened.map { ", opened by \($0)" } ?? ""
            if !held.isEmpty || !opened.isEmpty {
                lines.append("  a case" + (held.isEmpty ? "" : " where \(held)") + opened)
            }
            if !around.isEmpty { lines.append("  where \(around)") }
            if !asked.isEmpty { lines.append("  so that \(asked)") }
            if let decided = difference.decided {
                if decided.isRefusedByBoth { lines.append("  refused by both, for another reason") }
                lines.append("  \(old): \(decided.before.joined(separator: "; "))")
                lines.append("  \(new): \(decided.after.joined(separator: "; "))")
            }
        }
        if let one = difference.oneVersion {
            lines.append(
                "to one version only the action \(one.action) can be given \(one.input.input) \(one.input.value)")
            lines.append("  \(one.isOld ? old : new): \(one.decided)")
            lines.append("  \(one.isOld ? new : old): cannot be given: \(one.problem)")
        }
        if let reason = difference.reason {
            lines.append(difference.example.isEmpty ? "told without an example: \(reason)" : reason)
        }
        if let rule = difference.ruleExample {
            let inputs = rule.inputs.map { "\($0.input) \($0.value)" }.joined(separator: ", ")
            lines.append("the rule alone, of no case: \(rule.rule)\(inputs.isEmpty ? "" : " for \(inputs)")")
            lines.append("  \(old): \(rule.before)")
            lines.append("  \(new): \(rule.after)")
        }
        return lines
    }

    private static func isActor(_ assignment: PolicyDifference.Assignment) -> Bool {
        assignment.input == "actor" || assignment.input == "organisation of actor"
    }

    private func call(_ difference: PolicyDifference) -> String {
        func value(_ input: String) -> String? { difference.example.first { $0.input == input }?.value }
        let state = value("case").flatMap { $0 == "none yet" ? nil : $0 }
        if let action = value("the action") {
            let actor = difference.decided?.actor.map { " by \($0)" } ?? ""
            return "the action \(action)\(actor)" + (state.map { " on a case in \($0)" } ?? "")
        }
        let then = value("then").map { ", then \($0)" } ?? ""
        return "a case comes to \(value("the state entered") ?? "its state")\(then)"
    }

    private func listed(
        _ difference: PolicyDifference, _ part: PolicyDifference.Assignment.Part,
        _ isTold: (PolicyDifference.Assignment) -> Bool
    ) -> String {
        difference.example.filter { $0.part == part && isTold($0) }.map { "\($0.input) is \($0.value)" }
            .joined(separator: ", ")
    }
}
