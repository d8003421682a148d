import RemitValues

/// What scenarios say of money.
extension Checker {
    /// A fund of this contract or of another one, and its currency; nil, and reported, where there is none.
    private mutating func fund(_ account: AccountName) -> (place: FundPlace, want: Expectation)? {
        func want(_ currency: Currency, _ origin: Span?) -> Expectation {
            Expectation(
                .money(currency), because: "`\(account.name.text)` holds \(currency.code)", at: origin)
        }
        guard let owner = account.owner else {
            guard let fund = resolveFund(account.name) else { return nil }
            let declared = program.funds[fund]
            return (.own(fund), want(declared.currency, declared.span))
        }
        guard let found = resolveOtherFund(owner, account.name) else { return nil }
        let other = program.others[found.contract].funds[found.fund]
        return (.other(contract: found.contract, fund: found.fund), want(other.currency, nil))
    }

    mutating func givenFund(_ account: AccountName, _ expression: Expression, _ span: Span) -> CheckedStep? {
        guard let (place, want) = fund(account),
            case .money(let money) = constant(expression, want, "what a fund holds")
        else { return nil }
        guard money.minorUnits >= 0 else {
            report(.literalOutOfRange, "a fund never holds less than nothing", at: span, help: "write an amount from 0")
            return nil
        }
        return CheckedStep(.fund(place, money), span)
    }

    mutating func checkExpectedPosting(
        _ account: AccountName, _ posting: PostingSyntax?, _ span: Span
    ) -> CheckedStep? {
        guard let (place, want) = fund(account) else { return nil }
        guard let posting else { return CheckedStep(.expectPosting(fund: place, nil), span) }
        guard case .money(let money) = constant(posting.amount, want, "an expected amount"),
            let from = self.account(posting.from), let to = self.account(posting.to)
        else { return nil }
        return CheckedStep(.expectPosting(fund: place, ExpectedPosting(amount: money, from: from, to: to)), span)
    }

    private mutating func account(_ account: AccountName) -> ExpectedPosting.Account? {
        let name = account.name
        if let owner = account.owner {
            guard resolveOtherFund(owner, name) != nil else { return nil }
            return .fund(TextValue("\(owner.text).\(name.text)"))
        }
        if let party = scope.parties[name.bytes]?.party { return .party(party) }
        if case .fund(let index) = symbols[name.bytes]?.symbol, program.funds.indices.contains(index) {
            return .fund(TextValue("\(program.name).\(name.text)"))
        }
        switch name.text {
        case "available": return .available
        case "reserved": return .reserved
        default:
            let known = ["available", "reserved"] + scope.partyNames.map(\.text) + program.funds.map(\.name)
            report(
                .unknownName, "there is no account `\(name.text)`", at: name.span, "not known",
                help: suggestion(name.text, among: known)
                    ?? "write `available`, `reserved`, a fund, or a party of the scenario")
            return nil
        }
    }

    // MARK: Cases of other contracts

    /// `knee is a case of Referral(urgency: urgent) in accepted`; said again, it tells what the case has become.
    mutating func givenOtherCase(
        _ name: Name, _ contract: Name, _ fields: [(name: Name, value: Expression)], _ state: Name, _ span: Span
    ) -> CheckedStep? {
        guard let index = resolveOther(contract), !isUnknown(index) else { return nil }
        guard var given = enterCase(name, index, contract) else { return nil }
        let other = program.others[index]
        var values: [CheckedStep.OtherValue] = []
        for field in fields {
            guard let (place, value) = givenField(field.name, field.value, other) else { continue }
            given.fields.insert(place)
            if let value { values.append(CheckedStep.OtherValue(field: place, value: value)) }
        }
        scope.otherCases[name.bytes] = given
        guard other.states.contains(where: { TextValue($0) == state.bytes }) else {
            report(
                .unknownName, "a case of `\(other.name)` is never `\(state.text)`", at: state.span, "not a state of it",
                help: suggestion(state.text, among: other.states) ?? "its states are \(Self.listed(other.states))")
            return nil
        }
        let lacking = otherReads.filter { $0.contract == index && !given.fields.contains($0.field) }
            .map(\.field).filter { if case .optional = other.fields[$0].type { false } else { true } }
        if let first = lacking.min() {
            report(
                .arguments, "`\(name.text)` is given without `\(other.fields[first].name)`, which this contract reads",
                at: name.span, help: "add `\(other.fields[first].name): …` in brackets behind `\(other.name)`")
            return nil
        }
        return CheckedStep(
            .otherCase(contract: index, reference: given.reference, state: state.bytes, values: values), span)
    }

    private mutating func enterCase(_ name: Name, _ index: Int, _ contract: Name) -> GivenCase? {
        if let known = scope.otherCases[name.bytes] {
            if known.contract == index { return known }
            report(
                .duplicateName, "`\(name.text)` is already a case of `\(program.others[known.contract].name)`",
                at: name.span, "again here", labels: [Label(known.name.span, "first here")],
                help: "give one of the two another name")
            return nil
        }
        if let declared = symbols[name.bytes] {
            reportHidden(name, declared.name.span, declared.symbol.kind)
        } else if let party = scope.parties[name.bytes] {
            reportHidden(name, party.span, "a party of the scenario")
        } else if let label = scope.label(named: name.bytes) {
            reportHidden(name, scope.labels[label].span, "a case of the scenario")
        }
        let number = scope.otherCases.values.count { $0.contract == index } + 1
        return GivenCase(
            name: name, contract: index, reference: TextValue("\(contract.text)/\(number)"), fields: [])
    }

    private mutating func givenField(
        _ name: Name, _ expression: Expression, _ other: OtherContract
    ) -> (field: Int, value: Value?)? {
        guard let place = other.fields.firstIndex(where: { TextValue($0.name) == name.bytes }) else {
            report(
                .unknownName, "a case of `\(other.name)` has no field `\(name.text)`", at: name.span, "not a field",
                help: suggestion(name.text, among: other.fields.map(\.name)) ?? "leave it out")
            return nil
        }
        let field = other.fields[place]
        guard field.access == .open else {
            report(
                .notPublic, "`\(name.text)` of `\(other.name)` is not read here", at: name.span,
                help: "leave it out: it decides nothing")
            return nil
        }
        let want = Expectation(field.type, because: "`\(field.name)` of `\(other.name)` is \(self.name(field.type))")
        return (place, constant(expression, want, "a field of a given case"))
    }
}
