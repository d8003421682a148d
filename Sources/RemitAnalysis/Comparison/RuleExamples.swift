import RemitLanguage
import RemitRuntime
import RemitValues

/// What single rules give in both versions: examples of the rule, where no case was found that comes to it.
struct RuleExamples {
    let old: PolicySide
    let new: PolicySide
    let pool: ValuePool
    /// Whether examples are asked for at all.
    let isAsked: Bool

    /// What a rule came to.
    private enum Answer {
        case value(String)
        /// What was in the way, in the engine's words.
        case refused(String)

        var text: String {
            switch self {
            case .value(let text): text
            case .refused(let text): "refused: \(text)"
            }
        }
    }

    /// A rule that is asked, with the values of the names in it.
    private struct Asked {
        let expression: CheckedExpression
        var locals: [(local: Int, name: String, type: ValueType)] = []
        var isTold: (Int) -> Bool = { _ in true }
    }

    // MARK: Rules

    /// A table (index in each version) that gives something else for some values of its inputs.
    func ofTable(
        _ before: Int, _ after: Int, _ values: [[Value]], _ piece: Period
    ) -> PolicyDifference.RuleExample? {
        guard isAsked, values.allSatisfy({ !$0.isEmpty }) else { return nil }
        let day = piece.from ?? piece.until.flatMap { try? $0.adding(days: -1) }
        func asked(_ table: Int, _ side: PolicySide, _ inputs: [Value]) -> Asked {
            let declared = side.program.tables[table]
            let arguments = zip(declared.inputs, inputs).map { input, value in
                CheckedExpression(.constant(value), input.type, declared.span)
            }
            let on = day.map { CheckedExpression(.constant(.date($0)), .date, declared.span) }
            return Asked(
                expression: CheckedExpression(
                    .table(table, arguments, on: declared.isDated ? on : nil), declared.result, declared.span))
        }
        let declared = new.program.tables[after]
        for choice in 0..<(values.map(\.count).max() ?? 1) {
            let inputs = values.map { $0[choice % $0.count] }
            guard !(declared.isDated || old.program.tables[before].isDated) || day != nil else { return nil }
            let asked = (asked(before, old, inputs), asked(after, new, inputs))
            guard let found = answers(asked.0, asked.1, CaseWish()), found.before.text != found.after.text else {
                continue
            }
            var told = zip(declared.inputs, inputs).map { input, value in
                PolicyDifference.Assignment(
                    input: input.name, value: new.program.written(value, input.type), part: .rule)
            }
            if declared.isDated, let day { told.append(.init(input: "the day", value: day.description, part: .rule)) }
            return .init(
                rule: declared.name, inputs: told + found.read, before: found.before.text, after: found.after.text)
        }
        return nil
    }

    /// A function that both versions have and that gives something else for some arguments.
    func ofFunction(_ name: String) -> PolicyDifference.RuleExample? {
        func asked(_ side: PolicySide) -> Asked? {
            guard let index = side.program.functions.firstIndex(where: { TextValue($0.name) == TextValue(name) }) else {
                return nil
            }
            let function = side.program.functions[index]
            let locals = function.parameters.enumerated().map { (local: $0, name: $1.name, type: $1.type) }
            let arguments = locals.map { CheckedExpression(.local($0.local), $0.type, function.span) }
            return Asked(
                expression: CheckedExpression(
                    .call(function: index, arguments), function.result, function.span), locals: locals)
        }
        guard let first = asked(old), let second = asked(new) else { return nil }
        return example(name, first, second) { $0.text }
    }

    /// A guard whose condition comes to something else for some values of the names in it.
    func ofGuard(_ first: Guard, _ second: Guard) -> PolicyDifference.RuleExample? {
        func asked(_ rule: Guard, _ side: PolicySide) -> Asked {
            var locals: [(local: Int, name: String, type: ValueType)] = []
            var inner: Set<Int> = []
            var open = [rule.condition]
            while let expression = open.popLast() {
                if case .aggregate(let aggregate) = expression.kind { inner.insert(aggregate.local) }
                if case .local(let local) = expression.kind, !locals.contains(where: { $0.local == local }) {
                    locals.append((local, side.text(expression.span), expression.type))
                }
                open += expression.operands
            }
            return Asked(
                expression: rule.condition, locals: locals.sorted { $0.local < $1.local },
                isTold: { !inner.contains($0) })
        }
        return example(second.code ?? second.place, asked(first, old), asked(second, new)) { answer in
            switch answer {
            case .value(let text): PolicyComparison.words(second, text == "yes" ? .holds : .fails)
            case .refused(let text): "comes to nothing: \(text)"
            }
        }
    }

    private func example(
        _ name: String, _ first: Asked, _ second: Asked, _ words: (Answer) -> String
    ) -> PolicyDifference.RuleExample? {
        guard isAsked else { return nil }
        for attempt in 0..<Limits.triedCases {
            guard let found = answers(first, second, CaseWish(attempt: attempt)) else { continue }
            let (before, after) = (words(found.before), words(found.after))
            if before != after { return .init(rule: name, inputs: found.read, before: before, after: after) }
        }
        return nil
    }

    // MARK: Asking

    /// What both versions give for one wish, and what they were asked and read; nil where it cannot be asked.
    private func answers(
        _ first: Asked, _ second: Asked, _ wish: CaseWish
    ) -> (before: Answer, after: Answer, read: [PolicyDifference.Assignment])? {
        let made = MadeValues()
        guard let before = answer(first, old, wish, made) else { return nil }
        var same = made.frozen(wish)
        same.isExact = true
        guard let after = answer(second, new, same, made) else { return nil }
        var read: [PolicyDifference.Assignment] = []
        for assignment in after.read + before.read
        where !read.contains(where: { TextValue($0.input) == TextValue(assignment.input) }) {
            read.append(assignment)
        }
        return (before.answer, after.answer, read)
    }

    private func answer(
        _ asked: Asked, _ side: PolicySide, _ wish: CaseWish, _ made: MadeValues
    ) -> (answer: Answer, read: [PolicyDifference.Assignment])? {
        var program = side.program
        guard !program.roles.isEmpty, !program.states.isEmpty else { return nil }
        let maker = CaseMaker(program: program, pool: pool, wish: wish, made: made)
        var told: [PolicyDifference.Assignment] = []
        func tell(_ name: String, _ value: Value, _ type: ValueType) {
            told.append(.init(input: name, value: side.program.written(value, type), part: .rule))
        }
        let nowhere = asked.expression.span
        var statements: [CheckedStatement] = []
        for (local, name, type) in asked.locals {
            guard let value = maker.value(type, ["given", TextValue(name)]) else { return nil }
            if asked.isTold(local) { tell(name, value, type) }
            statements.append(
                CheckedStatement(
                    .binding(local: local, CheckedExpression(.constant(value), type, nowhere)), nowhere))
        }
        let result = (asked.locals.map(\.local).max() ?? -1) + 1
        statements.append(CheckedStatement(.binding(local: result, asked.expression), nowhere))
        let action = ActionDeclaration(
            name: "", states: Array(program.states.indices), opens: [],
            authorities: [CheckedAuthority(who: .role(0, .any), span: nowhere)], except: [], enters: [], parameters: [],
            source: nil, body: CheckedBlock(statements: statements), localCount: result + 1, headCost: 0,
            span: nowhere)
        program.actions.append(action)
        guard let (existing, now) = existing(maker, program) else { return nil }
        let world = CaseWorld(maker: maker)
        let request = Request(
            action: program.actions.count - 1, actor: CaseMaker.anna, organisation: CaseMaker.home, now: now,
            arguments: [], existing: existing, newReference: existing.reference)
        guard
            let transition = try? Evaluator(program: program, stepLimit: Limits.triedSteps)
                .perform(request, view: world, tracing: true)
        else { return nil }
        let reads = ActionReads(ofRule: action, program)
        for index in reads.fields.sorted() {
            tell(program.caseFields[index].name, existing.fields[index], program.caseFields[index].type)
        }
        if reads.asksNow || reads.asksToday { tell("now", .instant(now), .dateTime) }
        for read in world.read { note(read, side.program, &told) }
        for entry in transition.trace?.entries.reversed() ?? [] {
            if case .localSet(local: result, let value) = entry.event {
                return (.value(side.program.written(value, asked.expression.type)), told)
            }
        }
        guard case .refused(let refusal) = transition.outcome else { return nil }
        return (.refused(refusal.text), told)
    }

    /// A case on which a rule is asked, of which only its fields matter.
    private func existing(_ maker: CaseMaker, _ program: CheckedProgram) -> (CaseState, Instant)? {
        var fields: [Value] = []
        for field in program.caseFields {
            guard let value = maker.value(field.type, ["case", TextValue(field.name)]) else { return nil }
            fields.append(value)
        }
        guard case .instant(let now)? = maker.value(.dateTime, ["now"]) else { return nil }
        let checks = program.checks.map { _ in CheckResult(verdict: .clear, deniedLines: [], findings: []) }
        let existing = CaseState(
            reference: "Case/1", state: 0, revision: 1, fields: fields, checks: checks)
        return (existing, now)
    }

    private func note(
        _ read: (register: Int, keys: [Value], row: [Value]?), _ program: CheckedProgram,
        _ told: inout [PolicyDifference.Assignment]
    ) {
        let declared = program.registers[read.register]
        let names = zip(declared.keys, read.keys).map { program.written($1, $0.type) }.joined(separator: ", ")
        let place = "\(declared.name)[\(names)]"
        guard let row = read.row else { return told.append(.init(input: place, value: "absent", part: .rule)) }
        for (field, value) in zip(program.records[declared.row].fields, row) {
            told.append(
                .init(input: "\(place).\(field.name)", value: program.written(value, field.type), part: .rule))
        }
    }
}
