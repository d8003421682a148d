import RemitValues

extension Checker {
    /// Checks functions, that none calls itself, and works out what each reads of the case.
    mutating func checkFunctions() {
        for declaration in declarations {
            guard case .function(let syntax) = declaration.kind else { continue }
            enter(declaration)
            let signature = functionSignatures[program.functions.count]
            begin(isInLibrary ? .libraryFunction : .function, syntax.parameters, signature.parameters)
            var bindings: [(local: Int, value: CheckedExpression)] = []
            for binding in syntax.bindings {
                let value = infer(binding.value)
                bindings.append((declareLocal(binding.name, value.type, .binding), value))
            }
            let want = Expectation(
                signature.result, because: "`\(syntax.name.text)` gives \(name(signature.result))",
                at: signature.resultSpan)
            let value = check(syntax.value, want)
            dropLocals(to: 0)
            functionReads.append(reads)
            let cost = bindings.reduce(value.cost) { $0 + $1.value.cost + 1 }
            program.functions.append(
                FunctionDeclaration(
                    name: syntax.name.text, parameters: signature.parameters, result: signature.result,
                    source: source(syntax.source), bindings: bindings, value: value, cost: cost,
                    localCount: scope.slotCount, span: syntax.name.span))
        }
        leaveLibraries()
        reportCycles()
    }

    /// Starts a body: its parameters stand in the first slots.
    mutating func begin(_ scope: Scope, _ parameters: [FieldSyntax], _ declared: [FieldDeclaration]) {
        self.scope = scope
        flow = Flow()
        reads = Reads()
        for (parameter, declaration) in zip(parameters, declared) {
            declareLocal(parameter.name, declaration.type, .parameter)
        }
    }

    /// Reports functions that call themselves, and adds to each what the functions that it calls read.
    private mutating func reportCycles() {
        enum Mark { case new, open, done }
        var marks = [Mark](repeating: .new, count: functionReads.count)
        var depths = [Int](repeating: 1, count: functionReads.count)
        // An explicit stack, because a contract may hold thousands of functions that call each other in a row.
        for start in functionReads.indices where marks[start] == .new {
            var stack: [(function: Int, next: Int)] = [(start, 0)]
            marks[start] = .open
            while let (function, next) = stack.last {
                let calls = functionReads[function].calls
                guard next < calls.count else {
                    marks[function] = .done
                    stack.removeLast()
                    for call in calls where marks[call.function] == .done {
                        functionReads[function].formUnion(functionReads[call.function])
                        depths[function] = max(depths[function], depths[call.function] + 1)
                    }
                    reportDepth(function, depths[function])
                    continue
                }
                stack[stack.count - 1].next += 1
                let call = calls[next]
                switch marks[call.function] {
                case .new:
                    marks[call.function] = .open
                    stack.append((call.function, 0))
                case .open: reportCycle(stack.map(\.function), call.function, call.span)
                case .done: break
                }
            }
        }
    }

    private mutating func reportDepth(_ function: Int, _ depth: Int) {
        guard depth == Limits.callDepth + 1 else { return }
        let name = functionSignatures[function].name
        report(
            .beyondLimit, "calls from `\(name.text)` nest deeper than \(Limits.callDepth)", at: name.span,
            help: "join some of the functions that it calls")
    }

    private mutating func reportCycle(_ open: [Int], _ called: Int, _ span: Span) {
        guard let start = open.firstIndex(of: called) else { return }
        let round = (open[start...] + [called]).map { functionSignatures[$0].name.text }
        let name = functionSignatures[called].name
        report(
            .recursion, "`\(name.text)` calls itself\(round.count > 2 ? " through others" : "")", at: span,
            "this call leads back", labels: [Label(name.span, "declared here")],
            notes: ["the round is " + round.map { "`\($0)`" }.joined(separator: " → ")],
            help: "a function cannot call itself; a list is gone through with `sum of … for … in …`")
    }

    /// Checks groups of checks.
    mutating func checkGroupsOfChecks() {
        for declaration in ownDeclarations {
            guard case .checks(let syntax) = declaration.kind else { continue }
            let signature = checksSignatures[program.checks.count]
            begin(.checks, syntax.parameters, signature.parameters)
            let items = checkItems(syntax.items)
            dropLocals(to: 0)
            var total = reads
            for call in reads.calls where call.function < functionReads.count {
                total.formUnion(functionReads[call.function])
            }
            if total.verdicts.contains(program.checks.count) {
                report(
                    .recursion, "`\(syntax.name.text)` reads its own verdict", at: syntax.name.span,
                    help: "a group of checks cannot know what it will find; ask in an action after `run`")
            }
            checksReads.append(total)
            program.checks.append(
                ChecksDeclaration(
                    name: syntax.name.text, parameters: signature.parameters, items: items,
                    localCount: scope.slotCount, lineField: signature.lineField, span: syntax.name.span))
        }
    }

    private mutating func checkItems(_ items: [CheckItem]) -> [CheckedItem] {
        var result: [CheckedItem] = []
        for item in items {
            switch item {
            case .check(let check): result.append(.check(checkCheck(check)))
            case .binding(let name, let expression, _):
                let value = infer(expression)
                result.append(.binding(local: declareLocal(name, value.type, .binding), Priced(value)))
            case .each(let name, let list, let inner, let span):
                let source = infer(list)
                let element = elements(source)?.0 ?? .unknown
                let visible = scope.locals.count
                let local = declareLocal(name, element, .loop)
                let items = checkItems(inner)
                dropLocals(to: visible)
                result.append(.each(local: local, in: Priced(source), items, span: span))
            }
        }
        return result
    }

    private mutating func checkCheck(_ check: CheckSyntax) -> CheckedCheck {
        let condition = checkCondition(check.condition, "`when` asks a condition")
        let text = under(facts(condition, true)) { $0.checkText(check.text) }
        let code = plain(check.code, in: "the code of a check")
        findingCodes.append(code)
        checkCount += 1
        return CheckedCheck(
            index: checkCount - 1, severity: check.severity, code: code, text: text, condition: Priced(condition),
            source: source(check.source), span: check.span)
    }

    /// A text for people: its paths are resolved like expressions.
    mutating func checkText(_ text: TextSyntax) -> CheckedText {
        var parts: [CheckedText.Part] = []
        for part in text.parts {
            switch part {
            case .plain(let plain): parts.append(.plain(plain))
            case .path(let names):
                guard let first = names.first else { continue }
                if names.count == 1, first.text == "case", scope.readsCase {
                    parts.append(.caseReference)
                    continue
                }
                var path = Expression(first.text == "case" ? .thisCase : .name(first), first.span)
                for name in names.dropFirst() {
                    path = Expression(.member(path, name), first.span.joined(name.span))
                }
                let value = infer(path)
                if value.type != .unknown { parts.append(.value(shown(value))) }
            }
        }
        return CheckedText(parts: parts)
    }

    /// A value that a text shows; reports one that no sentence can hold.
    private mutating func shown(_ value: CheckedExpression) -> CheckedExpression {
        switch present(value.type) {
        case .record, .list, .set, .map, .entry:
            report(
                .typeNotAllowed, "a text cannot show \(name(value.type))", at: value.span,
                help: "show one of its fields, such as `{line.code}`")
        case .unrounded:
            report(
                .missingRounding, "an unrounded amount would be shown", at: value.span,
                help: "round it where it is bound: `let share = … rounded half up`")
        default: break
        }
        return value
    }

    mutating func checkRefusal(_ refusal: RefusalSyntax) -> CheckedRefusal {
        CheckedRefusal(
            code: refusal.code.map { plain($0, in: "the code of a refusal") }, text: checkText(refusal.text))
    }
}
