import RemitValues

extension Checker {
    /// What a name that stands alone means: a local, a party, a field, a parameter, or a value of the wanted type.
    mutating func inferName(_ name: Name, hint: ValueType?) -> CheckedExpression {
        let wanted = hint.map(present)
        let valueNamed = wanted.flatMap(valueNames)?.contains { TextValue($0) == name.bytes } ?? false
        if let found = lookUp(name) {
            if valueNamed, found.type == wanted {
                report(
                    .ambiguousName, "`\(name.text)` could be a value of \(self.name(found.type)) or something declared",
                    at: name.span, help: "give one of the two another name")
            } else if valueNamed, let wanted {
                return namedValue(name, wanted)
            }
            return found
        }
        if valueNamed, let wanted { return namedValue(name, wanted) }
        if let declared = symbols[name.bytes] { return inferDeclared(name, declared) }
        if case .optional = hint, name.text == "absent" {
            return CheckedExpression(.constant(.absent), hint ?? .unknown, name.span)
        }
        return reportUnknown(name, wanted)
    }

    /// A value that is found by its type; beside a case of another contract, one of its states.
    private func namedValue(_ name: Name, _ wanted: ValueType) -> CheckedExpression {
        let type: ValueType = if case .caseOf(let contract) = wanted { .otherState(contract) } else { wanted }
        return CheckedExpression(.constant(.enumeration(name.bytes)), type, name.span)
    }

    /// The value of a name that is in reach; nil where none is.
    private mutating func lookUp(_ name: Name) -> CheckedExpression? {
        if let index = scope.local(named: name.bytes) {
            scope.use(index)
            let local = scope.locals[index]
            return narrowed(CheckedExpression(.local(local.slot), local.type, name.span))
        }
        if let label = scope.label(named: name.bytes) {
            // A case that a scenario speaks of: by itself it stands for its state.
            let record = CheckedExpression(.local(label), .unknown, name.span)
            return CheckedExpression(.field(record, program.caseFields.count), .state, name.span)
        }
        if let party = scope.parties[name.bytes]?.party {
            return CheckedExpression(
                .constant(.party(party)), party.kind == .person ? .person : .organisation, name.span)
        }
        if let given = scope.otherCases[name.bytes] {
            return CheckedExpression(.constant(.caseReference(given.reference)), .caseOf(given.contract), name.span)
        }
        if case .caseField(let index) = symbols[name.bytes]?.symbol, scope.readsCase {
            used.insert(name.bytes)
            return readField(index, name)
        }
        return nil
    }

    /// Reads a field of the case; reports one that has no value yet.
    mutating func readField(_ index: Int, _ name: Name) -> CheckedExpression {
        reads.fields.insert(index)
        if scope.isMigrating, !flow.assigned.contains(index) { earlyReads.insert(index) }
        if scope.isOpening, !flow.assigned.contains(index) {
            report(
                .fieldReadEarly, "`\(name.text)` has no value yet", at: name.span, "read here",
                labels: [Label(program.caseFields[index].span, "has no `starts`")],
                help: "`set \(name.text) to …` first, or let the form enter it (`enters`)")
            // Once is enough.
            flow.assigned.insert(index)
        }
        return narrowed(CheckedExpression(.caseField(index), program.caseFields[index].type, name.span))
    }

    /// An optional that is known to be present here, as its value.
    func narrowed(_ value: CheckedExpression) -> CheckedExpression {
        guard case .optional(let inner) = value.type, let path = ValuePath(value), flow.present.contains(path) else {
            return value
        }
        return CheckedExpression(value.kind, inner, value.span)
    }

    /// A declared name that stands alone where a value is needed.
    private mutating func inferDeclared(_ name: Name, _ declared: Declared) -> CheckedExpression {
        used.insert(name.bytes)
        let span = name.span
        switch declared.symbol {
        case .parameter(let index):
            if parameterSignatures[index].isDated {
                reportMissingDate(name, "`\(name.text) on` a date", span)
                return wrong(span)
            }
            return CheckedExpression(.parameter(index, on: nil), parameterSignatures[index].type, span)
        case .checks(let index) where scope.readsCase:
            reads.verdicts.insert(index)
            requireRun(index, span)
            return CheckedExpression(.verdict(checks: index), .verdict, span)
        case .approval(let index) where scope.readsCase:
            reads.readsState = true
            return CheckedExpression(.outcome(round: index), .roundOutcome, span)
        case .repeated: return wrong(span)
        case .caseField:
            report(
                .notHere, "`\(name.text)` is a field of the case, which \(scope.place) cannot read", at: span,
                labels: [Label(declared.name.span, "declared here")], help: notReadableHelp(name))
            return wrong(span)
        default:
            report(
                .wrongKind, "`\(name.text)` is \(declared.symbol.kind), and a value is needed here", at: span,
                labels: [Label(declared.name.span, "declared here")], help: valueHelp(name, declared.symbol))
            return wrong(span)
        }
    }

    private func notReadableHelp(_ name: Name) -> String {
        if let label = scope.labels.last { return "say of which case: `\(label.text).\(name.text)`" }
        return scope.place == "a scenario"
            ? "give the case a label with `as c`, and write `c.\(name.text)`" : scope.remedy
    }

    private func valueHelp(_ name: Name, _ symbol: Symbol) -> String {
        switch symbol {
        case .table, .function: "call it with its arguments in brackets: `\(name.text)(…)`"
        case .register: "look up a row by its key in square brackets: `\(name.text)[…]`"
        case .record: "give its fields in brackets: `\(name.text)(…)`"
        case .enumeration(let index): "write one of its values: \(Self.listed(program.enumerations[index].cases))"
        case .role: "who may act is said behind `by`; a seat of a quorum is `1 of \(name.text)`"
        case .checks: "the verdict of checks can be read in actions, functions and invariants"
        case .fund: "what it holds is `available(\(name.text))`"
        case .approval: "how its round stands can be read in actions, functions and invariants"
        default: "write a value"
        }
    }

    mutating func reportMissingDate(_ name: Name, _ example: String, _ span: Span) {
        report(
            .missingDate, "`\(name.text)` changes with time, and nothing says for which day it is read", at: span,
            "on which day?", labels: [Label(symbols[name.bytes]?.name.span ?? span, "its values are dated")],
            help: "write \(example), such as the day of service")
    }

    /// Reports, while a case is being opened, checks whose verdict is read before they run.
    mutating func requireRun(_ checks: Int, _ span: Span) {
        guard scope.isOpening, !flow.ran.contains(checks) else { return }
        let name = checksSignatures[checks].name
        report(
            .checksNotRun, "`\(name.text)` has not run yet", at: span,
            labels: [Label(name.span, "declared here")], help: "write `run \(name.text)(…)` before it")
        flow.ran.insert(checks)
    }

    private mutating func reportUnknown(_ name: Name, _ wanted: ValueType?) -> CheckedExpression {
        // Beyond the limit nothing is kept, and looking for what was meant takes time.
        guard diagnostics.count < Limits.mistakes else { return wrong(name.span) }
        if case .caseOf(let contract) = wanted, isUnknown(contract) { return wrong(name.span) }
        if let wanted, let values = valueNames(wanted) {
            var labels: [Label] = []
            if case .enumeration(let index) = wanted,
                let declared = symbols[TextValue(program.enumerations[index].name)]
            {
                labels = [Label(declared.name.span, "its values are declared here")]
            }
            report(
                .unknownName, "`\(name.text)` is not a value of \(self.name(wanted))", at: name.span,
                "not one of them", labels: labels,
                help: suggestion(name.text, among: values)
                    ?? (["all", "every", "default", "else", "other", "always"].contains(name.text)
                        ? "write `any` in a cell that does not matter, or one of \(Self.listed(values))"
                        : "write one of \(Self.listed(values))"))
            return wrong(name.span)
        }
        if reportOutOfSight(name) { return wrong(name.span) }
        var candidates = scope.locals.map(\.name.text) + scope.labels.map(\.text) + scope.partyNames.map(\.text)
        candidates += scope.otherCases.values.map(\.name.text).sorted { TextValue($0) < TextValue($1) }
        if scope.readsCase { candidates += program.caseFields.map(\.name) }
        candidates += parameterSignatures.map(\.name.text)
        var help = ["true": "yes", "false": "no"][name.text].map { "write `\($0)`" }
        if ["null", "nil", "none", "undefined", "nothing"].contains(name.text) {
            help = "what may be missing is asked with `is absent`, a list or text with `is empty`"
        }
        help = help ?? suggestion(name.text, among: candidates)
        if help == nil, program.states.contains(where: { TextValue($0.name) == name.bytes }) {
            let label = scope.labels.last?.text ?? "case"
            help = "`\(name.text)` is a state: write `\(label) is \(name.text)`"
        }
        help = help ?? suggestion(name.text, among: program.roles)
        if help == nil, let owner = program.enumerations.first(where: { $0.cases.contains(name.text) }) {
            help = "`\(name.text)` is a value of \(owner.name); it is understood where that type is needed"
        }
        report(
            .unknownName, "there is nothing called `\(name.text)` here", at: name.span, "not known",
            help: help ?? "declare it, or write a text in quotation marks")
        return wrong(name.span)
    }

    /// Makes a local name visible and gives it a slot; reports one that would hide another.
    @discardableResult
    mutating func declareLocal(_ name: Name, _ type: ValueType, _ kind: Local.Kind) -> Int {
        let slot = scope.slotCount
        scope.slotCount += 1
        if let other = scope.local(named: name.bytes) {
            reportHidden(name, scope.locals[other].name.span, "a name already in use here")
        } else if let declared = symbols[name.bytes] {
            // Where the case cannot be read, its fields cannot be meant.
            let isOutOfReach = if case .caseField = declared.symbol { !scope.readsCase } else { false }
            if !isOutOfReach { reportHidden(name, declared.name.span, declared.symbol.kind) }
        } else if let party = scope.parties[name.bytes] {
            reportHidden(name, party.span, "a party of the scenario")
        } else if let given = scope.otherCases[name.bytes] {
            reportHidden(name, given.name.span, "a case of the scenario")
        }
        scope.show(Local(name: name, type: type, slot: slot, kind: kind))
        localTypes[name.span.start] = type
        return slot
    }

    mutating func reportHidden(_ name: Name, _ other: Span, _ what: String) {
        report(
            .hiddenName, "`\(name.text)` would hide another name", at: name.span, "the same name again",
            labels: [Label(other, what)], help: "give one of the two another name")
    }

    /// Takes locals out of sight again; reports bindings that nothing used.
    mutating func dropLocals(to count: Int) {
        for local in scope.locals[count...] where !local.isUsed && local.kind != .loop {
            let what = local.kind == .binding ? "`let \(local.name.text)`" : "the parameter `\(local.name.text)`"
            report(
                .unusedName, "\(what) is never used", at: local.name.span,
                help: "leave it out, or use it")
        }
        scope.hideLocals(to: count)
    }
}
