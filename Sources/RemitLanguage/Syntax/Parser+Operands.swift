import RemitValues

/// The tightest bindings, and literals.
extension Parser {
    /// A value with its `on date` and `passing checks`.
    mutating func tight() throws(Abandoned) -> Expression {
        var result = try reading()
        while true {
            let below = height
            if accept(.on) {
                let date = try reading()
                try grow(over: below, height)
                result = Expression(.onDate(result, date), result.span.joined(date.span))
            } else if accept(.passing) {
                let checks = try name("the name of checks")
                try grow(over: below)
                result = Expression(.passing(result, checks), result.span.joined(checks.span))
            } else {
                return result
            }
        }
    }

    /// A value where nothing can go on with it, so that a second one instead of it stands in brackets with it.
    mutating func lone() throws(Abandoned) -> Expression {
        let value = try tight()
        guard at(.otherwise) else { return value }
        throw fail(
            .needsBrackets, "`otherwise` stands here only between brackets", token.span,
            labels: [Label(value.span, "put brackets around this and what stands in for it")],
            help: "write `(a otherwise b)`")
    }

    /// `organisation of actor`, `1 of (A or B)`, or a plain value.
    mutating func reading() throws(Abandoned) -> Expression {
        if let meant = seatsWithoutOf() { return meant }
        guard token(ahead: 1).keyword == .of, !isAggregate else { return try access() }
        let start = token
        if start.kind == .number {
            advance()
            advance()
            let seats = try access()
            try grow(over: height)
            let below = height
            let scope = try organisationScope()
            try grow(over: max(below, height))
            return Expression(.seats(digits(of: start), seats, scope), span(from: start.span.start))
        }
        guard start.kind == .word, start.keyword?.isReserved != true else { return try access() }
        try enter()
        defer { depth -= 1 }
        let name = try name("what is read")
        advance()
        let operand = try reading()
        try grow(over: height)
        return Expression(.of(name, operand), start.span.joined(operand.span))
    }

    /// A value with its `.field` and `[key]`.
    mutating func access() throws(Abandoned) -> Expression {
        var result = try primary()
        while true {
            let below = height
            if accept(.dot) {
                let field = try name("the name of a field")
                if case .name = result.kind, at(.leftParenthesis), !token.startsLine,
                    token(ahead: 1).kind == .word, token(ahead: 2).kind == .colon
                {
                    report(
                        .unexpectedToken, "a record of another contract is written by its own name",
                        result.span.joined(field.span), help: "write `\(field.text)(…)`")
                    return try record(field)
                }
                try grow(over: below)
                result = Expression(.member(result, field), result.span.joined(field.span))
            } else if at(.leftBracket) {
                mark(.tight)
                let opener = advance()
                var keys: [Expression] = []
                var tallest = below
                repeat {
                    keys.append(try expression())
                    tallest = max(tallest, height)
                } while accept(.comma)
                try close(.rightBracket, opener, what: "this key")
                try grow(over: tallest)
                result = Expression(.lookup(result, keys), span(from: result.span.start))
            } else {
                return result
            }
        }
    }

    // MARK: Primary values

    private mutating func primary() throws(Abandoned) -> Expression {
        height = 1
        switch token.kind {
        case .number: return try number()
        case .percent:
            let current = advance()
            return Expression(.percent(String(digits(of: current).dropLast())), current.span)
        case .date: return date()
        case .text:
            let text = textSyntax(of: advance())
            return Expression(.text(text), text.span)
        case .leftParenthesis: return try bracketed()
        case .leftBracket: return try collection()
        case .word: return try word()
        case .dot where token(ahead: 1).kind == .number && token(ahead: 1).span.start == token.span.end:
            let whole = token.span.joined(token(ahead: 1).span)
            throw fail(
                .malformedNumber, "a number has a digit before its point", whole,
                help: "write `0\(shortened(source.text(whole)))`")
        default: throw unexpected("a value", help: "a value is a name, a number, a date, a text or a calculation")
        }
    }

    private mutating func bracketed() throws(Abandoned) -> Expression {
        let opener = advance()
        let inner = try expression()
        try close(.rightParenthesis, opener, what: "this bracket")
        try grow(over: height)
        return Expression(.bracketed(inner), span(from: opener.span.start))
    }

    /// `[a, b]` or `[k: v]`.
    private mutating func collection() throws(Abandoned) -> Expression {
        let opener = advance()
        if accept(.rightBracket) { return Expression(.list([]), span(from: opener.span.start)) }
        var elements: [Expression] = []
        var entries: [(key: Expression, value: Expression)] = []
        var tallest = 0
        repeat {
            let element = try expression()
            tallest = max(tallest, height)
            let isEntry = elements.isEmpty && at(.colon)
            if isEntry {
                advance()
                entries.append((element, try expression()))
                tallest = max(tallest, height)
            } else if entries.isEmpty {
                elements.append(element)
            } else {
                throw unexpected("`:` and a value, as in the entries before")
            }
        } while accept(.comma)
        try close(.rightBracket, opener, what: entries.isEmpty ? "this list" : "this map")
        try grow(over: tallest)
        return Expression(entries.isEmpty ? .list(elements) : .map(entries), span(from: opener.span.start))
    }

    private mutating func word() throws(Abandoned) -> Expression {
        let current = token
        if isAggregate {
            report(
                .needsBrackets, "\(describe(current)) of a list stands here between brackets", current.span,
                help: "write `(\(Self.form(ofAggregate: current.keyword)))`")
            return try aggregate()
        }
        if let constant = Self.constant(current.keyword) {
            advance()
            return Expression(constant, current.span)
        }
        if at(.document), token(ahead: 1).kind == .text {
            advance()
            let text = try text("the name of a file")
            return Expression(.document(text), current.span.joined(text.span))
        }
        if let keyword = current.keyword, keyword.isReserved {
            if keyword == .not || keyword == .if {
                throw fail(
                    .needsBrackets, "`\(keyword.rawValue)` stands here only between brackets", current.span,
                    help: keyword == .not ? "write `(not …)`" : "write `(if … then … else …)`")
            }
            throw unexpected("a value", help: "`\(keyword.rawValue)` stands between values; one is missing before it")
        }
        if beginsNextItem { throw missingValue() }
        if let term = termInWords() { return term }
        advance()
        let name = Name(text(of: current), current.span)
        if guesses, Self.isCurrency(name.text), at(.number), !token.startsLine {
            let amount = advance()
            report(
                .unexpectedToken, "the currency stands behind the amount", current.span.joined(amount.span),
                help: "write `\(text(of: amount)) \(name.text)`")
            return Expression(.money(digits(of: amount), name), span(from: current.span.start))
        }
        if guesses, at(.word), !token.startsLine, text(of: token) == "signers", token(ahead: 1).keyword != .of {
            let word = advance()
            report(
                .unexpectedToken, "those who signed stand behind `signers of`", name.span.joined(word.span),
                help: "write `signers of \(name.text)`")
            height = 2
            return Expression(
                .of(Name("signers", word.span), Expression(.name(name), name.span)), name.span.joined(word.span))
        }
        guard at(.leftParenthesis) else { return Expression(.name(name), name.span) }
        let sign = token(ahead: 2).kind
        // Records begin with a capital where there are any, as in the contracts of others; names of functions do not.
        let isCapital = name.text.utf8.first.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) } ?? false
        if token(ahead: 1).kind == .word, sign == .colon || (sign == .equals && isCapital) { return try record(name) }
        let arguments = try arguments("`\(name.text)`")
        try grow(over: height)
        return Expression(.call(name, arguments), span(from: name.span.start))
    }

    /// The mistake of a line that ends where a value should stand.
    mutating func missingValue() -> Abandoned {
        fail(
            .unexpectedToken, "expected a value before the next line", Span(previousEnd, previousEnd),
            label: "a value is missing here", help: "a value is a name, a number, a date, a text or a calculation")
    }

    /// Whether a line begins with the word of a statement or a declaration, and with what follows such a word but no
    /// value: then a value is missing before it.
    private var beginsNextItem: Bool {
        guard guesses, token.startsLine, Self.startsStatement(self) || isDeclarationWord(token) else { return false }
        let next = token(ahead: 1)
        guard !next.startsLine else { return false }
        return [.text, .number, .date].contains(next.kind) || next.kind == .word && next.keyword == nil
    }

    private static func constant(_ keyword: Keyword?) -> Expression.Kind? {
        switch keyword {
        case .yes: .boolean(true)
        case .no: .boolean(false)
        case .actor: .actor
        case .now: .now
        case .today: .today
        case .case: .thisCase
        default: nil
        }
    }

    /// `(a, b)`, which may be empty; leaves the height of the tallest argument.
    mutating func arguments(_ owner: String) throws(Abandoned) -> [Expression] {
        mark(.tight)
        let opener = try expect(.leftParenthesis, "`(`")
        var found: [Expression] = []
        var tallest = 0
        if !at(.rightParenthesis) {
            repeat {
                found.append(try expression())
                tallest = max(tallest, height)
            } while accept(.comma)
        }
        try close(.rightParenthesis, opener, what: owner)
        height = tallest
        return found
    }

    /// `(name: value, …)`.
    mutating func namedArguments(of owner: String) throws(Abandoned) -> [(name: Name, value: Expression)] {
        mark(.tight)
        let opener = try expect(.leftParenthesis, "`(`")
        var found: [(name: Name, value: Expression)] = []
        var tallest = 0
        if !at(.rightParenthesis) {
            repeat {
                try refuseNameless(found.count, of: owner)
                let field = try name("the name of a field")
                if at(.equals) {
                    report(.equalsSign, "an argument is given with `:`", token.span, help: "write `:` instead of `=`")
                    advance()
                } else {
                    try expect(
                        .colon, "`:` and a value after `\(field.text)`", help: "write `(\(field.text): …)`")
                }
                found.append((field, try expression()))
                tallest = max(tallest, height)
            } while acceptComma()
        }
        try close(.rightParenthesis, opener, what: "`\(owner)`")
        height = tallest
        return found
    }

    /// Refuses a value without its name, as in `ask("x", 3)`, and says which name is meant where that can be told.
    private mutating func refuseNameless(_ number: Int, of owner: String) throws(Abandoned) {
        let isName = at(.word) && ![.comma, .rightParenthesis].contains(token(ahead: 1).kind)
        let values: [Token.Kind] = [.text, .number, .percent, .date, .leftBracket, .word]
        guard guesses, !isName, values.contains(token.kind) else { return }
        // Few mistakes are shown, and each would look through the whole text.
        let form = diagnostics.count < Limits.diagnostics ? form(of: owner) : []
        let name = number < form.count ? form[number] : "name"
        throw fail(
            .unexpectedToken, "each value stands behind its name and `:`", token.span,
            help: "write `\(owner)(\(number > 0 ? "…, " : "")\(name): \(shortened(text(of: token))), …)`")
    }

    private mutating func record(_ name: Name) throws(Abandoned) -> Expression {
        let fields = try namedArguments(of: name.text)
        try grow(over: height)
        return Expression(.record(name, fields), span(from: name.span.start))
    }

    // MARK: Literals

    /// The digits of a literal without `_`.
    private func digits(of token: Token) -> String { text(of: token).replacing("_") }

    private mutating func date() -> Expression {
        let day = advance()
        guard at(.time) else { return Expression(.date(text(of: day)), day.span) }
        let time = advance()
        let span = day.span.joined(time.span)
        if refuseEndOfDay(time, help: "write the next day with `00:00`") {
            return Expression(.dateTime(text(of: day), "00:00"), span)
        }
        return Expression(.dateTime(text(of: day), text(of: time)), span)
    }

    private static let units = ["minute", "hour", "day", "week", "month", "year"]

    /// A number, an amount or a term.
    private mutating func number() throws(Abandoned) -> Expression {
        let current = advance()
        try refuseTurnedDate(current)
        let digits = digits(of: current)
        let word = token
        // `starts 0` may be followed by the next field, whose name can be any word.
        let isNextField = token(ahead: 1).kind == .colon
        guard word.kind == .word, !isNextField else { return Expression(.number(digits), current.span) }
        let spelling = text(of: word)
        if spelling == "working", let unit = Self.unit(text(of: token(ahead: 1))), ["day", "hour"].contains(unit) {
            advance()
            advance()
            return Expression(.term(digits, unit: "working \(unit)"), span(from: current.span.start))
        }
        if let unit = Self.unit(spelling) {
            advance()
            return Expression(.term(digits, unit: unit), span(from: current.span.start))
        }
        if guesses, ["business", "calendar", "work"].contains(spelling),
            let unit = Self.unit(text(of: token(ahead: 1)))
        {
            let span = word.span.joined(token(ahead: 1).span)
            let meant = spelling == "calendar" || !["day", "hour"].contains(unit) ? unit : "working \(unit)"
            report(
                .unknownUnit, "`\(source.text(span))` is no unit of a number", span,
                help: "write `\(digits) \(meant)\(digits == "1" ? "" : "s")`")
            advance()
            advance()
            return Expression(.term(digits, unit: meant), self.span(from: current.span.start))
        }
        if Self.isCurrency(spelling), Self.currencyMeant(by: spelling) == nil {
            advance()
            return Expression(.money(digits, Name(spelling, word.span)), span(from: current.span.start))
        }
        if guesses, !word.startsLine, word.keyword == nil, let guess = nearestUnit(spelling) {
            report(
                .unknownUnit, "`\(spelling)` is no unit of a number", word.span, help: "did you mean `\(guess)`?")
            advance()
            // What is plainly meant is read, so that what encloses it is not lost.
            let unit = guess.hasPrefix("working ") ? guess : Self.unit(guess) ?? ""
            if !unit.isEmpty {
                let singular = unit.hasSuffix("s") ? String(unit.dropLast()) : unit
                return Expression(.term(digits, unit: singular), span(from: current.span.start))
            }
            if Currency(code: guess) != nil {
                return Expression(.money(digits, Name(guess, word.span)), span(from: current.span.start))
            }
            throw Abandoned()
        }
        return Expression(.number(digits), current.span)
    }

    static func unit(_ word: String) -> String? {
        for unit in units where word == unit || word == "\(unit)s" { return unit }
        return nil
    }

    /// Three capital letters, as ISO 4217 writes them; whether there is such a currency is for the checker to say.
    private static func isCurrency(_ word: String) -> Bool {
        word.utf8.count == 3 && word.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }

    /// The ISO 4217 code that a common short name of a currency stands for.
    static func currencyMeant(by word: String) -> String? {
        switch word.uppercased() {
        case "RMB", "YUAN", "CNH": "CNY"
        case "DOLLAR", "DOLLARS": "USD"
        case "EURO", "EUROS": "EUR"
        default: nil
        }
    }

    /// `02-03-2026`, which would be read as a calculation.
    private mutating func refuseTurnedDate(_ day: Token) throws(Abandoned) {
        let parts = [day, token, token(ahead: 1), token(ahead: 2), token(ahead: 3)]
        guard parts.map(\.kind) == [.number, .minus, .number, .minus, .number],
            zip(parts, parts.dropFirst()).allSatisfy({ $0.span.end == $1.span.start }),
            day.span.end - day.span.start == 2, parts[4].span.end - parts[4].span.start == 4
        else { return }
        throw fail(
            .malformedDate, "`\(source.text(day.span.joined(parts[4].span)))` is not how a date is written",
            day.span.joined(parts[4].span), help: "write year, month and day as `2026-03-02`")
    }

    /// What short and other names of units of time stand for.
    private static let unitsMeant = [
        "min": "minutes", "mins": "minutes", "h": "hours", "hr": "hours",
        "hrs": "hours", "d": "days", "wk": "weeks", "wks": "weeks", "mo": "months", "yr": "years", "yrs": "years",
        "workday": "working day", "workdays": "working days", "weekdays": "working days",
        "workhours": "working hours",
    ]

    private func nearestUnit(_ word: String) -> String? {
        if let code = Self.currencyMeant(by: word) { return code }
        if let unit = Self.unitsMeant[word.lowercased()] { return unit }
        if word.utf8.count == 3, word.utf8.allSatisfy({ $0 < 0x80 }) { return word.uppercased() }
        return Suggestion.nearest(to: word, among: Self.units + Self.units.map { "\($0)s" } + ["working"])
    }
}
