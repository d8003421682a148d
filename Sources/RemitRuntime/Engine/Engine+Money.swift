import RemitLanguage
import RemitValues

/// Money: every movement takes an amount from one account and puts it into another; nothing is below zero.
extension Engine {
    /// A fund as this transition sees it.
    func fund(_ index: Int, _ span: Span) throws(Stop) -> FundState {
        guard program.funds.indices.contains(index), reserved.indices.contains(index) else { throw misfit(span) }
        if let changed = funds[index] { return changed }
        do { return try view.fund(index) } catch { throw .fault(error) }
    }

    func available(_ index: Int, _ span: Span) throws(Stop) -> Money {
        let state = try fund(index, span)
        return Money(minorUnits: state.available, currency: program.funds[index].currency)
    }

    /// Whether a fund has an amount to set aside; nothing is always there.
    func has(_ units: Int64, in index: Int, _ span: Span) throws(Stop) -> Bool {
        if units == 0 { return true }
        let held = try fund(index, span).available
        return units > 0 && units <= held
    }

    /// Sets an amount aside for the case.
    func reserve(_ units: Int64, in index: Int, _ span: Span) throws(Stop) {
        if units == 0 { return }
        guard try has(units, in: index, span) else { throw try lacking(index, units, span) }
        var state = try fund(index, span)
        // Both stay within the balance, which is an Int64, unless the fund and the case do not belong together.
        state.reserved = try sum(state.reserved, units, span)
        reserved[index] = try sum(reserved[index], units, span)
        funds[index] = state
        post(index, from: .available, to: .reserved(reference), units, span)
    }

    /// Gives back an amount that the case has reserved.
    func release(_ units: Int64, in index: Int, _ span: Span) throws(Stop) {
        if units == 0 { return }
        guard program.funds.indices.contains(index), reserved.indices.contains(index) else { throw misfit(span) }
        guard units > 0, units <= reserved[index] else {
            let currency = program.funds[index].currency
            let wanted = Money(minorUnits: units, currency: currency).grouped
            let held = Money(minorUnits: reserved[index], currency: currency).grouped
            throw .refused(Refusal(.funds, "the case has \(held) reserved, not \(wanted)", at: span))
        }
        var state = try fund(index, span)
        state.reserved -= units
        reserved[index] -= units
        funds[index] = state
        post(index, from: .reserved(reference), to: .available, units, span)
    }

    /// Gives back all that the case has reserved in a fund.
    func releaseAll(in index: Int, _ span: Span) throws(Stop) {
        guard reserved.indices.contains(index) else { throw misfit(span) }
        try release(reserved[index], in: index, span)
    }

    /// Gives back all that the case has reserved, as entry into a final state does.
    func releaseAll() throws(Stop) {
        for index in program.funds.indices where reserved[index] != 0 {
            try charge(Cost.posting)
            try release(reserved[index], in: index, program.funds[index].span)
        }
    }

    /// Pays a party, from the case's reservation first.
    func pay(_ units: Int64, from index: Int, to party: Party, _ span: Span) throws(Stop) {
        try spend(units, index, to: .party(party), span)
    }

    /// Moves an amount into another fund, of this contract or of another one.
    func transfer(_ units: Int64, from index: Int, to target: TransferTarget, _ span: Span) throws(Stop) {
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
            var place = try foreign(key, program.funds[index].currency, span)
            try spend(units, index, to: .fund(TextValue("\(contract).\(fund)")), span)
            if units == 0 { return }
            place.state.balance = try sum(place.state.balance, units, span)
            foreignFunds[key] = place
            let amount = Money(minorUnits: units, currency: place.currency)
            add(Effects.Posting(contract: contract, fund: fund, from: source, to: .available, amount: amount), span)
        }
    }

    private func foreign(
        _ key: ForeignFund, _ currency: Currency, _ span: Span
    ) throws(Stop) -> (currency: Currency, state: FundState) {
        var found = foreignFunds[key]
        if found == nil {
            do { found = try view.fund(key.fund, of: key.contract) } catch { throw .fault(error) }
        }
        guard let place = found, place.currency == currency else {
            throw .refused(
                Refusal(.funds, "there is no fund `\(key.contract).\(key.fund)` in \(currency.code)", at: span))
        }
        return place
    }

    /// Takes an amount out of a fund: from the case's reservation first, then from what is available.
    private func spend(_ units: Int64, _ index: Int, to account: Effects.Posting.Account, _ span: Span) throws(Stop) {
        if units == 0 { return }
        var state = try fund(index, span)
        let fromReserved = min(max(units, 0), reserved[index])
        let rest = units - fromReserved
        guard units > 0, rest <= state.available else { throw try lacking(index, rest, span) }
        state.reserved -= fromReserved
        state.balance -= units
        reserved[index] -= fromReserved
        funds[index] = state
        post(index, from: .reserved(reference), to: account, fromReserved, span)
        post(index, from: .available, to: account, rest, span)
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

    private func sum(_ left: Int64, _ right: Int64, _ span: Span) throws(Stop) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard !overflow else { throw Machine<View>.refusal(.overflow, span) }
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
}
