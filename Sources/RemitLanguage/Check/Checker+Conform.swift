import RemitValues

extension Checker {
    /// Checks an expression where a type is wanted.
    mutating func check(_ expression: Expression, _ want: Expectation) -> CheckedExpression {
        conform(infer(expression, hint: want.type), to: want)
    }

    /// Checks an expression that must be yes or no.
    mutating func checkCondition(_ expression: Expression, _ reason: String) -> CheckedExpression {
        check(expression, Expectation(.boolean, because: reason))
    }

    /// Fits a value to the type that is wanted, or reports that it does not fit.
    mutating func conform(_ value: CheckedExpression, to want: Expectation) -> CheckedExpression {
        if value.type == want.type || value.type == .unknown || want.type == .unknown { return value }
        if fits(value.type, want.type) { return CheckedExpression(value.kind, want.type, value.span) }
        if case .optional(let inner) = want.type {
            if case .optional = value.type {
                reportMismatch(value, want)
                return wrong(value.span)
            }
            let present = conform(value, to: want.with(inner))
            return present.type == .unknown ? present : CheckedExpression(.wrapped(present), want.type, value.span)
        }
        reportMismatch(value, want)
        return wrong(value.span)
    }

    /// Whether every value of a type is one of another as it stands.
    func fits(_ have: ValueType, _ want: ValueType) -> Bool {
        if have == want || have == .unknown || want == .unknown { return true }
        switch (have, want) {
        case (.text(let length), .text(let bound)): return length <= bound
        case (.person, .party), (.organisation, .party): return true
        case (.list(let element, let length), .list(let wanted, let bound)),
            (.set(let element, let length), .set(let wanted, let bound)):
            return length <= bound && fits(element, wanted)
        case (.map(let key, let value, let length), .map(let wantedKey, let wantedValue, let bound)):
            return length <= bound && fits(key, wantedKey) && fits(value, wantedValue)
        case (.optional(let inner), .optional(let wanted)): return fits(inner, wanted)
        default: return false
        }
    }

    private mutating func reportMismatch(_ value: CheckedExpression, _ want: Expectation) {
        let labels = want.origin.map { [Label($0, "because \(want.reason)")] } ?? []
        let notes = want.origin == nil ? [want.reason] : []
        let have = name(value.type)
        let wanted = name(want.type)
        func say(_ code: DiagnosticCode, _ message: String, _ help: String) {
            add(
                Diagnostic(
                    code, message, at: Label(value.span, "this is \(have)"), labels: labels, notes: notes, help: help))
        }
        switch (value.type, want.type) {
        case (.unrounded(let first), .money(let second)) where first == second:
            say(
                .missingRounding, "an unrounded amount stands where \(wanted) is needed",
                "say how to round it: write `rounded half up` behind it (or `half even`, `up`, `down`)")
        case (.money(let first), .money(let second)), (.unrounded(let first), .money(let second)),
            (.money(let first), .unrounded(let second)):
            say(
                .mixedCurrencies, "\(first.code) stands where \(second.code) is needed",
                "an amount has one currency; convert it by a rate that the contract names"
            )
        case (.integer, .decimal):
            say(
                .mixedNumbers, "an Integer stands where a Decimal is needed",
                "multiply it by `1.0` to make it a Decimal, or give it the type Decimal where it is declared")
        case (.optional(let inner), _) where fits(inner, want.type):
            say(.bareOptional, "this may be absent, and \(wanted) is needed", optionalHelp(value))
        case (.text(let length), .text(let bound)):
            say(
                .textTooLong, "a text of up to \(length) characters stands where at most \(bound) are allowed",
                "shorten it, or allow more where \(want.origin == nil ? "the place" : "it") is declared")
        case (.map(_, _, let length), .map(_, _, let bound)) where length > bound:
            say(
                .beyondLimit, "a map of up to \(length) stands where at most \(bound) are allowed",
                "allow more where it is declared")
        case (.list(_, let length), .list(_, let bound)) where length > bound:
            say(
                .beyondLimit, "a list of up to \(length) stands where at most \(bound) are allowed",
                "allow more where it is declared")
        default:
            say(
                .typeMismatch, "\(have) stands where \(wanted) is needed",
                mismatchHelp(value.type, want.type, literal: Self.number(value)))
        }
    }

    /// The number that a literal is, for an example in its author's own figures.
    private static func number(_ value: CheckedExpression) -> String? {
        switch value.kind {
        case .constant(.integer(let number)): String(number)
        case .constant(.decimal(let number)): number.description
        default: nil
        }
    }

    private func mismatchHelp(_ have: ValueType, _ want: ValueType, literal: String?) -> String {
        switch (have, want) {
        case (.decimal, .integer):
            literal == nil
                ? "no Decimal becomes an Integer: give the place the type Decimal where it is declared"
                : "write a whole number without a point"
        case (.integer, .money(let currency)), (.decimal, .money(let currency)):
            "write the currency behind the amount: `\(literal ?? "100") \(currency.code)`"
        case (.money, .decimal), (.money, .integer): "leave out the currency, or divide by an amount to get a ratio"
        case (.dateTime, .date): "write `date of` before it"
        case (.text, .date): "write a date without quotation marks, such as 2026-03-02"
        case (.text, .enumeration): "write the value without quotation marks"
        case (.text, .organisation), (.text, .person), (.text, .party): "parties are named by fields, not by texts"
        case (.integer, .quorum): "write how many of which role sign: `\(literal ?? "1") of Role`"
        case (.integer, .term):
            "write its unit behind it: `\(literal ?? "24") hours`, `\(literal ?? "2") days` or "
                + "`\(literal ?? "2") working days`"
        case (.integer, .duration): "write its unit behind it: `\(literal ?? "24") hours` or `\(literal ?? "2") days`"
        case (.text, .document): "write `document` before the name of the file"
        case (.state, .boolean): "ask for one with `is` and its name"
        case (.list, .boolean), (.set, .boolean), (.map, .boolean): "ask whether it `is empty`, or `is not empty`"
        case (.optional, .boolean): "ask whether it `is present`"
        case (.text, .boolean): "write `yes` or `no` without quotation marks, or a condition"
        case (_, .boolean): "write a condition, such as a comparison with `is`, `<` or `>`"
        case (_, .enumeration), (_, .state), (_, .verdict):
            valueNames(want).map { "write one of \(Self.listed($0))" } ?? "write one of its values"
        case (.caseOf, _): "name one of its fields, or ask for its state with `is`"
        case (.verdict, _), (.state, _): "compare it with `is`, or look at each value with `match`"
        case (_, .record(let index)):
            importedRecords[index].map { "write `\($0)(…)` with its fields" } ?? "write a value of type \(name(want))"
        default: "write a value of type \(name(want))"
        }
    }

    /// How to get the value out of an optional expression.
    func optionalHelp(_ value: CheckedExpression) -> String {
        if case .lookup(let register, _) = value.kind {
            let row = program.registers[register].name
            guard scope.hasStatements else {
                return "there may be no row: ask first, as in `(if \(row)[…] is present then \(row)[…].… else …)`"
            }
            return "there may be no row: ask `is present` first, or write "
                + "`let row = \(row)[…] else \"CODE\" \"what is wrong\"` and use `row`"
        }
        if case .mapEntry = value.kind {
            return "the map may have no such key: ask `is present` first, or supply a value with `otherwise`"
        }
        return "ask `is present` first (`x is present and …`), or supply a value with `otherwise`"
    }

    /// Names in backticks, the first eight, joined by commas.
    static func listed(_ names: [String]) -> String {
        let shown = names.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
        return names.count > 8 ? shown + " …" : shown
    }
}
