import ArgumentParser
import RemitAnalysis
import RemitExchange
import RemitLanguage
import RemitValues

/// Says where two versions of a contract decide differently, without any history.
struct CompareCommand: Verb {
    static let words = "compare"
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract:
            "Show where tables, checks, requirements and parameters of two versions decide differently.",
        discussion: """
            Tables, parameters and conditions on inputs are told as regions; nothing is sampled and no history is \
            needed. A region of a requirement or check holds what stands before it as well: earlier requirements, \
            branches, invariants, values that were set. Its example is a case that both versions were given, whole, \
            and decide differently because of this rule: other findings, money or fields, another state, seats or due \
            times, or refused for another reason. A running case is one in a state that the action takes and within \
            the invariants; whether other actions lead to it is not asked. The search of cases is bounded; where it \
            found none, or there can be none, the reason is given, and what the rule alone gives for some inputs: \
            that is an example of the rule and of no case.

            Whatever else is written otherwise is shown with both texts and their lines. The two decide alike only \
            where nothing differs but comments, layout, titles, scenarios and the version's number.

            Example: remit compare Contracts/insurance-claim.remit new.remit
            """)

    @Argument(help: "The contract as it is.")
    var old: String

    @Argument(help: "The contract as it is to be.")
    var new: String

    @OptionGroup var libraries: LibraryOptions
    @OptionGroup var with: WithOptions

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        let before = try ContractFile(path: old, libraries: libraries.folders, with: with.files)
        let after = try ContractFile(path: new, libraries: libraries.folders, with: with.files)
        let comparison = PolicyComparison.compare(
            old: try before.checked(), oldSource: before.source, new: try after.checked(), newSource: after.source,
            find: after.search.find
        ) { console.progress("comparing", $0, of: 1000) }
        console.clearBar()
        let all = comparison.differences + comparison.unresolved
        if all.isEmpty { console.line("the two decide alike", .good) }
        let words = ExampleWords(old: try before.checked().version, new: try after.checked().version)
        var last: String?
        for difference in comparison.differences {
            let head = "\(difference.subject.rawValue) \(difference.name)"
            if last != head { console.line(head, .strong) }
            last = head
            show(difference, words, console)
        }
        if !comparison.unresolved.isEmpty {
            console.line("changed, not resolved into regions", .strong)
        }
        for difference in comparison.unresolved {
            console.line("  \(difference.subject.rawValue) \(difference.name)")
            console.line("    was  \(difference.before)\(Self.line(difference.oldLine))")
            console.line("    is   \(difference.after)\(Self.line(difference.newLine))")
            tellExample(difference, words, console)
        }
        let json = JSONValue.object([
            .init("differences", .array(comparison.differences.map(Self.json))),
            .init("unresolved", .array(comparison.unresolved.map(Self.json))),
        ])
        return Outcome(json, all.isEmpty ? .fine : .finding)
    }

    private func show(_ difference: PolicyDifference, _ words: ExampleWords, _ console: Console) {
        let presence = (difference.before, difference.after)
        if presence == ("not there", "there") || presence == ("there", "not there") {
            console.line("  only in the \(difference.after == "there" ? "new" : "old") version")
            return tellExample(difference, words, console)
        }
        var place = difference.region.map { "\($0.input): \($0.values)" }.joined(separator: "; ")
        if let days = Self.days(difference.period) { place = place.isEmpty ? days : "\(days); \(place)" }
        // Of a rule that only one version has, its text says where it decides.
        let isWhole = difference.before == "not there" || difference.after == "not there"
        if !isWhole { console.line("  \(place.isEmpty ? "everywhere" : place)") }
        console.line("    was  \(difference.before)\(Self.line(difference.oldLine))")
        console.line("    is   \(difference.after)\(Self.line(difference.newLine))")
        tellExample(difference, words, console)
    }

    private func tellExample(_ difference: PolicyDifference, _ words: ExampleWords, _ console: Console) {
        for line in words.lines(difference) { console.line("    \(line)", .faint) }
    }

    private static func line(_ line: Int?) -> String { line.map { "  (line \($0))" } ?? "" }

    private static func days(_ period: Period) -> String? {
        switch (period.from, period.until) {
        case (nil, nil): nil
        case (let from?, nil): "from \(from)"
        case (nil, let until?): "before \(until)"
        case (let from?, let until?): "from \(from) until \(until)"
        }
    }

    private static func json(_ difference: PolicyDifference) -> JSONValue {
        .object([
            .init("subject", .string(difference.subject.rawValue)), .init("name", .string(difference.name)),
            .init("from", difference.period.from.map { .string($0.description) } ?? .null),
            .init("until", difference.period.until.map { .string($0.description) } ?? .null),
            .init(
                "region",
                .array(
                    difference.region.map { condition in
                        .object([
                            .init("input", .string(condition.input)), .init("values", .string(condition.values)),
                        ])
                    })),
            .init(
                "example",
                .array(
                    difference.example.map(json))),
            .init("decided", difference.decided.map(json) ?? .null),
            .init("oneVersion", difference.oneVersion.map(json) ?? .null),
            .init("rule", difference.ruleExample.map(json) ?? .null),
            .init("reason", difference.reason.map { .string($0) } ?? .null),
            .init("before", .string(difference.before)), .init("after", .string(difference.after)),
            .init("beforeLine", difference.oldLine.map { .number(String($0)) } ?? .null),
            .init("afterLine", difference.newLine.map { .number(String($0)) } ?? .null),
        ])
    }

    private static func json(_ assignment: PolicyDifference.Assignment) -> JSONValue {
        .object([
            .init("input", .string(assignment.input)), .init("value", .string(assignment.value)),
            .init("part", .string(assignment.part.rawValue)),
        ])
    }

    private static func json(_ decided: PolicyDifference.Decided) -> JSONValue {
        .object([
            .init("actor", decided.actor.map { .string($0) } ?? .null),
            .init("before", .array(decided.before.map { .string($0) })),
            .init("after", .array(decided.after.map { .string($0) })),
            .init("refusedByBoth", .boolean(decided.isRefusedByBoth)),
            .init("opened", decided.opened.map { .string($0) } ?? .null),
        ])
    }

    private static func json(_ one: PolicyDifference.OneVersion) -> JSONValue {
        .object([
            .init("action", .string(one.action)), .init("given", json(one.input)),
            .init("takenBy", .string(one.isOld ? "old" : "new")), .init("decided", .string(one.decided)),
            .init("problem", .string(one.problem)),
        ])
    }

    private static func json(_ rule: PolicyDifference.RuleExample) -> JSONValue {
        .object([
            .init("name", .string(rule.rule)), .init("inputs", .array(rule.inputs.map(json))),
            .init("before", .string(rule.before)), .init("after", .string(rule.after)),
        ])
    }
}
