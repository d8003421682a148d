/// What is meant by words that stand where the language has others, told by what the contract declares.
extension Parser {
    /// The names that are declared behind a word, found by their tokens alone.
    mutating func declared(by keyword: Keyword) -> [String] {
        if let known = declaredNames[keyword] { return known }
        var found: [String] = []
        for place in tokens.indices where tokens[place].keyword == keyword {
            guard tokens[place].startsLine || (place > 0 && tokens[place - 1].keyword == .final) else { continue }
            var next = place + 1
            while next < tokens.count, tokens[next].kind == .word {
                found.append(text(of: tokens[next]))
                guard next + 1 < tokens.count, tokens[next + 1].kind == .comma else { break }
                next += 2
            }
        }
        declaredNames[keyword] = found
        return found
    }

    /// The role that a word stands for, be it in the plural.
    mutating func role(meantBy word: String) -> String? {
        let roles = declared(by: .role)
        if roles.contains(word) { return word }
        return word.hasSuffix("s") ? roles.first { $0 == word.dropLast() } : nil
    }

    /// The names that the form of an action has, as its head says, in order.
    func form(of action: String) -> [String] {
        let place = tokens.indices.dropLast(2).first {
            tokens[$0].keyword == .action && text(of: tokens[$0 + 1]) == action
        }
        guard var index = place.map({ $0 + 2 }) else { return [] }
        var found: [String] = []
        if tokens[index].kind == .leftParenthesis {
            while index < tokens.count - 1, tokens[index].kind != .rightParenthesis {
                if tokens[index].kind == .word, tokens[index + 1].kind == .colon {
                    found.append(text(of: tokens[index]))
                }
                index += 1
            }
        }
        while index < tokens.count, tokens[index].kind != .leftBrace, tokens[index].keyword != .enters { index += 1 }
        guard index < tokens.count, tokens[index].keyword == .enters else { return found }
        index += 1
        while index + 1 < tokens.count, tokens[index].kind == .word {
            found.append(text(of: tokens[index]))
            guard tokens[index + 1].kind == .comma else { break }
            index += 2
        }
        return found
    }

    // MARK: Numbers

    private static let numberWords = [
        "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
        "nine": "9", "ten": "10", "twelve": "12", "twenty": "20", "thirty": "30", "sixty": "60", "ninety": "90",
    ]

    /// `two days`, `thirty days`: a number in words before its unit, reported and read as what is meant.
    mutating func termInWords() -> Expression? {
        let next = token(ahead: 1)
        guard guesses, at(.word), let digits = Self.numberWords[text(of: token)],
            next.kind == .word, !next.startsLine
        else { return nil }
        let isWorking = text(of: next) == "working"
        let last = isWorking ? token(ahead: 2) : next
        guard let unit = Self.unit(text(of: last)) else { return nil }
        let span = token.span.joined(last.span)
        report(
            .unexpectedToken, "`\(text(of: token))` is written in digits", token.span,
            help: "write `\(digits) \(source.text(Span(next.span.start, last.span.end)))`")
        advance()
        advance()
        if isWorking { advance() }
        return Expression(.term(digits, unit: isWorking ? "working \(unit)" : unit), span)
    }

    /// `1 Head`, `two Heads`: seats without their `of`, reported and read as what is meant.
    mutating func seatsWithoutOf() -> Expression? {
        let next = token(ahead: 1)
        guard guesses, at(.number) || at(.word), next.kind == .word, next.keyword == nil, !next.startsLine else {
            return nil
        }
        let found = text(of: token)
        guard let digits = at(.number) ? found : Self.numberWords[found], let role = role(meantBy: text(of: next))
        else { return nil }
        let span = token.span.joined(next.span)
        report(.unexpectedToken, "a quorum says how many of whom sign", span, help: "write `\(digits) of \(role)`")
        advance()
        advance()
        height = 2
        return Expression(.seats(digits, Expression(.name(Name(role, next.span)), next.span), .home), span)
    }

    // MARK: Comparisons

    /// What a comparison in words means, and how many tokens it has; nil where none stands here.
    private func comparisonInWords() -> (sign: ComparisonOperator, count: Int)? {
        guard guesses, at(.word), !token.startsLine else { return nil }
        let next = token(ahead: 1)
        switch (text(of: token), next.kind == .word ? text(of: next) : "") {
        case ("at", "least"): return (.greaterOrEqual, 2)
        case ("at", "most"): return (.lessOrEqual, 2)
        case ("more", "than"), ("greater", "than"), ("larger", "than"), ("later", "than"), ("higher", "than"):
            return (.greater, 2)
        case ("less", "than"), ("fewer", "than"), ("smaller", "than"), ("earlier", "than"), ("lower", "than"):
            return (.less, 2)
        case ("equal", "to"): return (.equal, 2)
        default: return nil
        }
    }

    /// `is at least 1`, `more than 0`: a comparison in words, reported and read as its sign.
    mutating func comparisonInWords(
        of left: Expression, _ leftHeight: Int, from start: Int
    ) throws(Abandoned) -> Expression? {
        guard let found = comparisonInWords() else { return nil }
        for _ in 0..<found.count { advance() }
        let span = Span(start, previousEnd)
        report(
            .equalsSign, "`\(source.text(span))` is written with a sign", span, help: "write `\(found.sign.rawValue)`")
        let right = try operand()
        try grow(over: leftHeight, height)
        return Expression(.comparison(found.sign, left, right), left.span.joined(right.span))
    }

    // MARK: Statements

    /// `refuse "…" if c`: a condition behind a statement, reported and read as one before it; nil where a statement
    /// of its own follows.
    mutating func conditionBehind(_ statement: Statement) -> Statement? {
        guard guesses, !token.startsLine, at(.if) || at(.when) || (at(.word) && text(of: token) == "unless") else {
            return nil
        }
        let word = token
        let isUnless = text(of: word) == "unless"
        let before = (index: index, diagnostics: diagnostics.count)
        advance()
        let condition = try? expression()
        guard let condition, !at(.leftBrace), diagnostics.count == before.diagnostics else {
            index = before.index
            diagnostics.removeLast(diagnostics.count - before.diagnostics)
            return nil
        }
        let help: String
        switch statement.kind {
        case .refuse:
            help = "write `require … else \"…\"` with what must hold, or `if … { refuse \"…\" }`"
        default: help = "write `if \(isUnless ? "not (…)" : "…") { … }`"
        }
        report(
            .unexpectedToken, "`\(text(of: word))` and its condition stand before what depends on them", word.span,
            help: help)
        if case .binding = statement.kind { return statement }
        let test = isUnless ? Expression(.not(condition), condition.span) : condition
        return Statement(
            .choose(test, then: Block(statements: [statement], span: statement.span), otherwise: nil),
            statement.span.joined(condition.span))
    }

    /// `become paid and refused`: a second state, which is reported and left out.
    mutating func secondState() {
        let next = token(ahead: 1)
        guard guesses, !token.startsLine, at(.and) || at(.or) || at(.comma), next.kind == .word, !next.startsLine else {
            return
        }
        report(
            .unexpectedToken, "a case comes into one state", token.span.joined(next.span),
            help: "write one state; which it is may depend: `if … { become … } else { become … }`")
        advance()
        advance()
    }

    /// How a step is written whose `does` is missing.
    mutating func meantStep() -> String {
        let actor = text(of: token)
        let word = text(of: token(ahead: 1))
        let object = token(ahead: 2)
        for vote in ["approve", "decline"] where [vote, "\(vote)s", "\(vote)d"].contains(word) {
            let round = object.kind == .word && !object.startsLine && object.keyword != .on ? text(of: object) : "…"
            let label = token(ahead: 4)
            let isOn = token(ahead: 3).keyword == .on && label.kind == .word
            return "\(actor) does \(vote) \(round)\(isOn ? " on \(text(of: label))" : "")"
        }
        let actions = declared(by: .action)
        let singular = word.hasSuffix("s") ? String(word.dropLast()) : word
        let meant =
            [word, singular].first { actions.contains($0) } ?? Suggestion.nearest(to: word, among: actions) ?? word
        return "\(actor) does \(meant)(…)"
    }

    // MARK: Names

    /// A name with a hyphen in it, `paid-out`, reported and read as one name.
    mutating func hyphenated(_ name: Name) -> Name {
        var whole = name
        while guesses, at(.minus), token.span.start == whole.span.end {
            let part = token(ahead: 1)
            guard part.kind == .word, part.span.start == token.span.end else { break }
            advance()
            advance()
            let capital = text(of: part).prefix(1).uppercased() + text(of: part).dropFirst()
            whole = Name(whole.text + capital, whole.span.joined(part.span))
        }
        if whole.span != name.span {
            report(
                .unexpectedToken, "a name has no hyphen", whole.span, help: "write `\(whole.text)`")
        }
        return whole
    }

    /// The value with which a field begins behind another word or sign than `starts`, reported and read as such.
    mutating func startsOtherwise() throws(Abandoned) -> Expression? {
        let words = ["default", "defaults", "initially", "initial", "start", "begins"]
        let isWord = at(.word) && words.contains(text(of: token)) && token(ahead: 1).kind != .colon
        guard guesses, !token.startsLine, at(.equals) || isWord else { return nil }
        report(
            .unexpectedToken, "a field begins with the value behind `starts`", token.span,
            help: "write `starts` instead of `\(text(of: token))`")
        advance()
        return try expression()
    }
}
