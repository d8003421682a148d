/// Blocks of statements; each statement begins with its word.
extension Parser {
    static let statementWords: [Keyword] = [
        .let, .require, .refuse, .set, .add, .remove, .if, .match, .for, .run, .become, .notify, .reserve, .release,
        .pay, .transfer,
    ]

    private static let statementSet = Set(statementWords)

    static func startsStatement(_ parser: Parser) -> Bool {
        parser.token.keyword.map { statementSet.contains($0) } ?? false
    }

    /// Statements between braces; `isOver` tells where, without its brace, a block has plainly ended.
    mutating func block(
        _ owner: String, isOver: (Parser) -> Bool = { _ in false }
    ) throws(Abandoned) -> Block {
        var statements: [Statement] = []
        let span = try braces(of: owner, startsItem: Self.startsStatement, isOver: isOver) { parser throws(Abandoned) in
            statements.append(try parser.statement())
        }
        return Block(statements: statements, span: span)
    }

    mutating func statement() throws(Abandoned) -> Statement {
        let start = token.span.start
        let kind = try statementKind()
        let statement = Statement(kind, span(from: start))
        return conditionBehind(statement) ?? statement
    }

    private mutating func statementKind() throws(Abandoned) -> Statement.Kind {
        if let keyword = token.keyword, let kind = try statementKind(keyword) { return kind }
        let meant = meantStatement
        let failure = unknownStatement()
        guard let meant else { throw failure }
        return try guessing { parser throws(Abandoned) in
            guard let kind = try parser.statementKind(meant) else { throw Abandoned() }
            return kind
        }
    }

    /// The statement that a misspelt word stands for, where a value follows and no operator.
    private var meantStatement: Keyword? {
        let next = token(ahead: 1)
        guard at(.word), !next.startsLine, next.kind == .word || next.kind == .text || next.kind == .number,
            !isOperator(next)
        else { return nil }
        if text(of: token) == "foreach" { return .for }
        if text(of: token) == "when" { return .if }
        let near = Suggestion.nearest(to: text(of: token), among: Self.statementWords.map(\.rawValue))
        return Self.statementWords.first { $0.rawValue == near }
    }

    /// A statement that begins with the word at hand, taken as a keyword; nil where none begins with it.
    private mutating func statementKind(_ keyword: Keyword) throws(Abandoned) -> Statement.Kind? {
        switch keyword {
        case .let: return try binding()
        case .require: return try requirement()
        case .refuse:
            advance()
            return .refuse(try refusal())
        case .set: return try assignment()
        case .add:
            advance()
            // A comparison would take the `to` for the end of a range.
            let value = isAggregate ? try aggregate() : try rounded()
            try expect(.to, "and what it is added to", help: "write `add … to …`")
            return .add(value, to: try target())
        case .remove:
            advance()
            let value = try expression()
            try expect(.from, "and what it is removed from", help: "write `remove … from …`")
            return .remove(value, from: try target())
        case .if: return try condition()
        case .match: return try match()
        case .for:
            let (variable, list) = try loopHead()
            return .each(variable, in: list, try block("this `for`"))
        case .run:
            advance()
            let name = try name("the name of checks")
            return .run(name, at(.leftParenthesis) ? try arguments("these checks") : [])
        case .become:
            advance()
            let state = try name("the name of a state")
            secondState()
            return .become(state)
        case .notify:
            advance()
            guard !(at(.text) && token(ahead: 1).kind != .text) else {
                throw fail(
                    .unexpectedToken, "`notify` does not say whom to tell", Span(previousEnd, previousEnd),
                    label: "a role or a party is missing here", help: "write `notify Clerk \"…\"`")
            }
            let recipient = try lone()
            guard at(.text) else {
                throw unexpected(
                    "what to tell them between quotes",
                    help: "write `notify … \"The text\"`, which may hold `{field}` for the value of a field")
            }
            return .notify(recipient, try text("what to tell them"))
        case .reserve, .release, .pay, .transfer: return try moneyStatement(keyword)
        default: return nil
        }
    }

    private mutating func binding() throws(Abandoned) -> Statement.Kind {
        advance()
        let name = try name("a new name")
        mark(.equals)
        try expect(
            .equals, "`=` and a value after `\(name.text)`",
            help: at(.is) || at(.to) ? "write `let \(name.text) = …`" : nil)
        let value = try expression()
        return .binding(name, value, orElse: try optionalRefusal())
    }

    private mutating func requirement() throws(Abandoned) -> Statement.Kind {
        let word = advance()
        let condition = try expression()
        guard at(.else) else {
            let isOver = at(.end) || at(.rightBrace) || token.startsLine || Self.startsStatement(self)
            if !isOver {
                throw unexpected(
                    "`else` and the text of the refusal",
                    help: "write `require … else \"CODE\" \"The reason\"`; the code may be left out")
            }
            let place = Span(previousEnd, previousEnd)
            throw fail(
                .missingElse, "this `require` does not say what the one who is refused reads", place,
                label: "expected `else` and a text here", labels: [Label(word.span, "required here")],
                help: "write `else \"CODE\" \"The reason\"`; the code may be left out")
        }
        guard let refusal = try optionalRefusal() else { throw Abandoned() }
        return .require(condition, orElse: refusal)
    }

    private mutating func assignment() throws(Abandoned) -> Statement.Kind {
        advance()
        let target = try target()
        if at(.equals) {
            report(.equalsSign, "`set` gives a value with `to`", token.span, help: "write `to` instead of `=`")
            advance()
        } else {
            try expect(.to, "and a value", help: "write `set … to …`")
        }
        return .set(target, to: try expression())
    }

    /// What can be written: a field, or a field of a register's row.
    private mutating func target() throws(Abandoned) -> Expression {
        try access()
    }

    private mutating func condition() throws(Abandoned) -> Statement.Kind {
        try enter()
        defer { depth -= 1 }
        advance()
        let condition = try expression()
        if at(.then) {
            throw unexpected("`{`", help: "a statement writes `if … { … }`; `then` belongs to a value")
        }
        let then = try block("this `if`")
        let isOneWord = guesses && at(.word) && ["elseif", "elsif", "elif"].contains(text(of: token))
        if isOneWord {
            report(
                .unexpectedToken, "`\(text(of: token))` is no word of this language", token.span,
                help: "write `else if`")
            let start = token.span.start
            let nested = Statement(try self.condition(), span(from: start))
            return .choose(condition, then: then, otherwise: Block(statements: [nested], span: nested.span))
        }
        guard at(.else) else { return .choose(condition, then: then, otherwise: nil) }
        mark(.joined)
        advance()
        guard at(.if) else { return .choose(condition, then: then, otherwise: try block("this `else`")) }
        mark(.joined)
        let start = token.span.start
        let nested = Statement(try self.condition(), span(from: start))
        return .choose(condition, then: then, otherwise: Block(statements: [nested], span: nested.span))
    }

    private mutating func match() throws(Abandoned) -> Statement.Kind {
        advance()
        let value = try expression()
        var arms: [MatchArm] = []
        try braces(of: "this `match`", isTall: true, startsItem: { $0.at(.word) }) { parser throws(Abandoned) in
            let start = parser.token.span.start
            var patterns = [try parser.pattern()]
            while parser.accept(.comma) { patterns.append(try parser.pattern()) }
            parser.mark(.brace)
            let body = try parser.block("this arm", isOver: Self.startsArm)
            arms.append(MatchArm(patterns: patterns, body: body, span: parser.span(from: start)))
        }
        return .match(value, arms)
    }

    /// Whether another arm of a `match` begins with a line.
    private static func startsArm(_ parser: Parser) -> Bool {
        guard parser.token.startsLine, parser.at(.word), parser.token.keyword == nil else { return false }
        var ahead = 1
        while parser.token(ahead: ahead).kind == .comma, parser.token(ahead: ahead + 1).kind == .word { ahead += 2 }
        return parser.token(ahead: ahead).kind == .leftBrace
    }

    /// A value to match; any literal is read, so that the checker can say what is matched instead.
    private mutating func pattern() throws(Abandoned) -> Name {
        let literals: [Token.Kind] = [.number, .percent, .text, .date, .minus]
        guard literals.contains(token.kind) || at(.yes) || at(.no) else { return try name("a value to match") }
        let start = token.span.start
        repeat { advance() } while !at(.leftBrace) && !at(.rightBrace) && !at(.comma) && !at(.end) && !token.startsLine
        let span = span(from: start)
        return Name(shortened(source.text(span)), span)
    }

    private mutating func moneyStatement(_ keyword: Keyword) throws(Abandoned) -> Statement.Kind {
        advance()
        let help =
            switch keyword {
            case .pay: "write `pay amount from Fund to party`"
            case .transfer: "write `transfer amount from Fund to OtherFund`"
            default: "write `\(keyword.rawValue) amount from Fund`"
            }
        let amount = keyword == .release && at(.from) ? nil : try expression()
        if case .isIn(let inner, let funds, isNot: false)? = amount?.kind, funds.count == 1,
            case .name(let fund) = funds[0].kind, !at(.from)
        {
            throw fail(
                .unexpectedToken, "an amount is taken `from` a fund, not `in` it",
                Span(inner.span.end, fund.span.end), help: help)
        }
        try expect(.from, "and the name of a fund", help: help)
        let fund = try name("the name of a fund")
        guard let amount else { return .release(nil, from: fund) }
        switch keyword {
        case .release: return .release(amount, from: fund)
        case .reserve: return .reserve(amount, from: fund, orElse: try optionalRefusal())
        default:
            try expect(.to, "and who gets it", help: help)
            let payee = try lone()
            return keyword == .pay ? .pay(amount, from: fund, to: payee) : .transfer(amount, from: fund, to: payee)
        }
    }

    private mutating func unknownStatement() -> Abandoned {
        let current = token
        // What the lexer has refused is the mistake.
        if token(ahead: 1).kind == .invalid { return Abandoned() }
        guard current.kind == .word else {
            let isValue = [.number, .percent, .text, .date, .leftParenthesis, .leftBracket, .minus].contains(
                current.kind)
            guard isValue else { return unexpected("a statement or `}`") }
            return bareExpression(current)
        }
        if isLoneState(current) { return bareExpression(current) }
        let found = text(of: current)
        let near = Suggestion.nearest(to: found, among: Self.statementWords.map(\.rawValue))
        let next = token(ahead: 1)
        let isAssignment = next.kind == .equals
        if next.kind == .plus || next.kind == .minus, [.equals, next.kind].contains(token(ahead: 2).kind) {
            let sign = source.text(next.span.joined(token(ahead: 2).span))
            return fail(
                .unknownStatement, "`\(found) \(sign)` is no statement", current.span.joined(token(ahead: 2).span),
                help: next.kind == .plus ? "write `add … to \(found)`" : "write `set \(found) to \(found) - …`")
        }
        // A name with an operator behind it is a value, whatever word it is like.
        let isExpression = [.dot, .leftParenthesis, .leftBracket, .plus, .minus, .star, .slash].contains(next.kind)
        if near == nil || isExpression || isAssignment {
            if isAssignment {
                return fail(
                    .unknownStatement, "`\(found) = …` is no statement", current.span,
                    help: "write `set \(found) to …`, or `let \(found) = …` for a new name")
            }
            if near == nil, next.kind == .word || next.kind == .text, !isOperator(next) {
                let meant = next.keyword == .to ? "set \(found) to …" : Self.foreignWords[found]
                return fail(
                    .unknownStatement, "`\(found)` begins no statement", current.span,
                    notes: meant == nil
                        ? ["statements: \(Self.statementWords.map(\.rawValue).joined(separator: ", "))"] : [],
                    help: meant.map { "write `\($0)`" })
            }
            return bareExpression(current)
        }
        return fail(
            .unknownStatement, "`\(found)` begins no statement", current.span,
            help: near.map { "did you mean `\($0)`?" })
    }

    /// Words with which other languages begin what a contract begins with a word of its own.
    private static let foreignWords: [String: String] = [
        "var": "let … = …", "const": "let … = …", "val": "let … = …", "define": "let … = …",
        "assert": "require … else \"…\"", "ensure": "require … else \"…\"", "check": "require … else \"…\"",
        "must": "require … else \"…\"", "unless": "require … else \"…\"", "throw": "refuse \"…\"",
        "raise": "refuse \"…\"", "reject": "refuse \"…\"", "fail": "refuse \"…\"", "abort": "refuse \"…\"",
        "switch": "match … { … }", "when": "if … { … }", "foreach": "for … in … { … }", "while": "for … in … { … }",
        "goto": "become …", "enter": "become …", "move": "become …", "transition": "become …",
        "send": "notify … \"…\"", "tell": "notify … \"…\"", "inform": "notify … \"…\"", "update": "set … to …",
        "assign": "set … to …", "change": "set … to …", "append": "add … to …", "insert": "add … to …",
        "increase": "add … to …", "increment": "add 1 to …", "delete": "remove … from …", "call": "run …",
    ]

    private func isOperator(_ token: Token) -> Bool {
        guard let keyword = token.keyword else { return false }
        return keyword.isReserved
    }

    /// Whether the name of a state stands where a statement should, and nothing with it.
    private mutating func isLoneState(_ token: Token) -> Bool {
        let next = self.token(ahead: 1)
        guard token.kind == .word, next.kind == .rightBrace || next.startsLine else { return false }
        return declared(by: .state).contains(text(of: token))
    }

    private mutating func bareExpression(_ token: Token) -> Abandoned {
        if isLoneState(token) {
            return fail(
                .bareExpression, "a state alone does nothing", token.span,
                help: "write `become \(text(of: token))`")
        }
        return fail(
            .bareExpression, "a value alone does nothing", token.span,
            help: "every statement begins with its word: `require`, `set`, `let`, `become`, …")
    }

    // MARK: Refusals

    /// `else "CODE" "text"`.
    mutating func optionalRefusal() throws(Abandoned) -> RefusalSyntax? {
        guard at(.else) else { return nil }
        mark(.refusal)
        advance()
        guard at(.text) else {
            throw unexpected(
                "the text of the refusal between quotes",
                help: "write `else \"CODE\" \"The reason\"`; a value in place of another is `x otherwise y`")
        }
        return try refusal()
    }

    private mutating func refusal() throws(Abandoned) -> RefusalSyntax {
        guard at(.text) else {
            throw unexpected(
                "the text of the refusal between quotes",
                help: "write `\"CODE\" \"The reason\"`, whose text may hold `{field}` for the value of a field")
        }
        let first = try text("the text of the refusal")
        guard at(.text) else { return RefusalSyntax(code: nil, text: first, span: first.span) }
        let second = try text("the text of the refusal")
        return RefusalSyntax(code: first, text: second, span: first.span.joined(second.span))
    }
}
