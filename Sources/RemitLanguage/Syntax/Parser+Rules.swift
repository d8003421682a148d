/// Checks, functions, actions, approvals, deadlines and migrations.
extension Parser {
    // MARK: Checks

    mutating func checks() throws(Abandoned) -> ChecksSyntax {
        advance()
        let name = try name("the name of these checks")
        let inputs = at(.leftParenthesis) ? try parameters(of: "the checks `\(name.text)`") : []
        return ChecksSyntax(
            name: name, parameters: inputs, items: try checkItems("the checks `\(name.text)`"))
    }

    private static let checkWords: Set<Keyword> = [.deny, .pend, .note, .let, .for]

    private static func startsCheck(_ parser: Parser) -> Bool {
        parser.token.keyword.map { checkWords.contains($0) } ?? false
    }

    private mutating func checkItems(_ owner: String) throws(Abandoned) -> [CheckItem] {
        var items: [CheckItem] = []
        try braces(of: owner, isTall: true, startsItem: Self.startsCheck) { parser throws(Abandoned) in
            items.append(try parser.checkItem())
        }
        return items
    }

    private mutating func checkItem() throws(Abandoned) -> CheckItem {
        if let keyword = token.keyword, let item = try checkItem(keyword) { return item }
        let found = text(of: token)
        let words = Self.checkWords.map(\.rawValue)
        let next = token(ahead: 1)
        let near = at(.word) ? found == "foreach" ? "for" : Suggestion.nearest(to: found, among: words) : nil
        let isBinding = at(.word) && next.kind == .equals
        let failure = fail(
            .unknownStatement, "expected a check, found \(describe(token))", token.span,
            notes: near == nil && !isBinding ? ["a check begins with `deny`, `pend` or `note`"] : [],
            help: isBinding ? "write `let \(found) = …`" : near.map { "did you mean `\($0)`?" })
        guard !isBinding, next.kind == .word || next.kind == .text, let near, let meant = Keyword(rawValue: near) else {
            throw failure
        }
        return try guessing { parser throws(Abandoned) in
            guard let item = try parser.checkItem(meant) else { throw Abandoned() }
            return item
        }
    }

    /// An item that begins with the word at hand, taken as a keyword; nil where none begins with it.
    private mutating func checkItem(_ keyword: Keyword) throws(Abandoned) -> CheckItem? {
        let start = token.span.start
        switch keyword {
        case .deny: return .check(try check(.deny))
        case .pend: return .check(try check(.pend))
        case .note: return .check(try check(.note))
        case .let:
            advance()
            let name = try name("a new name")
            mark(.equals)
            try expect(.equals, "`=` and a value after `\(name.text)`", help: "write `let \(name.text) = …`")
            return .binding(name, try expression(), span(from: start))
        case .for:
            let (variable, list) = try loopHead()
            let items = try checkItems("this `for`")
            return .each(variable, in: list, items, span(from: start))
        default: return nil
        }
    }

    private mutating func check(_ severity: CheckSyntax.Severity) throws(Abandoned) -> CheckSyntax {
        let start = token.span.start
        advance()
        let code = try text("the code of the finding")
        mark(.text)
        guard at(.text) else {
            throw unexpected(
                "the text of the finding between quotes",
                help:
                    "a check has a code and a text: `\(severity.rawValue) \"CO-16\" \"The claim has no lines\" when …`")
        }
        let message = try text("the text of the finding")
        mark(.condition)
        if at(.if) {
            report(.unexpectedToken, "a check holds `when` its condition does", token.span, help: "write `when`")
            advance()
        } else {
            try expect(.when, "and a condition", help: "write `when` and what is found, such as `when lines is empty`")
        }
        let condition = try expression()
        let source = try citedBehind()
        return CheckSyntax(
            severity: severity, code: code, text: message, condition: condition, source: source,
            span: span(from: start))
    }

    /// `for line in lines`, up to its block.
    mutating func loopHead() throws(Abandoned) -> (Name, Expression) {
        advance()
        let isBracketed = at(.leftParenthesis)
        if isBracketed
            || (at(.word) && text(of: token) == "each" && token(ahead: 1).kind == .word
                && token(ahead: 1).keyword != .in)
        {
            report(
                .unexpectedToken, "behind `for` stands a new name, not `\(text(of: token))`", token.span,
                help: "write `for line in lines`")
            advance()
        }
        let variable = try name("a new name for each element")
        try expect(.in, "and a list after `\(variable.text)`", help: "write `for \(variable.text) in …`")
        let list = try lone()
        if isBracketed { _ = accept(.rightParenthesis) }
        return (variable, list)
    }

    // MARK: Functions

    private static func startsFunctionLine(_ parser: Parser) -> Bool { parser.at(.let) || parser.at(.return) }

    mutating func function() throws(Abandoned) -> FunctionSyntax {
        advance()
        let name = try name("the name of a function")
        let inputs = try parameters(of: "the function `\(name.text)`")
        try expect(.gives, "and a type", help: "write `gives CNY`")
        let result = try type()
        let cited = try citedClause()
        var bindings: [(name: Name, value: Expression)] = []
        var value: Expression?
        let owner = "the function `\(name.text)`"
        let before = diagnostics.count
        let body = try braces(of: owner, startsItem: Self.startsFunctionLine) {
            parser throws(Abandoned) in
            try parser.functionLine(&bindings, &value)
        }
        guard let value else {
            if diagnostics.count > before { throw Abandoned() }
            throw fail(
                .unexpectedToken, "\(owner) gives nothing back", Span(body.end - 1, body.end),
                help: "end it with `return` and a value")
        }
        return FunctionSyntax(
            name: name, parameters: inputs, result: result, source: cited, bindings: bindings, value: value)
    }

    private mutating func functionLine(
        _ bindings: inout [(name: Name, value: Expression)], _ value: inout Expression?
    ) throws(Abandoned) {
        guard value == nil else {
            throw unexpected(
                "`}`: nothing follows `return`",
                help: at(.then) || at(.else)
                    ? "a choice is written `if … then … else …`" : "name what is worked out before it with `let`")
        }
        if accept(.return) {
            value = try expression()
            return
        }
        guard accept(.let) else {
            throw unexpected(
                "`let` or `return`", help: "a function works something out; only an action or an `entering` block acts")
        }
        let name = try name("a new name")
        mark(.equals)
        try expect(.equals, "`=` and a value after `\(name.text)`", help: "write `let \(name.text) = …`")
        bindings.append((name, try expression()))
    }

    // MARK: Actions

    mutating func action() throws(Abandoned) -> ActionSyntax {
        advance()
        let name = try name("the name of an action")
        let inputs = at(.leftParenthesis) ? try parameters(of: "the action `\(name.text)`") : []
        var head = HeadClauses()
        while let keyword = try nextClause(HeadClauses.actionWords, "the action `\(name.text)`") {
            try clause(keyword, into: &head)
        }
        let body = try block("the action `\(name.text)`")
        return ActionSyntax(
            name: name, parameters: inputs, states: head.states, opens: head.opens, authorities: head.authorities,
            except: head.except, enters: head.enters, accepts: head.accepts, source: head.source, body: body)
    }

    private mutating func clause(_ keyword: Keyword, into head: inout HeadClauses) throws(Abandoned) {
        if keyword != .accept, let before = head.seen[keyword] {
            report(
                .clauseTwice, "`\(keyword.rawValue)` stands twice in this head", token.span,
                labels: [Label(before, "first here")], help: "join both into one list")
        }
        head.seen[keyword] = token.span
        mark(.clause)
        advance()
        mark(.value)
        switch keyword {
        case .in: head.states = try names("the name of a state")
        case .opens: head.opens = try names("the name of a state")
        case .by: head.authorities = try authorities()
        case .except: head.except = try expressionList()
        case .enters: head.enters = try names("the name of a case field")
        case .needs: head.needs = try expression()
        case .within: head.within = try lone()
        case .per: head.source = try text("the source that the policy cites")
        case .declined:
            columns[index] = .none
            try expect(.by, "and a quorum after `declined`")
            head.declinedBy = try expression()
        default:
            head.accepts.append(try answer())
        }
    }

    /// `unapprovedPayment because "Rule 9.4"`, behind `accept`.
    mutating func answer() throws(Abandoned) -> AcceptSyntax {
        let warning = try name("the name of a warning")
        try expect(.because, "and a reason", help: "write the reason behind it: `because \"Rule 9.4\"`")
        return AcceptSyntax(warning: warning, reason: try text("the reason"))
    }

    private mutating func expressionList() throws(Abandoned) -> [Expression] {
        var found = [try lone()]
        while acceptCommaBeforeName() { found.append(try lone()) }
        return found
    }

    /// The clause of a head that comes next; nil where the block does. A word that is no clause is reported before the
    /// block is missed there, and taken for the clause that is like it.
    private mutating func nextClause(_ words: [Keyword], _ owner: String) throws(Abandoned) -> Keyword? {
        guard at(.word) else { return nil }
        if let keyword = token.keyword, words.contains(keyword) { return keyword }
        let isInBlock = Self.startsStatement(self) || HeadClauses.outcome(self) != nil
        guard !(token.startsLine && isInBlock) else { return nil }
        let found = text(of: token)
        let near = Suggestion.nearest(to: found, among: words.map(\.rawValue))
        let failure = fail(
            .unexpectedToken, "expected a clause or the `{` of \(owner), found \(describe(token))", token.span,
            notes: near == nil ? ["clauses here: \(words.map { "`\($0.rawValue)`" }.joined(separator: ", "))"] : [],
            help: index > 0 && tokens[index - 1].kind == .number && !token.startsLine
                ? "write `\(text(of: tokens[index - 1])) of \(found)`" : near.map { "did you mean `\($0)`?" })
        if token.startsLine {
            guard let meant = words.first(where: { $0.rawValue == near }) else { throw failure }
            return meant
        }
        // What else stands on the line belongs to the mistake; the head goes on with the next.
        while !at(.end), !at(.leftBrace), !token.startsLine { advance() }
        return isAtMargin(token) ? nil : try nextClause(words, owner)
    }

    /// `Provider of any organisation`, `referrer or (A or B) of sender`.
    private mutating func authorities() throws(Abandoned) -> [AuthoritySyntax] {
        var found = [try authority()]
        while accept(.or) { found.append(try authority()) }
        if at(.comma) {
            throw unexpected("`or` between those who may act", help: "write `A or B`; a comma could mean both")
        }
        return found
    }

    private mutating func authority() throws(Abandoned) -> AuthoritySyntax {
        let start = token.span.start
        var names: [Name] = []
        if at(.leftParenthesis) {
            let opener = advance()
            repeat { names.append(try name("a role or a case field")) } while accept(.or)
            try close(.rightParenthesis, opener, what: "these roles")
        } else {
            names = [try name("a role or a case field")]
        }
        return AuthoritySyntax(names: names, scope: try organisationScope(), span: span(from: start))
    }

    /// `of any organisation`, `of receiver`, or nothing.
    mutating func organisationScope() throws(Abandoned) -> OrganisationScope {
        guard accept(.of) else { return .home }
        guard at(.any) else { return .of(try reading()) }
        advance()
        try expect(.organisation, "after `any`")
        return .any
    }

    // MARK: Approvals and deadlines

    mutating func approval() throws(Abandoned) -> ApprovalSyntax {
        advance()
        let name = try name("the name of an approval")
        var head = HeadClauses()
        let owner = "the approval `\(name.text)`"
        while let keyword = try nextClause(HeadClauses.approvalWords, owner) { try clause(keyword, into: &head) }
        guard let needs = head.needs, let within = head.within else {
            let missing = head.needs == nil ? "needs" : "within"
            throw fail(
                .unexpectedToken, "\(owner) does not say what it `\(missing)`", name.span,
                help: head.needs == nil
                    ? "say who signs: `needs 1 of FinanceOfficer`" : "say by when: `within 2 working days`")
        }
        var blocks: [Keyword: Block] = [:]
        try braces(of: owner, isTall: true, startsItem: { HeadClauses.outcome($0) != nil }) {
            parser throws(Abandoned) in
            guard let outcome = HeadClauses.outcome(parser) else {
                throw parser.unexpected("`granted`, `declined` or `overdue` and a block")
            }
            let word = parser.advance()
            if blocks[outcome] != nil {
                parser.report(.clauseTwice, "`\(outcome.rawValue)` stands twice in \(owner)", word.span)
            }
            parser.mark(.brace)
            blocks[outcome] = try parser.block("`\(outcome.rawValue)`") { inner in
                inner.token.startsLine && HeadClauses.outcome(inner) != nil && inner.token(ahead: 1).kind == .leftBrace
            }
        }
        return ApprovalSyntax(
            name: name, states: head.states, needs: needs, except: head.except, declinedBy: head.declinedBy,
            within: within, accepts: head.accepts, source: head.source, granted: blocks[.granted],
            declined: blocks[.declined], overdue: blocks[.overdue])
    }

    mutating func deadline() throws(Abandoned) -> DeadlineSyntax {
        advance()
        let term = try lone()
        let past = accept(.past) ? try name("the name of a date field") : nil
        try expect(.in, "and a state", help: "write `after 30 days in approved { … }`")
        let states = try names("the name of a state")
        let source = try citedClause()
        return DeadlineSyntax(
            term: term, past: past, states: states, source: source, body: try block("this deadline"))
    }

    mutating func migrate() throws(Abandoned) -> MigrateSyntax {
        advance()
        try expect(.from, "and the version that running cases come from")
        let number = token.span
        let version = try wholeNumber("a version")
        let within = accept(.in) ? try names("the name of a state of version \(version)") : []
        let condition = accept(.when) ? try expression() : nil
        var states: [(old: Name, new: Name)] = []
        var statements: [Statement] = []
        let span = try braces(of: "this migration", startsItem: Self.startsMigrationLine) { parser throws(Abandoned) in
            guard parser.at(.state), parser.token(ahead: 1).kind == .word else {
                return statements.append(try parser.statement())
            }
            parser.advance()
            let old = try parser.name("the name of a state")
            try parser.expect(.to, "and the new state")
            states.append((old, try parser.name("the name of a state")))
        }
        return MigrateSyntax(
            from: version, fromSpan: number, within: within, condition: condition, states: states,
            body: Block(statements: statements, span: span))
    }

    private static func startsMigrationLine(_ parser: Parser) -> Bool {
        parser.at(.state) || startsStatement(parser)
    }
}

/// The clauses of a head while they are read, in whatever order they stand.
struct HeadClauses {
    static let actionWords: [Keyword] = [.in, .opens, .by, .except, .enters, .accept, .per]
    static let approvalWords: [Keyword] = [.in, .needs, .except, .declined, .within, .accept, .per]

    /// The outcome of a round whose block begins here.
    static func outcome(_ parser: Parser) -> Keyword? {
        guard let keyword = parser.token.keyword, [.granted, .declined, .overdue].contains(keyword) else { return nil }
        return keyword
    }

    var seen: [Keyword: Span] = [:]
    var states: [Name] = []
    var opens: [Name] = []
    var authorities: [AuthoritySyntax] = []
    var except: [Expression] = []
    var enters: [Name] = []
    var accepts: [AcceptSyntax] = []
    var source: TextSyntax?
    var needs: Expression?
    var within: Expression?
    var declinedBy: Expression?
}
