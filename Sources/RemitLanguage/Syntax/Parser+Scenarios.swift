/// Scenarios and what they start from.
extension Parser {
    mutating func givenItems() throws(Abandoned) -> [GivenItem] {
        advance()
        var items = [try givenItem()]
        while accept(.comma) { items.append(try givenItem()) }
        return items
    }

    private mutating func givenItem() throws(Abandoned) -> GivenItem {
        let start = token.span.start
        let name = try name("the name of a person, organisation, fund or register")
        if at(.dot) {
            let fund = try account(after: name)
            try expect(.holds, "and what it holds")
            return GivenItem(.fund(fund, try additive()), span(from: start))
        }
        let kind = try givenKind(name)
        return GivenItem(kind, span(from: start))
    }

    private mutating func givenKind(_ name: Name) throws(Abandoned) -> GivenItem.Kind {
        if at(.leftBracket) {
            mark(.tight)
            let opener = advance()
            var keys: [Expression] = []
            repeat { keys.append(try expression()) } while accept(.comma)
            try close(.rightBracket, opener, what: "this key")
            try expect(.is, "and the row")
            return .row(name, keys: keys, try tight())
        }
        if accept(.holds) { return .fund(AccountName(owner: nil, name: name), try additive()) }
        if accept(.acts) {
            try expect(.for, "and whom `\(name.text)` stands in for")
            let other = try self.name("the name of a person")
            return .delegation(name, for: other, until: accept(.until) ? try tight() : nil)
        }
        guard accept(.is) else {
            throw unexpected(
                "what `\(name.text)` is", help: "write `is Role`, `is an organisation`, `holds 5 CNY` or `acts for …`")
        }
        if at(.an, then: .organisation) {
            advance()
            advance()
            return .organisation(name)
        }
        let isA = at(.word) && text(of: token) == "a"
        if isA, token(ahead: 1).keyword == .case { return try otherCase(name) }
        if at(.organisation) || (isA && token(ahead: 1).keyword == .organisation) {
            report(.unexpectedToken, "somebody is `an organisation`", token.span, help: "write `is an organisation`")
            if isA { advance() }
            advance()
            return .organisation(name)
        }
        let next = token(ahead: 1)
        if guesses, isA || at(.an), next.kind == .word, next.keyword != .of, !next.startsLine {
            report(
                .unexpectedToken, "a role is named without `\(text(of: token))`", token.span,
                help: "write `is \(text(of: next))`")
            advance()
        }
        let role = try self.name("the name of a role")
        return .person(name, role: role, of: accept(.of) ? try self.name("the name of an organisation") : nil)
    }

    /// `a case of Referral(urgency: urgent) in accepted`.
    private mutating func otherCase(_ name: Name) throws(Abandoned) -> GivenItem.Kind {
        advance()
        advance()
        try expect(.of, "and the contract that the case follows")
        let contract = try self.name("the name of another contract")
        let fields = at(.leftParenthesis) ? try namedArguments(of: contract.text) : []
        try expect(
            .in, "and the state of the case", help: "write `\(name.text) is a case of \(contract.text) in accepted`")
        return .otherCase(name, contract: contract, fields: fields, state: try self.name("the name of a state"))
    }

    /// `Reserve.Pool`, or a name alone.
    private mutating func account(_ what: String) throws(Abandoned) -> AccountName {
        try account(after: try name(what))
    }

    private mutating func account(after name: Name) throws(Abandoned) -> AccountName {
        guard at(.dot) else { return AccountName(owner: nil, name: name) }
        advance()
        return AccountName(owner: name, name: try self.name("the name of a fund"))
    }

    // MARK: Scenarios

    mutating func scenario() throws(Abandoned) -> ScenarioSyntax {
        advance()
        let title = try text("the title of the scenario")
        var steps: [ScenarioStep] = []
        try braces(of: "this scenario", isTall: true, startsItem: { $0.at(.word) }) { parser throws(Abandoned) in
            steps.append(try parser.step())
        }
        return ScenarioSyntax(title: title, steps: steps)
    }

    private mutating func step() throws(Abandoned) -> ScenarioStep {
        let start = token.span.start
        let kind = try stepKind()
        return ScenarioStep(kind, span(from: start))
    }

    private mutating func stepKind() throws(Abandoned) -> ScenarioStep.Kind {
        if isPerform { return .perform(try perform()) }
        if at(.word), token(ahead: 1).keyword == .renounces { return try renunciation() }
        switch token.keyword {
        case .given: return .given(try givenItems())
        case .at:
            advance()
            return .at(try tight())
        case .after:
            advance()
            return .after(try tight())
        case .expect: return try expectation()
        default:
            let near =
                at(.word) ? Suggestion.nearest(to: text(of: token), among: ["given", "at", "after", "expect"]) : nil
            let next = token(ahead: 1)
            let meant = at(.word) ? Self.foreignSteps[text(of: token)] : nil
            if near == nil, let meant {
                throw fail(
                    .unknownStatement, "expected a step of the scenario, found \(describe(token))", token.span,
                    help: "write `\(meant)`")
            }
            let isVerb = next.keyword == nil || next.keyword == .approve || next.keyword == .decline
            if near == nil, at(.word), token.startsLine, next.kind == .word, isVerb, !next.startsLine {
                throw fail(
                    .unknownStatement, "expected `does` and an action after `\(text(of: token))`", next.span,
                    help: "write `\(meantStep())`")
            }
            throw fail(
                .unknownStatement, "expected a step of the scenario, found \(describe(token))", token.span,
                notes: near == nil
                    ? ["a step is `at …`, `after …`, `given …`, `expect …`, or `somebody does something`"] : [],
                help: near.map { "did you mean `\($0)`?" })
        }
    }

    /// Words for steps that are called otherwise here.
    private static let foreignSteps = [
        "on": "at 2026-03-02 09:00", "wait": "after 2 days", "sleep": "after 2 days", "advance": "after 2 days",
        "then": "expect …", "assert": "expect …", "check": "expect …", "should": "expect …", "verify": "expect …",
        "as": "… as c` behind the action that opens the case, on its line or the next", "is": "… as c",
    ]

    /// `wang renounces acting for zhao`.
    private mutating func renunciation() throws(Abandoned) -> ScenarioStep.Kind {
        let delegate = try name("the name of a person")
        advance()
        guard at(.word), text(of: token) == "acting" else {
            throw unexpected(
                "what `\(delegate.text)` renounces", help: "write `renounces acting for` and the name of a person")
        }
        advance()
        try expect(.for, "and for whom `\(delegate.text)` acted")
        return .renounce(delegate, principal: try name("the name of a person"))
    }

    private var isPerform: Bool {
        guard at(.word) else { return false }
        if token(ahead: 1).keyword == .does { return true }
        return token(ahead: 1).keyword == .of && token(ahead: 3).keyword == .does
    }

    private mutating func expectation() throws(Abandoned) -> ScenarioStep.Kind {
        advance()
        if token(ahead: 1).keyword == .finds {
            let label = try name("the name of a case")
            advance()
            if accept(.nothing) { return .expectFinding(label, code: nil, line: nil, isNot: true) }
            return try finding(label, isNot: false)
        }
        if isPosting { return try expectedPosting() }
        if token(ahead: 1).keyword == .does, token(ahead: 2).keyword == .not {
            let label = try name("the name of a case")
            advance()
            advance()
            try expect(.find, "and the code of a finding")
            return try finding(label, isNot: true)
        }
        return .expect(try expression())
    }

    private var isPosting: Bool {
        let next = token(ahead: token(ahead: 1).kind == .dot ? 3 : 1)
        return next.kind == .word && text(of: next) == "posts"
    }

    /// `Pool posts 80 CNY from reserved to supplier`.
    private mutating func expectedPosting() throws(Abandoned) -> ScenarioStep.Kind {
        let fund = try account("the name of a fund")
        advance()
        if accept(.nothing) { return .expectPosting(fund: fund, nil) }
        let amount = try additive()
        try expect(.from, "and the account that the amount leaves")
        let from = try account("`available`, `reserved`, a party or a fund")
        try expect(.to, "and the account that the amount enters")
        let to = try account("`available`, `reserved`, a party or a fund")
        return .expectPosting(fund: fund, PostingSyntax(amount: amount, from: from, to: to))
    }

    private mutating func finding(_ label: Name, isNot: Bool) throws(Abandoned) -> ScenarioStep.Kind {
        let code = try text("the code of a finding")
        var line: Int64?
        if at(.on, then: .line) {
            advance()
            advance()
            line = try wholeNumber("the number of a line")
        }
        return .expectFinding(label, code: code, line: line, isNot: isNot)
    }

    /// `ma of clinic does submit(…) as c`, `wang does approve funding on r refused alreadySigned`.
    private mutating func perform() throws(Abandoned) -> PerformSyntax {
        let actor = try name("the name of a person")
        let organisation = accept(.of) ? try name("the name of an organisation") : nil
        try expect(.does, "and an action")
        var vote: Name?
        if at(.approve) || at(.decline), token(ahead: 1).kind == .word, token(ahead: 1).keyword != .on {
            vote = try name("a vote")
        }
        let action = try name("the name of an action")
        let arguments = at(.leftParenthesis) ? try namedArguments(of: action.text) : []
        var on = accept(.on) ? try name("the name of a case") : nil
        var label: Name?
        // `as` is a word only here, where nothing else may follow.
        if at(.word), text(of: token) == "as", token(ahead: 1).keyword != .does {
            advance()
            label = try name("a name for the case")
        }
        if at(.refused) { mark(.refusal) }
        let refusal = accept(.refused) ? try expectedRefusal() : nil
        if guesses, at(.on), on == nil, token(ahead: 1).kind == .word, !token.startsLine {
            report(
                .unexpectedToken, "`on` stands before `refused`", token.span,
                help: "write `\(actor.text) does \(action.text)(…) on … refused …`")
            advance()
            on = try name("the name of a case")
        }
        return PerformSyntax(
            actor: actor, organisation: organisation, vote: vote, action: action, arguments: arguments, on: on,
            label: label, refusal: refusal)
    }

    private mutating func expectedRefusal() throws(Abandoned) -> PerformSyntax.Refusal {
        guard at(.text) else {
            return .word(try name("why it is refused, such as `role`, or a text"))
        }
        let first = try text("a code or a text")
        return .text(first, at(.text) ? try text("a text") : nil)
    }
}
