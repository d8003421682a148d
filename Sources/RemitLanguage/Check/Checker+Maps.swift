import RemitValues

/// Maps: literals, look-up by key, and changes of single entries.
extension Checker {
    /// `["A": 1, "B": 2]`; an empty one is `[]` where a map is wanted.
    mutating func inferMap(
        _ entries: [(key: Expression, value: Expression)], hint: ValueType?, _ span: Span
    ) -> CheckedExpression {
        var wantedKey: ValueType?
        var wantedValue: ValueType?
        if case .map(let key, let value, _) = hint.map(present) { (wantedKey, wantedValue) = (key, value) }
        var checked: [(key: CheckedExpression, value: CheckedExpression)] = []
        for entry in entries {
            let key = part(entry.key, &wantedKey, "the keys of the map are")
            checked.append((key, part(entry.value, &wantedValue, "the map leads to")))
        }
        reportRepeatedKeys(checked.map(\.key))
        guard let key = wantedKey, let value = wantedValue else { return wrong(span) }
        guard canBeKey(key) || key == .unknown else {
            report(
                .typeNotAllowed, "the key of a map cannot be \(name(key))", at: checked.first?.key.span ?? span,
                help: "use a text, number, date, enum value, party or case")
            return wrong(span)
        }
        if case .optional = value {
            report(
                .bareOptional, "this may be absent, and a map holds what is there",
                at: checked.first?.value.span ?? span,
                help: "supply a value with `otherwise`, or leave the entry out")
            return wrong(span)
        }
        return CheckedExpression(.map(checked), .map(key, value, max(1, checked.count)), span)
    }

    /// A key or a value of a literal: the first settles the type where nothing else does.
    private mutating func part(
        _ expression: Expression, _ wanted: inout ValueType?, _ reason: String
    ) -> CheckedExpression {
        let value = infer(expression, hint: wanted)
        if let wanted { return conform(value, to: Expectation(wanted, because: "\(reason) \(name(wanted))")) }
        if value.type != .unknown { wanted = value.type }
        return value
    }

    private mutating func reportRepeatedKeys(_ keys: [CheckedExpression]) {
        var seen: [Value: Span] = [:]
        for key in keys {
            guard let value = constantValue(key) else { continue }
            guard let first = seen[value] else {
                seen[value] = key.span
                continue
            }
            report(
                .keyRepeated, "\(value) stands twice among the keys", at: key.span, "again here",
                labels: [Label(first, "first here")], help: "leave one of the two entries out")
        }
    }

    /// Whether square brackets behind an expression may look something up in a map.
    func mayBeMap(_ base: Expression) -> Bool {
        guard case .name(let name) = base.kind else { return true }
        if scope.local(named: name.bytes) != nil { return true }
        switch symbols[name.bytes]?.symbol {
        case .caseField(let index):
            guard scope.readsCase, program.caseFields.indices.contains(index) else { return false }
            if case .map = present(program.caseFields[index].type) { return true }
            return false
        case .parameter(let index):
            if case .map = parameterSignatures[index].type { return true }
            return false
        default: return false
        }
    }

    /// `fees[code]`: the value of the key, which may be absent.
    mutating func inferEntry(_ base: Expression, _ keys: [Expression], _ span: Span) -> CheckedExpression {
        let map = infer(base)
        guard case .map(let key, let value, _) = map.type else {
            for key in keys { _ = infer(key) }
            switch map.type {
            case .unknown: break
            case .optional(.map):
                report(
                    .bareOptional, "this may be absent, and a look-up needs a map", at: map.span,
                    "this is \(name(map.type))", help: optionalHelp(map))
            default:
                report(
                    .wrongKind, "\(name(map.type)) is not looked up by key", at: map.span,
                    help: "only registers and maps are; to look through a list, use `sum of`, `any` or `every`")
            }
            return wrong(span)
        }
        guard let found = onlyKey(keys, key, map, span) else { return wrong(span) }
        return narrowed(CheckedExpression(.mapEntry(map, key: found), .optional(value), span))
    }

    private mutating func onlyKey(
        _ keys: [Expression], _ type: ValueType, _ map: CheckedExpression, _ span: Span
    ) -> CheckedExpression? {
        guard keys.count == 1 else {
            for key in keys { _ = infer(key) }
            report(.arguments, "a map is looked up by one key, and \(keys.count) are given", at: span, help: "give one")
            return nil
        }
        let want = Expectation(type, because: "the keys of this map are \(name(type))", at: map.span)
        let found = check(keys[0], want)
        return found.type == .unknown ? nil : found
    }

    /// `entry.key` and `entry.value`.
    mutating func inferPart(
        of value: CheckedExpression, _ field: Name, _ key: ValueType, _ inner: ValueType, _ span: Span
    ) -> CheckedExpression {
        switch field.text {
        case "key": return CheckedExpression(.field(value, 0), key, span)
        case "value": return CheckedExpression(.field(value, 1), inner, span)
        default:
            report(
                .unknownName, "an entry of a map has no `\(field.text)`", at: field.span, "not a part of it",
                help: "an entry has a `key` and a `value`")
            return wrong(span)
        }
    }

    // MARK: Changing entries

    /// An entry that a statement changes.
    struct MapPlace {
        let field: Int
        let key: CheckedExpression
        let value: ValueType
        let declared: FieldDeclaration
        let span: Span
    }

    /// The field of the case that holds the map m of `m[k]`, in `set` and `add`; nil where m is something else.
    func mapField(_ base: Expression) -> (index: Int, name: Name)? {
        let name: Name
        switch base.kind {
        case .name(let field): name = field
        case .member(let owner, let field):
            guard case .thisCase = owner.kind else { return nil }
            name = field
        default: return nil
        }
        guard scope.local(named: name.bytes) == nil, case .caseField(let index) = symbols[name.bytes]?.symbol,
            case .map = program.caseFields[index].type
        else { return nil }
        return (index, name)
    }

    /// The entry that a key leads to in a map of the case; nil, and reported, where the key is wrong.
    mutating func mapPlace(_ field: (index: Int, name: Name), _ keys: [Expression], _ span: Span) -> MapPlace? {
        let declared = program.caseFields[field.index]
        guard case .map(let key, let value, _) = declared.type else { return nil }
        used.insert(field.name.bytes)
        guard let found = onlyKey(keys, key, readField(field.index, field.name), span) else { return nil }
        return MapPlace(field: field.index, key: found, value: value, declared: declared, span: span)
    }

    private func want(_ place: MapPlace) -> Expectation {
        Expectation(
            place.value, because: "`\(place.declared.name)` leads to \(name(place.value))", at: place.declared.span)
    }

    mutating func checkSetEntry(_ place: MapPlace, _ expression: Expression) -> CheckedStatement.Kind? {
        let value = check(expression, want(place))
        flow.forget(place.field)
        let map = CheckedExpression(.caseField(place.field), place.declared.type, place.span)
        let path = ValuePath(CheckedExpression(.mapEntry(map, key: place.key), place.value, place.span))
        // A key that reads the map may lead elsewhere once the entry is written.
        if let path, !path.looksUp(by: place.field) { flow.present.insert(path) }
        return .setEntry(field: place.field, key: place.key, value)
    }

    mutating func checkAddToEntry(_ place: MapPlace, _ expression: Expression) -> CheckedStatement.Kind? {
        switch place.value {
        case .integer, .decimal, .money, .duration:
            let value = check(expression, want(place))
            flow.forgetLookUps(by: place.field)
            return .addToEntry(field: place.field, key: place.key, value)
        default:
            _ = infer(expression)
            report(
                .notChangeable, "nothing can be added to \(name(place.value))", at: expression.span,
                labels: [Label(place.declared.span, "because it leads to \(name(place.value))")], help: "use `set`")
            return nil
        }
    }
}
