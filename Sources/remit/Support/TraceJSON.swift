import RemitExchange
import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// A trace as data: what happened, in order, with values, places and the sources that rules cite.
struct TraceJSON {
    let program: CheckedProgram
    let source: SourceText

    private let rules: CitedRules

    private var values: ValueText { ValueText(program: program) }

    init(program: CheckedProgram, source: SourceText) {
        self.program = program
        self.source = source
        rules = CitedRules(program)
    }

    /// All steps; those that were left out of the trace are counted.
    func json(_ trace: Trace) -> JSONValue {
        .object([
            .init("steps", .array(trace.entries.map(json))), .init("omitted", .integer(Int64(trace.omitted))),
        ])
    }

    private func json(_ entry: Trace.Entry) -> JSONValue {
        let (word, members) = parts(entry)
        return .object([.init("step", .string(word))] + members + place(entry.span))
    }

    /// Where in the contract: file, line, and the words that stand there.
    private func place(_ span: Span) -> [JSONValue.Member] {
        guard span.start >= 0, span.end <= source.bytes.count, span.start < span.end else { return [] }
        return [
            .init("line", .integer(Int64(source.position(at: span.start).line))),
            .init("text", .string(source.text(span))),
        ]
    }

    private func parts(_ entry: Trace.Entry) -> (String, [JSONValue.Member]) {
        let rule = JSONValue.Member("source", text(rules.source(at: entry.span)))
        switch entry.event {
        case .admitted(let role): return ("admitted", [.init("as", .string(role)), rule])
        case .requirement(let holds, let reads):
            return ("requirement", [.init("holds", .boolean(holds)), rule, .init("reads", self.reads(reads))])
        case .check(_, let group, let item, let line, let holds, let reads):
            let check = item.check
            return (
                "check",
                [
                    .init("checks", name(program.checks, group, \.name)), .init("code", .string(check.code)),
                    .init("severity", .string(check.severity.rawValue)), .init("onLine", number(line)),
                    .init("holds", .boolean(holds)), .init("source", text(check.source)),
                    .init("reads", self.reads(reads)),
                ]
            )
        case .checkFaulted(let clause, let line, let problem):
            let check = program.check(clause)
            return (
                "checkFaulted",
                [
                    .init("code", text(check?.code)), .init("onLine", number(line)),
                    .init("problem", .string(problem)), .init("source", text(check?.source)),
                ]
            )
        case .verdict(let index, let verdict):
            return (
                "verdict",
                [.init("checks", name(program.checks, index, \.name)), .init("verdict", .string(verdict.rawValue))]
            )
        case .branch(let branch, let condition, let reads):
            return (
                "branch",
                [.init("taken", .integer(Int64(branch)))]
                    + (condition.map { [.init("condition", .string(source.text($0)))] } ?? [])
                    + (reads.isEmpty ? [] : [.init("reads", self.reads(reads))])
            )
        case .stateEntered(let state):
            return ("stateEntered", [.init("state", name(program.states, state, \.name))])
        case .invariant(let words, let holds):
            return ("invariant", [.init("invariant", .string(words)), .init("holds", .boolean(holds)), rule])
        case .noticeGiven(let recipient, let words):
            return ("notice", [.init("to", .string(recipient)), .init("notice", .string(words))])
        case .posted, .roundOpened, .roundEnded, .voted, .counted, .timerFired, .deadlineSet, .deadlineSpent:
            return engine(entry.event)
        default: return self.rule(entry.event)
        }
    }

    /// What was read and set.
    private func rule(_ event: Trace.Event) -> (String, [JSONValue.Member]) {
        switch event {
        case .argumentsGiven(let action, let values):
            let parameters = program.actions.indices.contains(action) ? program.actions[action].parameters : []
            return (
                "argumentsGiven",
                [.init("action", name(program.actions, action, \.name)), .init("values", object(parameters, values))]
            )
        case .fieldSet(let field, let value):
            return ("fieldSet", [.init("field", name(program.caseFields, field, \.name)), .init("value", json(value))])
        case .fieldGrown(let field, let value):
            return (
                "fieldGrown", [.init("field", name(program.caseFields, field, \.name)), .init("added", json(value))]
            )
        case .localSet(_, let value): return ("let", [.init("value", json(value))])
        case .rowSet(let register, let keys, let field, let value):
            let row = program.registers.indices.contains(register) ? program.registers[register].row : -1
            let fields = program.records.indices.contains(row) ? program.records[row].fields : []
            return (
                "rowSet",
                [
                    .init("register", name(program.registers, register, \.name)),
                    .init("keys", .array(keys.map(json))), .init("field", name(fields, field, \.name)),
                    .init("value", json(value)),
                ]
            )
        case .rowRead(let register, let keys, let found):
            return (
                "rowRead",
                [
                    .init("register", name(program.registers, register, \.name)),
                    .init("keys", .array(keys.map(json))), .init("found", .boolean(found)),
                ]
            )
        case .otherRead(let reference, let contract, let field, let value):
            let fields = program.others.indices.contains(contract) ? program.others[contract].fields : []
            return (
                "otherRead",
                [
                    .init("case", .string(reference.string)),
                    .init("field", field.map { name(fields, $0, \.name) } ?? .null), .init("value", json(value)),
                ]
            )
        case .parameterRead(let index, _, let day, let value):
            let source = program.parameters.indices.contains(index) ? program.parameters[index].source : nil
            return (
                "parameterRead",
                [
                    .init("parameter", name(program.parameters, index, \.name)),
                    .init("on", day.map { .string($0.description) } ?? .null), .init("value", json(value)),
                    .init("source", text(source)),
                ]
            )
        case .tableRead(let index, let section, let row, let day, let inputs, let outputs):
            return ("tableRead", table(index, section, row, day, inputs, outputs))
        case .functionCalled(let index, let arguments, let value):
            let source = program.functions.indices.contains(index) ? program.functions[index].source : nil
            return (
                "functionCalled",
                [
                    .init("function", name(program.functions, index, \.name)),
                    .init("arguments", .array(arguments.map(json))), .init("value", json(value)),
                    .init("source", text(source)),
                ]
            )
        default: return ("other", [])
        }
    }

    private func table(
        _ index: Int, _ section: Int, _ row: Int, _ day: CalendarDate?, _ inputs: [Value], _ outputs: [Value]
    ) -> [JSONValue.Member] {
        guard program.tables.indices.contains(index) else { return [] }
        let table = program.tables[index]
        var source = table.source
        if table.sections.indices.contains(section), table.sections[section].rows.indices.contains(row) {
            source = table.sections[section].rows[row].source ?? source
        }
        return [
            .init("table", .string(table.name)), .init("row", .integer(Int64(row + 1))),
            .init("on", day.map { .string($0.description) } ?? .null),
            .init("inputs", object(table.inputs, inputs)), .init("outputs", object(table.outputs, outputs)),
            .init("source", text(source)),
        ]
    }

    private func engine(_ event: Trace.Event) -> (String, [JSONValue.Member]) {
        switch event {
        case .posted(let posting):
            return (
                "posted",
                [
                    .init("fund", .string(posting.contract.map { "\($0).\(posting.fund)" } ?? posting.fund.string)),
                    .init("from", .string(posting.from.name)), .init("to", .string(posting.to.name)),
                    .init("amount", ValueText.money(posting.amount)),
                ]
            )
        case .roundOpened(let index, let due):
            return (
                "roundOpened",
                round(index) + [.init("due", .string(due.utcText))]
            )
        case .roundEnded(let index, let outcome):
            return (
                "roundEnded",
                round(index) + [.init("outcome", .string(outcome.rawValue))]
            )
        case .voted(let index, let vote): return ("voted", voted(index, vote))
        case .counted(let index, let vote): return ("counted", voted(index, vote))
        case .deadlineSet(let index, let due):
            return (
                "deadlineSet",
                deadline(index) + [.init("due", .string(due.utcText))]
            )
        case .deadlineSpent(let index): return ("deadlineSpent", deadline(index))
        case .timerFired(let index) where program.timers.indices.contains(index):
            switch program.timers[index] {
            case .deadline(let deadline): return ("timerFired", self.deadline(deadline))
            case .overdue(let approval): return ("timerFired", round(approval))
            }
        default: return ("timerFired", [])
        }
    }

    private func voted(_ index: Int, _ vote: RoundState.Vote) -> [JSONValue.Member] {
        round(index) + [
            .init("signer", .string(vote.signer.identifier.string)),
            .init("by", .string(vote.by.identifier.string)),
            .init("roles", .array(vote.roles.map { .string($0.string) })),
            .init("reason", text(vote.reason?.string)),
        ] + RoundText.choices(of: vote)
    }

    /// A round of signatures, with what the policy cites for it.
    private func round(_ index: Int) -> [JSONValue.Member] {
        let source = program.approvals.indices.contains(index) ? program.approvals[index].source : nil
        return [.init("approval", name(program.approvals, index, \.name)), .init("source", text(source))]
    }

    /// A deadline, with what the policy cites for it.
    private func deadline(_ index: Int) -> [JSONValue.Member] {
        let source = program.deadlines.indices.contains(index) ? program.deadlines[index].source : nil
        return [.init("deadline", name(program.deadlines, index, \.name)), .init("source", text(source))]
    }

    // MARK: Values

    private func name<Item>(_ items: [Item], _ index: Int, _ name: KeyPath<Item, String>) -> JSONValue {
        items.indices.contains(index) ? .string(items[index][keyPath: name]) : .null
    }

    private func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    private func number(_ number: Int?) -> JSONValue { number.map { .integer(Int64($0)) } ?? .null }

    private func object(_ fields: [FieldDeclaration], _ found: [Value]) -> JSONValue {
        .object(zip(fields, found).map { field, value in .init(field.name, values.json(value, field.type)) })
    }

    private func reads(_ reads: [Trace.Read]) -> JSONValue {
        .array(
            reads.map { read in
                .object([.init("text", .string(source.text(read.span))), .init("value", json(read.value))])
            })
    }

    /// A value whose type the step does not tell: parts of records stand in their order.
    private func json(_ value: Value) -> JSONValue {
        switch value {
        case .record(let parts), .list(let parts), .set(let parts): .array(parts.map(json))
        case .map(let entries): .array(entries.map { .array([json($0.key), json($0.value)]) })
        default: values.json(value, .unknown)
        }
    }
}
