import RemitValues

extension Checker {
    /// The type that a type expression names; `.unknown`, and reported, where there is none.
    mutating func resolve(_ type: TypeSyntax) -> ValueType {
        switch type.kind {
        case .named(let name): return resolveNamed(name)
        case .text(TypeSyntax.missingBound), .list(_, bound: TypeSyntax.missingBound),
            .set(_, bound: TypeSyntax.missingBound), .map(_, _, bound: TypeSyntax.missingBound):
            return .unknown
        case .text(let bound):
            return .text(checkedBound(bound, Limits.textBound, "a text", type.span))
        case .optional(let inner):
            let resolved = resolve(inner)
            if case .optional = resolved {
                report(.typeNotAllowed, "`optional` stands twice", at: type.span, help: "write it once")
                return resolved
            }
            return .optional(resolved)
        case .list(let element, let bound):
            return .list(
                resolveElement(element, "a list"), checkedBound(bound, Limits.collectionBound, "a list", type.span))
        case .set(let element, let bound):
            return .set(
                resolveElement(element, "a set"), checkedBound(bound, Limits.collectionBound, "a set", type.span))
        case .map(let key, let value, let bound):
            let bound = checkedBound(bound, Limits.collectionBound, "a map", type.span)
            return .map(resolveKey(key), resolveElement(value, "a map"), bound)
        case .privately(let inner):
            report(
                .typeNotAllowed, "`private` stands before the whole type of a field or parameter", at: type.span,
                help: "write `private list of …`, or make a field of the record private")
            return resolve(inner)
        case .caseOf(let contract): return resolveOther(contract).map { .caseOf($0) } ?? .unknown
        }
    }

    /// The type of a field or parameter, and whether it is private.
    mutating func resolvePrivacy(_ type: TypeSyntax) -> (ValueType, isPrivate: Bool) {
        guard case .privately(let inner) = type.kind else { return (resolve(type), false) }
        return (resolve(inner), true)
    }

    private mutating func resolveElement(_ type: TypeSyntax, _ place: String) -> ValueType {
        let resolved = resolve(type)
        if case .optional = resolved {
            report(
                .typeNotAllowed, "the elements of \(place) cannot be optional", at: type.span,
                help: "leave out `optional`: what is absent is simply not in it")
            return .unknown
        }
        return resolved
    }

    private mutating func resolveKey(_ type: TypeSyntax) -> ValueType {
        let resolved = resolve(type)
        guard !canBeKey(resolved) else { return resolved }
        report(
            .typeNotAllowed, "the key of a map cannot be \(name(resolved))", at: type.span,
            help: "use a text, number, date, enum value, party or case")
        return .unknown
    }

    /// Whether values of a type can be looked up.
    func canBeKey(_ type: ValueType) -> Bool {
        switch type {
        case .optional, .list, .set, .map, .entry, .record, .document, .unrounded, .quorum: false
        default: true
        }
    }

    private mutating func checkedBound(_ bound: Int64, _ limit: Int, _ what: String, _ span: Span) -> Int {
        if bound >= 1, bound <= Int64(limit) { return Int(bound) }
        report(
            .beyondLimit, "the size of \(what) is between 1 and \(limit), and this is \(bound)", at: span,
            help: "say how long it can be at most, such as 200")
        return max(1, min(limit, Int(clamping: bound)))
    }

    private mutating func resolveNamed(_ name: Name) -> ValueType {
        if let builtin = builtinType(name) { return builtin }
        guard let declared = symbols[name.bytes] else { return reportUnknownType(name) }
        used.insert(name.bytes)
        switch declared.symbol {
        case .enumeration(let index): return .enumeration(index)
        case .record(let index): return .record(index)
        case .register(let index): return .record(rowRecord(index))
        default:
            report(
                .wrongKind, "`\(name.text)` is \(declared.symbol.kind), and a type is needed here", at: name.span,
                "a type belongs here", labels: [Label(declared.name.span, "declared here")], help: typeHelp(declared))
            return .unknown
        }
    }

    private func typeHelp(_ declared: Declared) -> String {
        if case .role = declared.symbol {
            return "write `Person` for somebody, or `Organisation`; that they hold the role is asked in the head of an "
                + "action: `by \(declared.name.text)`"
        }
        return "types are Boolean, Integer, Decimal, Text(n), Date, a currency, or an enum or record of the contract"
    }

    private mutating func builtinType(_ name: Name) -> ValueType? {
        switch name.text {
        case "Boolean": return .boolean
        case "Integer": return .integer
        case "Decimal": return .decimal
        case "Date": return .date
        case "DateTime": return .dateTime
        case "Duration": return .duration
        case "Person": return .person
        case "Organisation": return .organisation
        case "Party": return .party
        case "Document": return .document
        case "Text":
            report(
                .typeNotAllowed, "`Text` needs the greatest number of characters", at: name.span, "how long at most?",
                help: "write `Text(64)`")
            return .unknown
        case "Term": return .term
        case "Quorum": return .quorum
        default: return Currency(code: name.text).map { .money($0) }
        }
    }

    /// What types of other languages are called here.
    private static let foreignTypes = [
        "string": "Text(64)", "str": "Text(64)", "varchar": "Text(64)", "char": "Text(1)", "int": "Integer",
        "int64": "Integer", "long": "Integer", "number": "Integer` or `Decimal", "numeric": "Decimal",
        "float": "Decimal", "double": "Decimal", "real": "Decimal", "bool": "Boolean", "yesno": "Boolean",
        "money": "CNY", "amount": "CNY", "currency": "CNY", "timestamp": "DateTime", "time": "DateTime",
        "instant": "DateTime", "period": "Duration` or `Term", "interval": "Duration` or `Term", "user": "Person",
        "organization": "Organisation", "company": "Organisation", "file": "Document", "array": "list of … (200)",
        "list": "list of … (200)", "set": "set of … (200)", "map": "map of … to … (200)",
        "dict": "map of … to … (200)",
    ]

    private mutating func reportUnknownType(_ name: Name) -> ValueType {
        if reportOutOfSight(name) { return .unknown }
        let declared = names.filter { symbols[$0.bytes]?.symbol.isType == true }.map(\.text)
        let candidates = declared + ReservedNames.types + Currency.allCodes
        report(
            .unknownName, "there is no type `\(name.text)`", at: name.span, "not known",
            help: Parser.currencyMeant(by: name.text).map { "the code of this currency is `\($0)`" }
                ?? Self.foreignTypes[name.text.lowercased()].map { "write `\($0)`" }
                ?? suggestion(name.text, among: candidates)
                ?? "declare it as an `enum` or a `record`, or use a type of the language such as Integer or Text(64)")
        return .unknown
    }

    /// The index of the record that a register's row is.
    func rowRecord(_ register: Int) -> Int { declaredRecordCount + register }

    var declaredRecordCount: Int {
        declarations.reduce(0) { count, declaration in
            if case .record = declaration.kind { count + 1 } else { count }
        }
    }

    // Types in words.

    /// A type as a contract writes it.
    func name(_ type: ValueType) -> String {
        switch type {
        case .boolean: "Boolean"
        case .integer: "Integer"
        case .decimal: "Decimal"
        case .money(let currency): currency.code
        case .unrounded(let currency): "unrounded \(currency.code)"
        case .date: "Date"
        case .dateTime: "DateTime"
        case .duration: "Duration"
        case .term: "Term"
        case .text(let bound): "Text(\(bound))"
        case .enumeration(let index): program.enumerations[index].name
        case .record(let index): program.records[index].name
        case .optional(let inner): "optional \(name(inner))"
        case .list(let element, let bound): "list of \(name(element)) (\(bound))"
        case .set(let element, let bound): "set of \(name(element)) (\(bound))"
        case .map(let key, let value, let bound): "map of \(name(key)) to \(name(value)) (\(bound))"
        case .entry(let key, let value): "an entry from \(name(key)) to \(name(value))"
        case .caseOf(let contract): "case of \(program.others[contract].name)"
        case .otherState(let contract): "a state of \(program.others[contract].name)"
        case .person: "Person"
        case .organisation: "Organisation"
        case .party: "Party"
        case .document: "Document"
        case .state: "a state of the case"
        case .verdict: "a verdict of checks"
        case .quorum: "Quorum"
        case .roundOutcome: "the outcome of a round"
        case .unknown: "unknown"
        }
    }

    /// The names that values of a type may have, where they are named: enums, states, verdicts.
    func valueNames(_ type: ValueType) -> [String]? {
        switch type {
        case .enumeration(let index): program.enumerations[index].cases
        case .state: program.states.map(\.name)
        case .caseOf(let contract), .otherState(let contract): program.others[contract].states
        case .verdict: ReservedNames.verdicts
        case .roundOutcome: RoundOutcome.allCases.map(\.rawValue)
        case .optional(let inner): valueNames(inner)
        default: nil
        }
    }

    /// Whether values of a type stand in an order that `<` may ask for.
    func isOrdered(_ type: ValueType) -> Bool {
        switch type {
        case .integer, .decimal, .money, .unrounded, .date, .dateTime, .duration, .text, .unknown: true
        default: false
        }
    }
}
