import RemitValues

extension Checker {
    /// Checks a block; its locals are visible to its end.
    mutating func checkBlock(_ block: Block) -> CheckedBlock {
        let visible = scope.locals.count
        var statements: [CheckedStatement] = []
        var isReported = false
        for statement in block.statements {
            if flow.isEnded, !isReported {
                report(
                    .neverReached, "this is never reached", at: statement.span,
                    help: "the action has been refused before it on every path")
                isReported = true
            }
            if let kind = checkStatement(statement) { statements.append(CheckedStatement(kind, statement.span)) }
        }
        dropLocals(to: visible)
        return CheckedBlock(statements: statements)
    }

    private mutating func checkStatement(_ statement: Statement) -> CheckedStatement.Kind? {
        switch statement.kind {
        case .binding(let name, let value, let refusal): return checkBinding(name, value, refusal)
        case .require(let condition, let refusal):
            let test = checkCondition(condition, "`require` asks a condition")
            let refused = under(facts(test, false)) { $0.checkRefusal(refusal) }
            flow.learn(facts(test, true))
            return .require(test, refused)
        case .refuse(let refusal):
            let refused = checkRefusal(refusal)
            flow.isEnded = true
            return .refuse(refused)
        case .set(let target, let value): return checkSet(target, value)
        case .add(let value, let target): return checkAdd(value, target)
        case .remove(let value, let target): return checkRemove(value, target)
        case .choose(let condition, let then, let otherwise): return checkIf(condition, then, otherwise)
        case .match(let value, let arms): return checkMatch(value, arms, statement.span)
        case .each(let name, let list, let body): return checkEach(name, list, body)
        case .run(let name, let operands): return checkRun(name, operands, statement.span)
        case .become(let state): return checkBecome(state, statement.span)
        case .notify(let who, let text): return checkNotify(who, text)
        case .reserve(let amount, let fund, let refusal): return checkReserve(amount, from: fund, refusal)
        case .release(let amount, let fund): return checkRelease(amount, from: fund)
        case .pay(let amount, let fund, let payee): return checkPay(amount, from: fund, to: payee, statement.span)
        case .transfer(let amount, let fund, let target):
            return checkTransfer(amount, from: fund, to: target, statement.span)
        }
    }

    private mutating func checkBinding(
        _ name: Name, _ expression: Expression, _ refusal: RefusalSyntax?
    ) -> CheckedStatement.Kind? {
        let value = infer(expression)
        let refused = refusal.map { checkRefusal($0) }
        guard let refused else { return .binding(local: declareLocal(name, value.type, .binding), value) }
        guard case .optional(let inner) = value.type else {
            if value.type != .unknown {
                report(
                    .alwaysPresent, "this is always there, so that `else` is never used", at: value.span,
                    "this is \(self.name(value.type))", help: "leave out `else` and what follows")
            }
            return .binding(local: declareLocal(name, value.type, .binding), value)
        }
        return .bindingOrRefuse(local: declareLocal(name, inner, .binding), value, refused)
    }

    /// A field of a row, as `set` and `add` name it.
    private struct RowField {
        let register: Int
        let keys: [CheckedExpression]
        let field: Int
        let declared: FieldDeclaration
    }

    private enum Target {
        case caseField(Int, FieldDeclaration)
        case row(RowField)
        case entry(MapPlace)
    }

    /// What a statement changes; nil, and reported, where it cannot be changed.
    private mutating func target(_ expression: Expression) -> Target? {
        switch expression.kind {
        case .name(let name):
            if scope.local(named: name.bytes) != nil {
                report(
                    .notChangeable, "`\(name.text)` is not a field, and does not change", at: name.span,
                    labels: scope.local(named: name.bytes).map { [Label(scope.locals[$0].name.span, "bound here")] }
                        ?? [],
                    help: "change a field of the case, or bind the new value to another name with `let`")
                return nil
            }
            guard let index = caseField(name, for: "`set`") else { return nil }
            used.insert(name.bytes)
            return .caseField(index, program.caseFields[index])
        case .member(let base, let field):
            if case .thisCase = base.kind { return target(Expression(.name(field), field.span)) }
            guard case .lookup(let table, let keys) = base.kind, case .name(let name) = table.kind,
                case .register(let index) = symbols[name.bytes]?.symbol
            else { break }
            used.insert(name.bytes)
            guard let checked = checkKeys(index, keys, base.span) else { return nil }
            let row = program.records[program.registers[index].row]
            guard let position = row.fields.firstIndex(where: { TextValue($0.name) == field.bytes }) else {
                reportNoField(field, of: row)
                return nil
            }
            return .row(
                RowField(register: index, keys: checked, field: position, declared: row.fields[position]))
        case .lookup(let base, let keys):
            if let field = mapField(base) { return mapPlace(field, keys, expression.span).map(Target.entry) }
        default: break
        }
        let value = infer(expression)
        if case .otherField(_, let contract, _) = value.kind {
            let owner = program.others[contract].name
            report(
                .notChangeable, "this is a field of a case of `\(owner)`, which this contract only reads",
                at: expression.span, help: "a case changes by the actions of its own contract")
            return nil
        }
        report(
            .notChangeable, "this cannot be changed", at: expression.span,
            help: "change a field of the case, or a field of a row: `set R[key].field to …`")
        return nil
    }

    private func want(_ declared: FieldDeclaration) -> Expectation {
        Expectation(declared.type, because: "`\(declared.name)` is \(name(declared.type))", at: declared.span)
    }

    private mutating func checkSet(_ place: Expression, _ expression: Expression) -> CheckedStatement.Kind? {
        switch target(place) {
        case .caseField(let index, let declared):
            let value = check(expression, want(declared))
            flow.forget(index)
            flow.assigned.insert(index)
            if case .wrapped = value.kind,
                let path = ValuePath(CheckedExpression(.caseField(index), declared.type, place.span))
            {
                flow.learn([path])
                flow.noteSet(index)
            } else {
                flow.noteCleared(index)
            }
            return .setField(index, value)
        case .row(let row):
            let value = check(expression, want(row.declared))
            flow.forgetRows(of: row.register)
            return .setRow(register: row.register, keys: row.keys, field: row.field, value)
        case .entry(let place): return checkSetEntry(place, expression)
        case nil:
            _ = infer(expression, hint: quietType(place))
            return nil
        }
    }

    /// The type of a place that cannot be changed, so that what is written there is not reported as well.
    private mutating func quietType(_ place: Expression) -> ValueType? {
        let before = diagnostics
        let type = infer(place).type
        diagnostics = before
        return type == .unknown ? nil : type
    }

    private mutating func checkAdd(_ expression: Expression, _ place: Expression) -> CheckedStatement.Kind? {
        switch target(place) {
        case .caseField(let index, let declared):
            requireSet(Reads(fields: [index]), by: "add", place.span)
            let value = added(expression, declared)
            flow.forgetLookUps(by: index)
            return value.map { .addToField(index, $0) }
        case .row(let row):
            let value = added(expression, row.declared)
            flow.forgetRows(of: row.register)
            return value.map { .addToRow(register: row.register, keys: row.keys, field: row.field, $0) }
        case .entry(let place): return checkAddToEntry(place, expression)
        case nil:
            _ = infer(expression)
            return nil
        }
    }

    private mutating func added(_ expression: Expression, _ declared: FieldDeclaration) -> CheckedExpression? {
        switch declared.type {
        case .integer, .decimal, .money, .duration: return check(expression, want(declared))
        case .list(let element, _), .set(let element, _):
            let reason = "`\(declared.name)` holds \(name(element))"
            return check(expression, Expectation(element, because: reason, at: declared.span))
        default:
            _ = infer(expression)
            if declared.type != .unknown {
                report(
                    .notChangeable, "nothing can be added to \(name(declared.type))", at: expression.span,
                    labels: [Label(declared.span, "because `\(declared.name)` is \(name(declared.type))")],
                    help: "use `set`")
            }
            return nil
        }
    }

    private mutating func checkRemove(_ expression: Expression, _ place: Expression) -> CheckedStatement.Kind? {
        guard case .caseField(let index, let declared) = target(place) else {
            _ = infer(expression)
            return nil
        }
        requireSet(Reads(fields: [index]), by: "remove", place.span)
        switch declared.type {
        case .list(let element, _), .set(let element, _):
            let reason = "`\(declared.name)` holds \(name(element))"
            let found = check(expression, Expectation(element, because: reason, at: declared.span))
            flow.forgetLookUps(by: index)
            return .removeFromField(index, found)
        case .map(let key, _, _):
            let reason = "the keys of `\(declared.name)` are \(name(key))"
            let found = check(expression, Expectation(key, because: reason, at: declared.span))
            flow.forget(index)
            return .removeFromField(index, found)
        case .unknown: return nil
        default:
            _ = infer(expression)
            report(
                .notChangeable, "nothing can be removed from \(name(declared.type))", at: place.span,
                labels: [Label(declared.span, "because `\(declared.name)` is \(name(declared.type))")],
                help: "an amount is lowered with `set \(declared.name) to \(declared.name) - …`")
            return nil
        }
    }

    private mutating func checkRun(
        _ name: Name, _ operands: [Expression], _ span: Span
    ) -> CheckedStatement.Kind? {
        guard case .checks(let index) = symbols[name.bytes]?.symbol else {
            for operand in operands { _ = infer(operand) }
            if let declared = symbols[name.bytes] {
                report(
                    .wrongKind, "`\(name.text)` is \(declared.symbol.kind), and `run` takes a group of checks",
                    at: name.span, labels: [Label(declared.name.span, "declared here")],
                    help: "name a group that is declared with `checks`")
            } else {
                report(
                    .unknownName, "there is no group of checks `\(name.text)`", at: name.span, "not known",
                    help: suggestion(name.text, among: checksSignatures.map(\.name.text))
                        ?? "declare it: `checks \(name.text) { … }`")
            }
            return nil
        }
        used.insert(name.bytes)
        let checked = checkOperands(name, operands, checksSignatures[index].parameters, "parameter", span)
        if index < checksReads.count { requireSet(checksReads[index], by: name.text, span) }
        flow.ran.insert(index)
        guard let checked else { return nil }
        return .run(checks: index, checked)
    }

    private mutating func checkNotify(_ who: Expression, _ text: TextSyntax) -> CheckedStatement.Kind? {
        let words = checkText(text)
        if case .name(let name) = who.kind, case .role(let role) = symbols[name.bytes]?.symbol {
            used.insert(name.bytes)
            return .notifyRole(role, words)
        }
        let party = check(who, Expectation(.party, because: "a role or a party is notified"))
        return party.type == .unknown ? nil : .notifyParty(party, words)
    }
}
