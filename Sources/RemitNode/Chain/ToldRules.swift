public import RemitLanguage
public import RemitLedger
import RemitValues

/// What a receipt tells of the rules, held against what the parser makes of their text.
///
/// A receipt finds rules and names without the grammar, so that every verifier finds the same. Here they are compared
/// before a receipt is handed out.
public enum ToldRules {
    /// What a receipt would tell otherwise than the text says; nil where all that it tells is so.
    public static func difference(_ facts: ProvenFacts, _ program: CheckedProgram) -> String? {
        guard let rules = facts.rules, let receipt = facts.receipt else { return nil }
        let text = RulesText(rules.source)
        let findings = facts.findings ?? .none
        let call = facts.transaction?.body.call
        for clause in findings.clauses + findings.findings.map(\.clause) {
            guard let told = text.line(of: clause, receipt.outcome, call: call),
                let line = line(of: clause, program, rules.source), line != told
            else { continue }
            return "\(clause) is on line \(line), not \(told)"
        }
        if let body = facts.transaction?.body,
            let told = text.argumentNames(of: body.call, body.arguments.count),
            let names = argumentNames(of: body.call, program), !isSame(told, names)
        {
            return "the arguments are \(names.joined(separator: ", ")), not \(told.joined(separator: ", "))"
        }
        let names = program.caseFields.map(\.name)
        if let told = text.fieldNames(names.count), !isSame(told, names) {
            return "the fields are \(names.joined(separator: ", ")), not \(told.joined(separator: ", "))"
        }
        return nil
    }

    private static func isSame(_ left: [String], _ right: [String]) -> Bool {
        left.map { TextValue($0) } == right.map { TextValue($0) }
    }

    /// The line, counted from 1, of a check, deadline, approval or migration; nil for a clause of another kind.
    public static func line(of clause: String, _ program: CheckedProgram, _ source: String) -> Int? {
        let parts = clause.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[1]),
            let span = parts[0] == "check"
                ? program.checks.lazy.flatMap({ checks(in: $0.items) }).first(where: { $0.index == number - 1 })?.span
                : span(of: parts[0], number, source)
        else { return nil }
        return 1 + source.utf8.prefix(span.start).count { $0 == 0x0A }
    }

    /// Where a declaration begins, with its word; the program has the places of their names.
    private static func span(of kind: Substring, _ number: Int, _ source: String) -> Span? {
        let contract = parse(SourceText(name: "", bytes: Array(source.utf8))).contract
        let found = (contract?.declarations ?? []).filter { declaration in
            switch declaration.kind {
            case .deadline, .approval: kind == "timer"
            case .migrate(let migration): kind == "migration" && migration.from == number
            default: false
            }
        }
        if kind == "timer" { return found.indices.contains(number - 1) ? found[number - 1].span : nil }
        return found.count == 1 ? found[0].span : nil
    }

    private static func checks(in items: [CheckedItem]) -> [CheckedCheck] {
        items.flatMap { item -> [CheckedCheck] in
            switch item {
            case .check(let check): [check]
            case .each(_, in: _, let items, span: _): checks(in: items)
            case .binding: []
            }
        }
    }

    /// The names of an action's arguments: the fields that it enters, then its inputs; nil without such an action.
    public static func argumentNames(of call: String, _ program: CheckedProgram) -> [String]? {
        program.actions.first { $0.name == call }.map { action in
            action.enters.map { program.caseFields[$0].name } + action.parameters.map(\.name)
        }
    }
}
