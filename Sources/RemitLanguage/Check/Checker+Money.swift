import RemitValues

/// Funds, and the statements that move money.
extension Checker {
    /// The funds by name: what a case has reserved is kept in this order, whatever the order of writing.
    private var sortedFunds: [FundSyntax] {
        let funds = ownDeclarations.compactMap { declaration -> FundSyntax? in
            if case .fund(let fund) = declaration.kind { fund } else { nil }
        }
        return funds.sorted { ($0.name.bytes, $0.name.span.start) < ($1.name.bytes, $1.name.span.start) }
    }

    /// The index of a declared fund.
    func index(of fund: FundSyntax) -> Int { sortedFunds.firstIndex { $0.name.span == fund.name.span } ?? 0 }

    mutating func resolveFunds() {
        for fund in sortedFunds {
            let currency = Currency(code: fund.currency.text)
            if currency == nil {
                report(
                    .unknownName, "there is no currency `\(fund.currency.text)`", at: fund.currency.span,
                    "not a currency of ISO 4217",
                    help: suggestion(fund.currency.text, among: Currency.allCodes)
                        ?? "write the three letters of ISO 4217, such as CNY, USD or EUR")
            }
            // A fund keeps its place among the funds; a program with a wrong currency never runs.
            guard let known = currency ?? Currency(code: "CNY") else { continue }
            program.funds.append(
                FundDeclaration(
                    name: fund.name.text, currency: known, keepers: resolveRoles(fund.keepers), span: fund.name.span))
        }
    }

    /// The fund of a name; nil, and reported, where there is none.
    mutating func resolveFund(_ name: Name) -> Int? {
        if case .fund(let index) = symbols[name.bytes]?.symbol {
            used.insert(name.bytes)
            return index < program.funds.count ? index : nil
        }
        if let declared = symbols[name.bytes] {
            report(
                .wrongKind, "`\(name.text)` is \(declared.symbol.kind), and a fund is needed here", at: name.span,
                labels: [Label(declared.name.span, "declared here")], help: "name a fund that the contract declares")
            return nil
        }
        report(
            .unknownName, "there is no fund `\(name.text)`", at: name.span, "not known",
            help: suggestion(name.text, among: program.funds.map(\.name))
                ?? "declare it: `fund \(name.text) in CNY kept by …`")
        return nil
    }

    private mutating func amount(_ expression: Expression, of fund: Int?) -> CheckedExpression {
        guard let fund else { return infer(expression) }
        let declared = program.funds[fund]
        let reason = "`\(declared.name)` holds \(declared.currency.code)"
        return check(expression, Expectation(.money(declared.currency), because: reason, at: declared.span))
    }

    mutating func checkReserve(
        _ expression: Expression, from name: Name, _ refusal: RefusalSyntax?
    ) -> CheckedStatement.Kind? {
        let fund = resolveFund(name)
        let value = amount(expression, of: fund)
        let refused = refusal.map { checkRefusal($0) }
        money.reserves.insert(fund ?? -1)
        guard let fund, value.type != .unknown else { return nil }
        return .reserve(fund: fund, value, refused)
    }

    mutating func checkRelease(_ expression: Expression?, from name: Name) -> CheckedStatement.Kind? {
        let fund = resolveFund(name)
        guard let expression else { return fund.map { .release(fund: $0, nil) } }
        let value = amount(expression, of: fund)
        guard let fund, value.type != .unknown else { return nil }
        return .release(fund: fund, value)
    }

    mutating func checkPay(
        _ expression: Expression, from name: Name, to payee: Expression, _ span: Span
    ) -> CheckedStatement.Kind? {
        let fund = resolveFund(name)
        let value = amount(expression, of: fund)
        let party = check(payee, Expectation(.party, because: "a party is paid"))
        money.notePayment(at: Span(span.start, min(span.end, span.start + 3)), behind: flow.grantedRounds)
        guard let fund, value.type != .unknown, party.type != .unknown else { return nil }
        return .pay(fund: fund, value, to: party)
    }

    mutating func checkTransfer(
        _ expression: Expression, from name: Name, to target: Expression, _ span: Span
    ) -> CheckedStatement.Kind? {
        let fund = resolveFund(name)
        let value = amount(expression, of: fund)
        money.notePayment(at: Span(span.start, min(span.end, span.start + 8)), behind: flow.grantedRounds)
        var place: TransferTarget?
        switch target.kind {
        case .name(let other):
            guard let index = resolveFund(other) else { return nil }
            if let fund, program.funds[index].currency != program.funds[fund].currency {
                report(
                    .mixedCurrencies,
                    "\(program.funds[fund].currency.code) goes into a fund of \(program.funds[index].currency.code)",
                    at: other.span, labels: [Label(program.funds[index].span, "declared here")],
                    help: "name a fund of the same currency")
                return nil
            }
            if fund == index {
                report(
                    .wrongOperands, "a transfer leads to another fund", at: other.span,
                    help: "name the fund that the amount goes into")
                return nil
            }
            place = .own(index)
        case .member(let contract, let other):
            guard case .name(let owner) = contract.kind else { break }
            guard let found = resolveOtherFund(owner, other) else { return nil }
            let target = program.others[found.contract].funds[found.fund]
            if let fund, target.currency != program.funds[fund].currency {
                report(
                    .mixedCurrencies,
                    "\(program.funds[fund].currency.code) goes into a fund of \(target.currency.code)",
                    at: other.span, help: "name a fund of the same currency")
                return nil
            }
            place = .foreign(contract: owner.bytes, fund: other.bytes)
        default: break
        }
        guard let place else {
            report(
                .wrongKind, "`transfer` leads to a fund", at: target.span,
                help: "name a fund, or a fund of another contract: `Contract.Fund`; a party is paid with `pay`")
            return nil
        }
        guard let fund, value.type != .unknown else { return nil }
        return .transfer(fund: fund, value, to: place)
    }

    /// `available(Fund)`: what the fund holds beyond all reservations.
    mutating func inferAvailable(_ operands: [Expression], _ span: Span) -> CheckedExpression {
        guard operands.count == 1, case .name(let name) = operands[0].kind else {
            for operand in operands { _ = infer(operand) }
            report(.arguments, "`available` asks one fund", at: span, help: "write `available(Fund)`")
            return wrong(span)
        }
        guard scope.readsRegisters else { return reportNotHere("`available`", span) }
        reads.note(beyond: "`available`")
        guard let fund = resolveFund(name) else { return wrong(span) }
        return CheckedExpression(.available(fund: fund), .money(program.funds[fund].currency), span)
    }

    /// `split(amount, 3)`, `split(amount, weights)`.
    mutating func inferSplit(_ operands: [Expression], _ span: Span) -> CheckedExpression {
        guard operands.count == 2 else {
            for operand in operands { _ = infer(operand) }
            report(
                .arguments, "`split` is called with \(operands.count) arguments", at: span,
                help: "write `split(amount, 3)`, or `split(amount, weights)` with a list of numbers")
            return wrong(span)
        }
        let amount = infer(operands[0])
        let parts = infer(operands[1])
        guard amount.type != .unknown, parts.type != .unknown else { return wrong(span) }
        guard case .money = amount.type else {
            report(
                .typeMismatch, "`split` divides an amount, and this is \(name(amount.type))", at: amount.span,
                help: "round it first, if it is not rounded")
            return wrong(span)
        }
        switch (parts.type, parts.kind) {
        case (.integer, .constant(.integer(let count))) where count >= 1 && count <= Int64(Limits.collectionBound):
            return CheckedExpression(.builtin(.split, [amount, parts]), .list(amount.type, Int(count)), span)
        case (.list(.integer, let bound), _):
            return CheckedExpression(.builtin(.split, [amount, parts]), .list(amount.type, bound), span)
        default:
            report(
                .wrongOperands, "`split` takes a written number of parts, or a list of Integers as weights",
                at: parts.span, "this is \(name(parts.type))", help: "write `split(amount, 3)`")
            return wrong(span)
        }
    }
}

/// What a body does with money.
struct MoneyUse {
    /// Funds (indices) that it reserves in.
    var reserves: Set<Int> = []
    private(set) var firstPayment: Span?
    /// The first payment that may come before any round is granted.
    private(set) var firstUnapproved: Span?
    /// The rounds (indices) that are known to be granted at some payment.
    private(set) var approving: Set<Int> = []

    mutating func notePayment(at place: Span, behind granted: Set<Int>) {
        approving.formUnion(granted)
        firstPayment = firstPayment ?? place
        if granted.isEmpty { firstUnapproved = firstUnapproved ?? place }
    }
}
