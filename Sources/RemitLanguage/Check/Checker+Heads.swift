import RemitValues

/// Heads of actions that leave it to the form, or to the call, who may act.
extension Checker {
    /// What a form and a call give to an action.
    struct GivenByForm {
        let action: ActionSyntax
        let isOpening: Bool
        let enters: [Int]
        let parameters: [FieldDeclaration]
    }

    /// Reports what the head of an action reads of its form: the form of an action on a case is written after the head
    /// was judged, that of an opening action before; the parameters are given with the call.
    mutating func checkGivenHead(
        _ given: GivenByForm, _ authorities: [CheckedAuthority], _ except: [CheckedExpression], _ body: CheckedBlock
    ) {
        var seen: Set<Span> = []
        for authority in authorities {
            switch authority.who {
            case .caseField(let field) where given.isOpening && given.enters.contains(field):
                reportOpenAuthority(program.caseFields[field], authority.span, given.action)
            case .role(_, .organisation(let place)) where seen.insert(place.span).inserted:
                warnOfGivenScope(place, given)
            default: break
            }
        }
        let used = Accesses(of: body, in: program).locals
        for expression in except {
            let read = parameters(in: expression, given)
            guard let first = read.min(), used.isDisjoint(with: read) else { continue }
            report(
                .openHead, "`except` keeps nobody out: the call chooses `\(given.parameters[first].name)`",
                at: expression.span, "given with the call, and used for nothing else",
                labels: [Label(given.parameters[first].span, "declared here")],
                help: "exclude a field of the case, or `signers of` an approval")
        }
    }

    private mutating func reportOpenAuthority(_ field: FieldDeclaration, _ span: Span, _ action: ActionSyntax) {
        let entered = action.enters.first { $0.bytes == TextValue(field.name) }?.span ?? field.span
        let kept = present(field.type) == .organisation ? "organisation of actor" : "actor"
        report(
            .openHead, "`by \(field.name)` keeps nobody out: the form names who may fill it in", at: span,
            labels: [Label(entered, "entered by the same form")],
            help: "name a role behind `by`, and keep who acts: `set \(field.name) to \(kept)`")
    }

    private mutating func warnOfGivenScope(_ place: CheckedExpression, _ given: GivenByForm) {
        let what: (name: String, label: String)
        if let parameter = parameters(in: place, given).min() {
            what = (given.parameters[parameter].name, "given with the call")
        } else if given.isOpening, let field = enteredField(place, given.enters) {
            what = (program.caseFields[field].name, "entered by the same form")
        } else {
            return
        }
        warn(
            .formDecides, "whoever does `\(given.action.name.text)` chooses `\(what.name)`, and with it who may do it",
            at: place.span, what.label, accepts: given.action.accepts,
            help: "write `of any organisation`, and keep `organisation of actor`, or say why: "
                + "`accept formDecides because \"…\"`")
    }

    /// The parameters of the action that an expression reads.
    private func parameters(in expression: CheckedExpression, _ given: GivenByForm) -> Set<Int> {
        Accesses(of: expression, in: program).locals.intersection(given.parameters.indices)
    }

    /// The field of the form that an expression is, or is a part of. What is looked up by one is not the form's to say.
    private func enteredField(_ expression: CheckedExpression, _ enters: [Int], depth: Int = Limits.callDepth) -> Int? {
        func found(_ inner: CheckedExpression) -> Int? { enteredField(inner, enters, depth: depth) }
        switch expression.kind {
        case .caseField(let field): return enters.contains(field) ? field : nil
        case .field(let base, _), .mapEntry(let base, _), .wrapped(let base), .revealed(let base): return found(base)
        case .choose(_, let then, let otherwise): return found(then.expression) ?? found(otherwise.expression)
        case .otherwise(let value, let other): return found(value) ?? found(other.expression)
        case .call(let function, _) where depth > 0 && program.functions.indices.contains(function):
            return enteredField(program.functions[function].value, enters, depth: depth - 1)
        default: return nil
        }
    }

    // MARK: What no form can give

    /// Warns of what an action asks for and no form or call can give.
    mutating func warnOfUngivable(_ given: GivenByForm) {
        let fields = given.action.enters.compactMap { name in
            given.enters.first { TextValue(program.caseFields[$0].name) == name.bytes }
                .map { (program.caseFields[$0], name.span) }
        }
        for (field, span) in fields + given.parameters.map({ ($0, $0.span) }) {
            guard let part = ungivable(field.type) else { continue }
            report(
                .actionNeverEnabled, "nobody can ever do `\(given.action.name.text)`: no form can give `\(field.name)`",
                at: span, field.type == part ? "is \(name(part))" : "holds \(name(part))",
                help: "let the action work it out, such as by a table or a parameter")
        }
    }

    /// The part of a type that comes only from a contract; nil where all can be given from outside.
    private func ungivable(_ type: ValueType, in records: Set<Int> = []) -> ValueType? {
        switch type {
        case .term, .quorum: return type
        case .optional(let inner), .list(let inner, _), .set(let inner, _): return ungivable(inner, in: records)
        case .map(let key, let value, _): return ungivable(key, in: records) ?? ungivable(value, in: records)
        case .record(let index) where program.records.indices.contains(index) && !records.contains(index):
            for field in program.records[index].fields {
                if let part = ungivable(field.type, in: records.union([index])) { return part }
            }
            return nil
        default: return nil
        }
    }
}
