import RemitValues

/// Types, fields, and the declarations that are lists of them.
extension Parser {
    // MARK: Types

    mutating func type() throws(Abandoned) -> TypeSyntax {
        try enter()
        defer { depth -= 1 }
        let start = token.span.start
        let isCollection = token(ahead: 1).keyword == .of
        switch token.keyword {
        case .private:
            advance()
            return TypeSyntax(.privately(try type()), span(from: start))
        case .optional:
            advance()
            return TypeSyntax(.optional(try type()), span(from: start))
        case .list where isCollection, .set where isCollection:
            let isList = at(.list)
            advance()
            advance()
            let element = try type()
            let bound = try bound(isList ? "list" : "set")
            return TypeSyntax(isList ? .list(element, bound: bound) : .set(element, bound: bound), span(from: start))
        case .map where isCollection:
            advance()
            advance()
            let key = try type()
            try expect(.to, "between the key and the value of a map")
            let value = try type()
            return TypeSyntax(.map(key, value, bound: try bound("map")), span(from: start))
        case .case:
            advance()
            try expect(.of, "after `case`", help: "a reference to a case of another contract is a `case of Contract`")
            return TypeSyntax(.caseOf(try name("the name of a contract")), span(from: start))
        default:
            if let meant = meantBeforeType {
                report(
                    .unexpectedToken, "`\(text(of: token))` is no word before a type", token.span,
                    help: "did you mean `\(meant.rawValue)`?")
                advance()
                let inner = try type()
                return TypeSyntax(meant == .private ? .privately(inner) : .optional(inner), span(from: start))
            }
            return try namedType()
        }
    }

    /// The word that a misspelt one before a type stands for.
    private var meantBeforeType: Keyword? {
        let next = token(ahead: 1)
        let words: [Keyword] = [.optional, .private]
        let beginsType = next.keyword.map { [.optional, .list, .set, .map, .case].contains($0) } ?? true
        guard guesses, at(.word), token.keyword == nil, next.kind == .word, !next.startsLine, beginsType else {
            return nil
        }
        let near = Suggestion.nearest(to: text(of: token), among: words.map(\.rawValue))
        return words.first { $0.rawValue == near }
    }

    /// Whether a type may begin here: one of a name, or with a word for types.
    private var beginsType: Bool {
        at(.word) && (token.keyword.map { [.optional, .list, .set, .map, .private, .case].contains($0) } ?? true)
    }

    private mutating func namedType() throws(Abandoned) -> TypeSyntax {
        if token.startsLine, token(ahead: 1).kind == .colon {
            // The next field follows, and this one stays known.
            report(
                .unexpectedToken, "expected a type before the next line", Span(previousEnd, previousEnd),
                label: "a type is missing here", help: "write a type, such as `Integer`, `CNY` or `Text(64)`")
            return TypeSyntax(.text(TypeSyntax.missingBound), Span(previousEnd, previousEnd))
        }
        let name = try name("a type")
        guard name.text == "Text" else { return TypeSyntax(.named(name), name.span) }
        let bound = try bound("Text")
        return TypeSyntax(.text(bound), span(from: name.span.start))
    }

    /// `(64)` behind a type that has a largest size; a missing one is reported, and judged no further.
    private mutating func bound(_ what: String) throws(Abandoned) -> Int64 {
        guard at(.leftParenthesis), token(ahead: 1).kind == .number else {
            let place = Span(previousEnd, previousEnd)
            let isText = what == "Text"
            report(
                .missingBound, "a \(what) says how \(isText ? "long it" : "many elements it") may be", place,
                label: isText ? "write a length here: `(64)`" : "write a number here: `(200)`",
                help: "every collection has a bound, so that every decision ends in a known time")
            return TypeSyntax.missingBound
        }
        if what == "Text" { mark(.tight) }
        let opener = advance()
        let bound = try wholeNumber("the bound of a \(what)")
        try close(.rightParenthesis, opener, what: "the bound")
        return bound
    }

    // MARK: Fields

    /// `name : Type starts value`.
    mutating func field(_ what: String, mayStart: Bool, isAligned: Bool = false) throws(Abandoned) -> FieldSyntax {
        let name = hyphenated(try name(what))
        if isAligned { mark(.colon) }
        if !accept(.colon) {
            let failure = unexpected(
                "`:` and a type after `\(name.text)`", help: "write `\(name.text): ` and a type, such as `Integer`")
            // With a type behind the name, or another sign in the place of the colon, it is plain what is meant.
            guard !token.startsLine, at(.equals) || beginsType else { throw failure }
            _ = accept(.equals)
        }
        let type = try type()
        var starts: Expression?
        if mayStart, isAligned, at(.starts) { mark(.starts) }
        if mayStart { starts = accept(.starts) ? try expression() : try startsOtherwise() }
        return FieldSyntax(name: name, type: type, starts: starts)
    }

    mutating func fields(_ what: String) throws(Abandoned) -> [FieldSyntax] {
        var found = [try field(what, mayStart: false)]
        while acceptComma() { found.append(try field(what, mayStart: false)) }
        return found
    }

    /// The comma between two parts that have names; one that is missing is reported and taken as there.
    mutating func acceptComma() -> Bool {
        if accept(.comma) { return true }
        guard guesses, at(.word), token(ahead: 1).kind == .colon, !isAtMargin(token) else { return false }
        report(
            .unexpectedToken, "expected `,` before `\(text(of: token))`", token.span,
            help: "parts that have names are separated by commas")
        return true
    }

    /// `(a: T, b: U)`, which may be empty.
    mutating func parameters(of owner: String) throws(Abandoned) -> [FieldSyntax] {
        mark(.tight)
        if at(.gives) {
            report(
                .unexpectedToken, "expected `(` and the inputs of \(owner), found `gives`", token.span,
                help: "write `()` behind the name of what has no inputs")
            return []
        }
        let opener = try expect(
            .leftParenthesis, "`(` and the inputs of \(owner)",
            help: "inputs stand in brackets behind the name: `(amount: CNY)`, or `()` for none")
        var found: [FieldSyntax] = []
        if !at(.rightParenthesis) { found = try fields("the name of an input") }
        try close(.rightParenthesis, opener, what: "the inputs of \(owner)")
        return found
    }

    /// Whether a field begins here, as far as two tokens tell.
    static func startsField(_ parser: Parser) -> Bool {
        parser.at(.word) && parser.token(ahead: 1).kind == .colon || parser.at(.invariant)
    }

    private mutating func fieldBlock(_ owner: String) throws(Abandoned) -> [FieldSyntax] {
        var found: [FieldSyntax] = []
        try braces(of: owner, isTall: true, startsItem: Self.startsField) { parser throws(Abandoned) in
            found.append(try parser.field("the name of a field", mayStart: true, isAligned: true))
            _ = parser.accept(.comma)
        }
        return found
    }

    // MARK: Declarations

    mutating func enumeration() throws(Abandoned) -> EnumerationSyntax {
        advance()
        let name = try name("the name of an enum")
        mark(.brace)
        let opener = try expect(.leftBrace, "`{` and the values of `\(name.text)`")
        var cases: [Name] = []
        while !at(.rightBrace) {
            cases.append(try self.name("a value of `\(name.text)`"))
            if at(.rightBrace) { break }
            if at(.end) || isAtMargin(token) {
                throw fail(
                    .unclosedBracket, "the `{` of the enum `\(name.text)` is never closed", opener.span,
                    label: "opened here", help: "put a `}` behind its last value")
            }
            try expect(.comma, "`,` or `}` in the enum `\(name.text)`", help: "values are separated by commas")
        }
        advance()
        return EnumerationSyntax(name: name, cases: cases)
    }

    mutating func record() throws(Abandoned) -> RecordSyntax {
        advance()
        let name = try name("the name of a record")
        return RecordSyntax(name: name, fields: try fieldBlock("the record `\(name.text)`"))
    }

    private mutating func keepers() throws(Abandoned) -> [Name] {
        guard accept(.kept) else { return [] }
        try expect(.by, "after `kept`")
        var found = [try name("the name of a role")]
        while accept(.or) { found.append(try name("the name of a role")) }
        return found
    }

    mutating func fund() throws(Abandoned) -> FundSyntax {
        advance()
        let name = try name("the name of a fund")
        try expect(.in, "and a currency after the fund's name", help: "write `fund \(name.text) in CNY kept by …`")
        let currency = try self.name("a currency")
        return FundSyntax(name: name, currency: currency, keepers: try keepers())
    }

    mutating func register() throws(Abandoned) -> RegisterSyntax {
        advance()
        let name = try name("the name of a register")
        mark(.clause)
        try expect(.by, "and its key after the register's name", help: "write `register \(name.text) by id: Text(32)`")
        let keys = try fields("the name of a key")
        if at(.kept) { mark(.clause) }
        let keepers = try keepers()
        var fields: [FieldSyntax] = []
        var invariants: [InvariantSyntax] = []
        let owner = "the register `\(name.text)`"
        try braces(of: owner, isTall: true, startsItem: Self.startsField) { parser throws(Abandoned) in
            if parser.at(.invariant), parser.token(ahead: 1).kind == .text {
                invariants.append(try parser.invariant())
            } else {
                fields.append(try parser.field("the name of a field", mayStart: true, isAligned: true))
                _ = parser.accept(.comma)
            }
        }
        return RegisterSyntax(name: name, keys: keys, keepers: keepers, fields: fields, invariants: invariants)
    }

    mutating func caseFields() throws(Abandoned) -> CaseSyntax {
        advance()
        let about = accept(.about) ? try name("the field that the case is about") : nil
        return CaseSyntax(about: about, fields: try fieldBlock("the case"))
    }

    mutating func unique() throws(Abandoned) -> UniqueSyntax {
        advance()
        try expect(.by, "and fields after `unique`", help: "write `unique by number`")
        let fields = try names("the name of a field")
        let except = accept(.except) ? try names("the name of a state") : []
        let refusal = try optionalRefusal()
        return UniqueSyntax(fields: fields, except: except, refusal: refusal, source: try citedBehind())
    }

    mutating func invariant() throws(Abandoned) -> InvariantSyntax {
        let start = token.span.start
        advance()
        let text = try text("what always holds")
        mark(.promise)
        if !at(.colon) {
            let failure = unexpected("`:` and a condition", help: "write `invariant \"…\" : ` and what always holds")
            guard guesses, !token.startsLine else { throw failure }
        } else {
            advance()
        }
        let condition = try expression()
        let source = try citedBehind()
        return InvariantSyntax(text: text, condition: condition, source: source, span: span(from: start))
    }

    // MARK: Sources and periods

    /// `per "Rule 3.1"`.
    mutating func cited() throws(Abandoned) -> TextSyntax? {
        guard accept(.per) else { return nil }
        return try text("the source that the policy cites")
    }

    /// The source behind a rule on one line, in a column of its own.
    mutating func citedBehind() throws(Abandoned) -> TextSyntax? {
        if at(.per) { mark(.source) }
        return try cited()
    }

    /// The source as a clause of a head.
    mutating func citedClause() throws(Abandoned) -> TextSyntax? {
        if at(.per) { mark(.clause) }
        return try cited()
    }

    /// `from 2026-01-01 until 2027-01-01`.
    mutating func period() throws(Abandoned) -> PeriodSyntax {
        let start = token.span.start
        try expect(.from, "and the first day of the rule", help: "a dated value is written `from 2026-01-01: 5`")
        let from = try tight()
        let until = accept(.until) ? try tight() : nil
        return PeriodSyntax(from: from, until: until, span: span(from: start))
    }

    static func startsPeriod(_ parser: Parser) -> Bool { parser.at(.from) || parser.at(.bar) }

    mutating func parameter() throws(Abandoned) -> ParameterSyntax {
        advance()
        let name = try name("the name of a parameter")
        if !accept(.colon) {
            let failure = unexpected(
                "`:` and a type after `\(name.text)`", help: "write `parameter \(name.text): ` and a type")
            guard !token.startsLine, beginsType else { throw failure }
        }
        let type = try type()
        var cited = try citedClause()
        var values: [(period: PeriodSyntax, value: Expression)] = []
        if at(.equals) {
            mark(.equals)
            advance()
            let value = try expression()
            values.append((PeriodSyntax(from: nil, until: nil, span: value.span), value))
            if let later = try citedClause() { cited = later }
        } else if at(.leftBrace) {
            let owner = "the parameter `\(name.text)`"
            try braces(of: owner, isTall: true, startsItem: Self.startsPeriod) { parser throws(Abandoned) in
                let period = try parser.period()
                try parser.expect(
                    .colon, "`:` and a value after the period", help: "write `from 2026-01-01: ` and a value")
                values.append((period, try parser.expression()))
            }
        } else {
            throw unexpected(
                "`=` and a value, or `{` and dated values",
                help: "write `parameter \(name.text): … = 5`, or `{ from 2026-01-01: 5 }`")
        }
        return ParameterSyntax(name: name, type: type, source: cited, values: values)
    }
}
