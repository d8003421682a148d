import RemitValues

/// Heads of actions that leave it to the form, or to the call, who may act.
extension Checker {
    /// What a form and a call give to an action.
    struct GivenByForm {
        let action: ActionSyntax
        let isOpening: Bool
        let enters: [Int]
        let parameters: [FieldDeclaration]
        /// Whether nothing that is wrong has been found in the action: what is wrong is not there to be used.
        let isSound: Bool
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
        if given.isSound { reportOpenExceptions(except, given, body) }
    }

    /// Reports who is excluded by what the call gives, where nothing else hangs on it: whoever acts names anybody.
    private mutating func reportOpenExceptions(
        _ except: [CheckedExpression], _ given: GivenByForm, _ body: CheckedBlock
    ) {
        guard !except.isEmpty, !given.parameters.isEmpty else { return }
        let used = DecidingUses(of: body, in: program)
        for expression in except {
            let read = parameters(in: expression, given)
            // What the head only looks up by a parameter, or chooses by it, is the call's to say as well.
            let free = unusedName(in: expression, given, used)
            guard let first = free ?? (used.locals.isDisjoint(with: read) ? read.min() : nil) else { continue }
            report(
                .openHead, "`except` keeps nobody out: the call chooses `\(given.parameters[first].name)`",
                at: expression.span, "given with the call, and nothing is decided or kept by it",
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

    /// The parameters of the action on which an expression depends.
    private func parameters(in expression: CheckedExpression, _ given: GivenByForm) -> Set<Int> {
        DecidingUses.locals(of: expression, in: program).intersection(given.parameters.indices)
    }

    /// The first parameter of the action that an expression may come to, or to a part of, and that is not used.
    private func unusedName(
        in expression: CheckedExpression, _ given: GivenByForm, _ used: DecidingUses
    ) -> Int? {
        var found: Set<Int> = []
        _ = ValueOrigins.some(of: expression, in: program) { origin in
            if case .local(let slot, let path) = origin, !used.holds(slot, at: path) { found.insert(slot) }
            return false
        }
        return found.intersection(given.parameters.indices).min()
    }

    /// The field of the form that an expression may come to, or to a part of. What is looked up by one is not the
    /// form's to say.
    private func enteredField(_ expression: CheckedExpression, _ enters: [Int]) -> Int? {
        var found: Int?
        _ = ValueOrigins.some(of: expression, in: program) { origin in
            guard case .place(let field, _) = origin, enters.contains(field) else { return false }
            found = field
            return true
        }
        return found
    }

    // MARK: What no form can give

    /// Warns of what an action asks for and no form or call can give, or can give only as nothing.
    mutating func warnOfUngivable(_ given: GivenByForm) {
        let name = given.action.name.text
        for (field, type, span) in asked(given) {
            switch givable(type, field.name) {
            case .anything: break
            case .nothing(let part):
                report(
                    .actionNeverEnabled, "nobody can ever do `\(name)`: no form can give `\(field.name)`", at: span,
                    held(part, field.type), help: "let the action work it out, such as by a table or a parameter")
            case .onlyEmpty(let place, let part, let isOptional):
                report(
                    .givesNothing,
                    "no form can give `\(place)` a value: it can only be \(isOptional ? "left out" : "empty")",
                    at: span, held(part, field.type),
                    help: "let `\(name)` work it out, such as by a table or a parameter, or say why: "
                        + "`accept givesNothing because \"…\"`")
            }
        }
    }

    private func held(_ part: ValueType, _ type: ValueType) -> String {
        type == part ? "is \(name(part))" : "holds \(name(part))"
    }

    /// What an action is asked for, and as what.
    private typealias Asked = (field: FieldDeclaration, type: ValueType, span: Span)

    /// What an action is given, of which type, and where it says so. On a case that is there, the form must give what
    /// is optional too.
    private func asked(_ given: GivenByForm) -> [Asked] {
        var entered: [Asked] = []
        for name in given.action.enters {
            let index = given.enters.first { TextValue(program.caseFields[$0].name) == name.bytes }
            guard let field = index.map({ program.caseFields[$0] }) else { continue }
            entered.append((field, given.isOpening ? field.type : present(field.type), name.span))
        }
        return entered + given.parameters.map { ($0, $0.type, $0.span) }
    }

    /// What can be given of a type from outside.
    private enum Givable {
        case anything
        /// Nothing can, because of a part of the type that comes only from a contract.
        case nothing(ValueType)
        /// A place has such a part, and may be absent, or else a collection without a member.
        case onlyEmpty(place: String, ValueType, isOptional: Bool)
    }

    private func givable(_ type: ValueType, _ place: String, in records: Set<Int> = []) -> Givable {
        switch type {
        case .term, .quorum: return .nothing(type)
        case .optional(let inner): return emptied([inner], place, isOptional: true, in: records)
        case .list(let inner, _), .set(let inner, _): return emptied([inner], place, isOptional: false, in: records)
        case .map(let key, let value, _): return emptied([key, value], place, isOptional: false, in: records)
        case .record(let index) where program.records.indices.contains(index) && !records.contains(index):
            var first: Givable?
            for field in program.records[index].fields {
                let found = givable(field.type, "\(place).\(field.name)", in: records.union([index]))
                switch found {
                case .anything: continue
                case .nothing: return found
                case .onlyEmpty: first = first ?? found
                }
            }
            return first ?? .anything
        default: return .anything
        }
    }

    /// What can be given of what may be without any of some parts.
    private func emptied(_ parts: [ValueType], _ place: String, isOptional: Bool, in records: Set<Int>) -> Givable {
        var first: Givable?
        for part in parts {
            switch givable(part, place, in: records) {
            case .anything: continue
            case .nothing(let inner): return .onlyEmpty(place: place, inner, isOptional: isOptional)
            case let found: first = first ?? found
            }
        }
        return first ?? .anything
    }
}
