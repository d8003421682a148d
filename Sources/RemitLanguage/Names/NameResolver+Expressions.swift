import RemitValues

/// Names in expressions.
extension NameResolver {
    /// Walks an expression; what is wanted there tells values of enumerations and states apart.
    @discardableResult
    mutating func walk(_ expression: Expression, _ want: Known = .unknown) -> Known {
        switch expression.kind {
        case .boolean, .number, .percent, .money, .date, .dateTime, .term, .actor, .now, .today: return .unknown
        case .text(let text), .document(let text):
            walk(text)
            return .unknown
        case .thisCase: return .state
        case .name(let name): return meaning(name, want)
        case .member(let base, let field): return member(base, field)
        case .lookup(let base, let keys): return lookup(base, keys)
        case .call(let name, let arguments): return call(name, arguments)
        case .record(let name, let fields): return record(name, fields, want)
        case .list(let items):
            let element: Known = if case .list(let inner) = want { inner } else { .unknown }
            for item in items { walk(item, element) }
            return .list(element)
        case .map(let entries):
            var parts: (key: Known, value: Known) = (.unknown, .unknown)
            if case .map(let key, let value) = want { parts = (key, value) }
            for entry in entries {
                walk(entry.key, parts.key)
                walk(entry.value, parts.value)
            }
            return .map(parts.key, parts.value)
        case .onDate(let rule, let date):
            walk(date)
            return walk(rule, want)
        case .of(let name, let inner) where name.text == "signers":
            if !isProbe(inner, only: [.approval]) { walk(inner) }
            return .unknown
        case .of(_, let inner), .negated(let inner), .rounded(let inner, _), .not(let inner):
            walk(inner)
            return .unknown
        case .seats(_, let who, let scope):
            walk(who)
            if case .of(let organisation) = scope { walk(organisation) }
            return .unknown
        case .reveal(let inner), .bracketed(let inner): return walk(inner, want)
        case .passing(let list, let checks):
            refer(checks, kinds: [.checks])
            return walk(list)
        case .otherwise(let first, let second):
            let known = walk(first, want)
            walk(second, known)
            return known
        case .aggregate(let aggregate): return self.aggregate(aggregate)
        case .arithmetic, .comparison, .within, .isIn, .state, .and, .or, .implies, .choose, .anyTwoShare:
            return operation(expression, want)
        }
    }

    private mutating func operation(_ expression: Expression, _ want: Known) -> Known {
        switch expression.kind {
        case .comparison(_, let left, let right):
            if case .name(let name) = left.kind, meaningOf(name) == nil {
                walk(left, walk(right))
            } else {
                walk(right, walk(left))
            }
        case .within(let value, let lower, let upper, _):
            let known = walk(value)
            walk(lower, known)
            walk(upper, known)
        case .isIn(let value, let list, _):
            let known = walk(value)
            for item in list { walk(item, list.count == 1 ? .list(known) : known) }
        case .state(let value, let test):
            walk(value)
            if case .like(let text) = test { walk(text) }
        case .arithmetic(_, let left, let right), .and(let left, let right), .or(let left, let right),
            .implies(let left, let right):
            walk(left)
            walk(right)
        case .choose(let condition, let then, let otherwise):
            walk(condition)
            let known = walk(then, want)
            walk(otherwise, want)
            return known
        case .anyTwoShare(let list, let fields):
            if case .list(.record(let owner)) = walk(list) { fields.forEach { referPart($0, of: owner) } }
        default: break
        }
        return .unknown
    }

    // MARK: Names

    /// What a bare name means wherever it stands, values of enumerations and states left aside.
    private func meaningOf(_ name: Name) -> (declaration: Int, known: Known)? {
        if let local = locals.last(where: { $0.name == name.bytes }) { return (local.declaration, local.known) }
        if let field = caseFields[name.bytes] { return field }
        if let global = globals[name.bytes] { return global }
        guard let index = top[name.bytes] else { return nil }
        switch declarations[index].kind {
        case .checks: return (index, .verdict)
        case .approval: return (index, .outcome)
        default: return (index, results[index] ?? .unknown)
        }
    }

    private mutating func meaning(_ name: Name, _ want: Known) -> Known {
        if isProbe(name, { $0.fittingValues(want) }) { return .unknown }
        if let target = value(name, want) {
            refer(name, to: target)
            return want
        }
        // A value of an enumeration may have the name of one that the language has.
        if Self.words(want).contains(where: { TextValue($0) == name.bytes }) { return want }
        if let meaning = meaningOf(name) {
            refer(name, meaning.declaration)
            return meaning.known
        }
        if let index = onlyValue(name) {
            refer(name, index)
            return .enumeration(declarations[index].owner ?? index)
        }
        return .unknown
    }

    /// The value of the wanted enumeration, or the wanted state.
    func value(_ name: Name, _ want: Known) -> Target? {
        switch want {
        case .enumeration(let owner):
            enumValues[name.bytes]?.first { declarations[$0].owner == owner }.map { .own($0) }
        case .state: states[name.bytes].map { .own($0) }
        case .list(let inner): value(name, inner)
        case .other(let contract, let inner): value(name, of: contract, inner)
        default: nil
        }
    }

    /// A value that only one enumeration has.
    private func onlyValue(_ name: Name) -> Int? {
        guard let all = enumValues[name.bytes], all.count == 1 else { return nil }
        return all[0]
    }

    mutating func referPart(_ name: Name, of owner: Int) {
        if isProbe(name, { $0.fittingFields(.record(owner)) }) { return }
        if let part = parts[owner]?[name.bytes] { refer(name, part.declaration) }
    }

    /// The places in a text that are filled in.
    mutating func walk(_ text: TextSyntax?) {
        for part in text?.parts ?? [] {
            guard case .path(let names) = part, let first = names.first else { continue }
            guard let meaning = meaningOf(first) else { continue }
            refer(first, meaning.declaration)
            var known = meaning.known
            for name in names.dropFirst() { known = field(name, of: known) }
        }
    }

    private mutating func field(_ name: Name, of known: Known) -> Known {
        if isProbe(name, { $0.fittingFields(known) }) { return .unknown }
        if case .other(let contract, let inner) = known { return field(name, of: contract, inner) }
        let part: (declaration: Int, known: Known)? =
            switch known {
            case .record(let owner): parts[owner]?[name.bytes]
            case .thisCase: caseFields[name.bytes] ?? approval(name)
            default: nil
            }
        guard let part else { return .unknown }
        refer(name, part.declaration)
        return part.known
    }

    /// The round of a case, as in `r.funding is granted`.
    private func approval(_ name: Name) -> (declaration: Int, known: Known)? {
        guard let index = top[name.bytes], declarations[index].kind == .approval else { return nil }
        return (index, .outcome)
    }

    private mutating func member(_ base: Expression, _ name: Name) -> Known {
        if case .thisCase = base.kind { return field(name, of: .thisCase) }
        if case .name(let label) = base.kind, let meaning = globals[label.bytes], case .state = meaning.known {
            refer(label, meaning.declaration)
            return field(name, of: .thisCase)
        }
        if case .name(let owner) = base.kind, isOther(owner) {
            referFund(name, of: owner)
            return .unknown
        }
        let known = walk(base)
        if case .entry(let key, let value) = known { return name.text == "key" ? key : value }
        return field(name, of: known)
    }

    private mutating func lookup(_ base: Expression, _ keys: [Expression]) -> Known {
        guard case .name(let name) = base.kind, let index = top[name.bytes], declarations[index].kind == .register
        else {
            guard case .map(let key, let value) = walk(base) else {
                for key in keys { walk(key) }
                return .unknown
            }
            for each in keys { walk(each, key) }
            return value
        }
        refer(name, index)
        walk(keys, as: ordered[index] ?? [])
        return .record(index)
    }

    mutating func walk(_ values: [Expression], as known: [Known]) {
        for (index, value) in values.enumerated() { walk(value, index < known.count ? known[index] : .unknown) }
    }

    private mutating func call(_ name: Name, _ arguments: [Expression]) -> Known {
        if isProbe(name, { $0.fittingValues(.unknown) }) { return .unknown }
        if let index = top[name.bytes], [.function, .table, .checks].contains(declarations[index].kind) {
            refer(name, index)
            walk(arguments, as: ordered[index] ?? [])
            return results[index] ?? .unknown
        }
        if name.text == "available", let fund = arguments.first, isProbe(fund, only: [.fund]) { return .unknown }
        var known = Known.unknown
        for (index, argument) in arguments.enumerated() {
            let found = walk(argument, known)
            if index == 0 { known = found }
        }
        return known
    }

    private mutating func record(
        _ name: Name, _ fields: [(name: Name, value: Expression)], _ want: Known
    ) -> Known {
        if isProbe(name, { $0.fittingRecords(want) }) { return .unknown }
        if case .other(let contract, let inner) = want, let target = outsideRecord(name, of: contract, inner) {
            refer(name, to: target)
            for item in fields { walk(item.value, field(item.name, of: contract, inner)) }
            return want
        }
        guard let owner = top[name.bytes], [.record, .register].contains(declarations[owner].kind) else {
            for field in fields { walk(field.value) }
            return .unknown
        }
        refer(name, owner)
        for field in fields {
            referPart(field.name, of: owner)
            walk(field.value, parts[owner]?[field.name.bytes]?.known ?? .unknown)
        }
        return .record(owner)
    }

    private mutating func aggregate(_ aggregate: AggregateSyntax) -> Known {
        let source = walk(aggregate.source)
        let element = source.element
        let count = locals.count
        declareLocal(.local, aggregate.variable, element, type: aggregate.source.span)
        if let condition = aggregate.condition { walk(condition) }
        let value = aggregate.value.map { walk($0) } ?? element
        locals.removeSubrange(count...)
        switch aggregate.operation {
        case .list: return .list(value)
        case .largest, .smallest: return value
        case .sum, .count, .any, .every: return .unknown
        }
    }
}
