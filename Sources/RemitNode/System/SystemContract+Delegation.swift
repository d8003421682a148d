import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// Standing in for others, deposits, and days that are added to calendars.
extension SystemContract {
    /// In the place of a day: the delegate has renounced. A day that is over, so that nobody is stood in for.
    private static let renounced = Value.date(.earliest)

    /// The map of a delegate without the sender: from whoever they stand in for to the day on which it ends.
    /// Delegations that are over in every time zone are left out, so that they fill no place.
    private func delegations(to person: TextValue) throws(NodeError) -> [Value.MapEntry] {
        let key = StateLayout.delegations(to: person, organisation: organisation)
        guard case .map(let entries) = try state.value(key) else { return [] }
        return entries.filter { $0.key != .text(actor.identifier) && ($0.value == Self.renounced || !isOver($0.value)) }
    }

    /// Whether a delegation until a day has ended wherever somebody looks at a calendar.
    private func isOver(_ until: Value) -> Bool {
        guard case .date(let day) = until else { return false }
        return day < time.date(offset: 0)
    }

    func delegate(to person: TextValue, until: CalendarDate) throws(NodeError) -> SystemRefusal? {
        guard person != actor.identifier else { return .invalid("nobody stands in for themselves") }
        guard !isOver(.date(until)) else { return .invalid("\(until) is over: nobody would be stood in for") }
        guard try identities.personExists(person) else { return .unknown("person \(person) is not registered") }
        guard case .record(let fields) = try state.value(StateLayout.person(person)), fields.count == 1 else {
            return .invalid("\(person) is a machine account, and stands in for nobody")
        }
        let key = StateLayout.delegations(to: person, organisation: organisation)
        if case .map(let known) = try state.value(key),
            known.contains(Value.MapEntry(key: .text(actor.identifier), value: Self.renounced))
        {
            return .unauthorised("\(person) has renounced standing in for \(actor), and only \(person) can end that")
        }
        var entries = try delegations(to: person)
        guard entries.count(where: { $0.value != Self.renounced }) < Limits.delegations else {
            return .invalid("\(person) stands in for \(Limits.delegations) people already, and for no more")
        }
        entries.append(Value.MapEntry(key: .text(actor.identifier), value: .date(until)))
        state.set(key, Value.makeMap(entries))
        return nil
    }

    func endDelegation(to person: TextValue) throws(NodeError) -> SystemRefusal? {
        let key = StateLayout.delegations(to: person, organisation: organisation)
        let entries = try delegations(to: person)
        guard case .map(let known) = try state.value(key),
            known.contains(where: { $0.key == .text(actor.identifier) && $0.value != Self.renounced })
        else {
            return .unknown("\(person) does not stand in for \(actor)")
        }
        state.set(key, entries.isEmpty ? nil : .map(entries))
        return nil
    }

    /// Ends a delegation by the delegate, from this transaction on: nobody has to stand in for somebody else, which
    /// would exclude them wherever that person is excluded. Signatures that were given stay.
    func renounce(delegationOf principal: TextValue) throws(NodeError) -> SystemRefusal? {
        let key = StateLayout.delegations(to: actor.identifier, organisation: organisation)
        guard case .map(var entries) = try state.value(key),
            let place = entries.firstIndex(where: { $0.key == .text(principal) }),
            entries[place].value != Self.renounced
        else {
            return .unknown("\(actor) does not stand in for \(principal)")
        }
        entries[place] = Value.MapEntry(key: .text(principal), value: Self.renounced)
        state.set(key, .map(entries))
        return nil
    }

    /// Lets somebody delegate to the sender again.
    func endRenunciation(of principal: TextValue) throws(NodeError) -> SystemRefusal? {
        let key = StateLayout.delegations(to: actor.identifier, organisation: organisation)
        guard case .map(var entries) = try state.value(key),
            let place = entries.firstIndex(of: Value.MapEntry(key: .text(principal), value: Self.renounced))
        else {
            return .unknown("\(actor) has not renounced standing in for \(principal)")
        }
        entries.remove(at: place)
        state.set(key, entries.isEmpty ? nil : .map(entries))
        return nil
    }

    func deposit(_ contract: TextValue, _ fund: TextValue, _ amount: Money) throws(NodeError) -> SystemRefusal? {
        guard let deployed = try catalogue.kept(contract.string, in: state) else {
            return .unknown("contract \(contract) is not deployed")
        }
        let program = deployed.program
        guard let declared = program.funds.first(where: { TextValue($0.name) == fund }) else {
            return .unknown("\(contract) has no fund \(fund)")
        }
        var isKeeper = false
        for role in declared.keepers where !isKeeper {
            isKeeper = try identities.holds(
                role: TextValue(program.roles[role]), person: actor.identifier, organisation: organisation)
        }
        guard isKeeper, organisation == deployed.home.identifier else {
            let roles = declared.keepers.map { program.roles[$0] }.joined(separator: " or ")
            return .unauthorised("\(fund) is kept by \(roles.isEmpty ? "nobody" : roles), not by \(actor)")
        }
        guard amount.currency == declared.currency, amount.minorUnits > 0 else {
            return .invalid("a deposit into \(fund) is an amount of \(declared.currency.code) above zero")
        }
        let key = StateLayout.fund(contract: contract, fund: fund)
        var held = try state.value(key).flatMap(FundCoding.decode)?.state ?? .empty
        let (sum, overflow) = held.balance.addingReportingOverflow(amount.minorUnits)
        guard !overflow else { return .invalid("\(fund) cannot hold so much") }
        held.balance = sum
        state.set(key, FundCoding.row(declared.currency, held))
        return nil
    }

    /// Adds a period that has not begun to a calendar, so that what was worked out stays as it was.
    func extend(_ contract: String, _ calendar: TextValue, _ period: Value) throws(NodeError) -> SystemRefusal? {
        if let refusal = try agreementNeeded(.deploy) { return refusal }
        guard let deployed = try catalogue.kept(contract, in: state) else {
            return .unknown("contract \(contract) is not deployed")
        }
        guard let declared = deployed.program.calendar, TextValue(declared.name) == calendar else {
            return .unknown("\(contract) has no calendar \(calendar)")
        }
        guard let added = PeriodCoding.decode(period),
            Int(added.until.dayNumber) - Int(added.from.dayNumber) <= Limits.calendarDays
        else { return .invalid("this is no period of a calendar") }
        guard added.from > time.date(offset: deployed.program.timezone) else {
            return .invalid("a period for days past takes a new version of the contract")
        }
        let key = StateLayout.calendar(contract: contract, calendar: declared.name)
        var known: [Value] = []
        if case .list(let values) = try state.value(key) { known = values }
        let all = declared.periods + known.compactMap(PeriodCoding.decode)
        guard all.allSatisfy({ $0.until <= added.from || added.until <= $0.from }) else {
            return .exists("\(calendar) is known for some of these days already")
        }
        state.set(key, .list((known + [period]).sorted()))
        return nil
    }
}
