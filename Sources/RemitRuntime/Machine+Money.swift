import RemitLanguage
import RemitValues

/// Money: every movement takes an amount from one account and puts it into another; nothing is below zero.
extension Machine {
    /// A fund as this transition sees it.
    func fund(_ index: Int, _ span: Span) throws(Stop) -> FundState {
        guard program.funds.indices.contains(index) else { throw misfit(span) }
        if let changed = funds[index] { return changed }
        do { return try view.fund(index) } catch { throw .fault(error) }
    }

    func available(_ index: Int, _ span: Span) throws(Stop) -> Money {
        let state = try fund(index, span)
        return Money(minorUnits: state.available, currency: program.funds[index].currency)
    }

    func move(_ statement: CheckedStatement) throws(Stop) {
        let span = statement.span
        switch statement.kind {
        case .reserve(let fund, let expression, let refusal):
            let units = try units(expression)
            if units == 0 { return }
            guard units > 0, units <= (try self.fund(fund, span)).available else {
                if let refusal { throw try refuse(refusal, .funds, span) }
                throw try lacking(fund, units, span)
            }
            try reserve(units, fund, span)
        case .release(let fund, let expression):
            guard program.funds.indices.contains(fund) else { throw misfit(span) }
            var amount = caseState.reserved[fund]
            if let expression { amount = try units(expression) }
            try release(amount, fund, span)
        case .pay(let fund, let expression, let payee):
            let units = try units(expression)
            guard case .party(let party) = try evaluate(payee) else { throw misfit(span) }
            try spend(units, fund, to: .party(party), span)
        case .transfer(let fund, let expression, let target):
            try transfer(units(expression), fund, to: target, span)
        default: throw misfit(span)
        }
    }

    private func units(_ expression: CheckedExpression) throws(Stop) -> Int64 {
        guard case .money(let money) = try evaluate(expression) else { throw misfit(expression.span) }
        return money.minorUnits
    }

    private func lacking(_ fund: Int, _ units: Int64, _ span: Span) throws(Stop) -> Stop {
        let declared = program.funds[fund]
        let wanted = Money(minorUnits: units, currency: declared.currency)
        if units < 0 {
            return .refused(Refusal(.funds, "\(wanted.grouped) cannot move: it is less than nothing", at: span))
        }
        let held = try available(fund, span)
        return .refused(
            Refusal(.funds, "`\(declared.name)` has \(held.grouped) available, not \(wanted.grouped)", at: span))
    }

    private func reserve(_ units: Int64, _ index: Int, _ span: Span) throws(Stop) {
        var state = try fund(index, span)
        // Both stay within the balance, which is an Int64.
        state.reserved += units
        caseState.reserved[index] += units
        funds[index] = state
        post(index, from: .available, to: .reserved(caseState.reference), units, span)
    }

    private func release(_ units: Int64, _ index: Int, _ span: Span) throws(Stop) {
        if units == 0 { return }
        guard units > 0, units <= caseState.reserved[index] else {
            let currency = program.funds[index].currency
            let wanted = Money(minorUnits: units, currency: currency).grouped
            let held = Money(minorUnits: caseState.reserved[index], currency: currency).grouped
            throw .refused(Refusal(.funds, "the case has \(held) reserved, not \(wanted)", at: span))
        }
        var state = try fund(index, span)
        state.reserved -= units
        caseState.reserved[index] -= units
        funds[index] = state
        post(index, from: .reserved(caseState.reference), to: .available, units, span)
    }

    /// Takes an amount out of a fund: from the case's reservation first, then from what is available.
    private func spend(_ units: Int64, _ index: Int, to account: Effects.Posting.Account, _ span: Span) throws(Stop) {
        if units == 0 { return }
        var state = try fund(index, span)
        let fromReserved = min(max(units, 0), caseState.reserved[index])
        let rest = units - fromReserved
        guard units > 0, rest <= state.available else { throw try lacking(index, rest, span) }
        state.reserved -= fromReserved
        state.balance -= units
        caseState.reserved[index] -= fromReserved
        funds[index] = state
        post(index, from: .reserved(caseState.reference), to: account, fromReserved, span)
        post(index, from: .available, to: account, rest, span)
    }

    private func transfer(_ units: Int64, _ index: Int, to target: TransferTarget, _ span: Span) throws(Stop) {
        guard program.funds.indices.contains(index) else { throw misfit(span) }
        let source = Effects.Posting.Account.fund(TextValue("\(program.name).\(program.funds[index].name)"))
        switch target {
        case .own(let other):
            guard program.funds.indices.contains(other) else { throw misfit(span) }
            let name = TextValue("\(program.name).\(program.funds[other].name)")
            try spend(units, index, to: .fund(name), span)
            if units == 0 { return }
            var state = try fund(other, span)
            state.balance = try sum(state.balance, units, span)
            funds[other] = state
            post(other, from: source, to: .available, units, span)
        case .foreign(let contract, let fund):
            let key = ForeignFund(contract: contract, fund: fund)
            var found = foreignFunds[key]
            if found == nil {
                do { found = try view.fund(fund, of: contract) } catch { throw .fault(error) }
            }
            let currency = program.funds[index].currency
            guard var place = found, place.currency == currency else {
                throw .refused(
                    Refusal(.funds, "there is no fund `\(contract).\(fund)` in \(currency.code)", at: span))
            }
            try spend(units, index, to: .fund(TextValue("\(contract).\(fund)")), span)
            if units == 0 { return }
            place.state.balance = try sum(place.state.balance, units, span)
            foreignFunds[key] = place
            let amount = Money(minorUnits: units, currency: currency)
            add(Effects.Posting(contract: contract, fund: fund, from: source, to: .available, amount: amount), span)
        }
    }

    private func sum(_ left: Int64, _ right: Int64, _ span: Span) throws(Stop) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard !overflow else { throw Self.refusal(.overflow, span) }
        return sum
    }

    /// Nothing posts for zero.
    private func post(
        _ index: Int, from: Effects.Posting.Account, to: Effects.Posting.Account, _ units: Int64, _ span: Span
    ) {
        guard units != 0 else { return }
        let declared = program.funds[index]
        add(
            Effects.Posting(
                contract: nil, fund: TextValue(declared.name), from: from, to: to,
                amount: Money(minorUnits: units, currency: declared.currency)), span)
    }

    private func add(_ posting: Effects.Posting, _ span: Span) {
        postings.append(posting)
        note(.posted(posting), at: span)
    }

    /// Gives back all that the case has reserved, as entry into a final state does.
    func releaseAll() throws(Stop) {
        for index in program.funds.indices where caseState.reserved[index] != 0 {
            try charge(Cost.posting)
            try release(caseState.reserved[index], index, program.funds[index].span)
        }
    }

    /// The funds that changed, own ones first, each sorted by name.
    var writtenFunds: [Effects.FundWrite] {
        let own = funds.sorted { $0.key < $1.key }.map { index, state in
            let declared = program.funds[index]
            return Effects.FundWrite(
                contract: nil, fund: TextValue(declared.name), currency: declared.currency, state: state)
        }
        let others = foreignFunds.sorted { ($0.key.contract, $0.key.fund) < ($1.key.contract, $1.key.fund) }
        return own
            + others.map { key, place in
                Effects.FundWrite(contract: key.contract, fund: key.fund, currency: place.currency, state: place.state)
            }
    }

    // MARK: Splitting

    /// Divides an amount into parts that add up to it; what is left over goes to the largest remainders.
    func split(_ amount: Value, _ parts: Value, _ span: Span) throws(Stop) -> Value {
        guard case .money(let money) = amount else { throw misfit(span) }
        var weights: [Int64] = []
        switch parts {
        case .integer(let count) where count >= 1 && count <= Int64(Limits.collectionBound):
            weights = Array(repeating: 1, count: Int(count))
        case .list(let items):
            for item in items {
                guard case .integer(let weight) = item else { throw misfit(span) }
                guard weight >= 0 else {
                    throw .refused(Refusal(.bound, "a weight of `split` is less than nothing", at: span))
                }
                weights.append(weight)
            }
        default: throw misfit(span)
        }
        try charge(Cost.elements(weights.count))
        try build(weights.count)
        // At most 10,000 weights of 63 bits: their sum, and a product with an amount, fit 128 bits.
        let total = weights.reduce(Int128(0)) { $0 + Int128($1) }
        guard total > 0 else { throw Self.refusal(.divisionByZero, span) }
        let isNegative = money.minorUnits < 0
        let whole = Int128(money.minorUnits.magnitude)
        var shares = weights.map { (units: whole * Int128($0) / total, rest: whole * Int128($0) % total) }
        let left = Int(whole - shares.reduce(Int128(0)) { $0 + $1.units })
        let order = shares.indices.sorted { (shares[$1].rest, $0) < (shares[$0].rest, $1) }
        for index in order.prefix(left) { shares[index].units += 1 }
        return .list(
            shares.map { share in
                let units = Int64(clamping: isNegative ? -share.units : share.units)
                return .money(Money(minorUnits: units, currency: money.currency))
            })
    }
}
