import RemitLanguage
import RemitRuntime
import RemitValues

/// Contracts that those which are tried may refer to, and what their cases show.
enum FuzzOthers {
    static let shelf = ContractShelf(texts.map { SourceText(name: "other.remit", $0) })

    private static let texts = [
        """
        contract Referrals version 1
          title "Referrals between hospitals"
        role Doctor
        enum Urgency { routine, urgent }
        case { doctor : Person receiver : Organisation urgency : Urgency seenOn : optional Date }
        state sent
        final state seen, withdrawn
        action send opens sent by Doctor enters receiver, urgency { set doctor to actor }
        action see in sent by Doctor { become seen }
        """,
        """
        contract Relief version 1
          title "Relief"
        role Clerk
        fund Pool in CNY kept by Clerk
        case { amount : CNY }
        final state paid
        action help opens paid by Clerk enters amount { pay amount from Pool to actor }
        """,
        """
        contract Elsewhere version 1
          title "Elsewhere"
        role Clerk
        fund Pot in CNY kept by Clerk
        record Line { code : Text(9) price : CNY }
        case { payee : Party lines : list of Line (3) fees : map of Text(9) to CNY (3) hidden : private Text(9) }
        final state paid
        action give opens paid by Clerk enters payee, lines, fees, hidden { pay 1 CNY from Pot to payee }
        """,
    ]

    /// What is known of a contract by its name and version.
    static func find(_ reference: ContractReference) -> FoundContract { shelf.find(reference) }
}

extension ChanceView {
    /// By chance there is no such case, or one of a later version with fields and states that are not known.
    func otherCase(_ reference: TextValue, contract: Int) throws(StateFault) -> OtherCase? {
        var chance = Chance(seed: Array("\(seed) other \(reference) \(contract)".utf8))
        guard program.others.indices.contains(contract), chance.below(6) != 0 else { return nil }
        let other = program.others[contract]
        let isLater = chance.below(4) == 0
        let maker = ValueMaker(program: program)
        let fields = other.fields.map { field -> Value? in
            if field.access != .open || isLater && chance.below(4) == 0 { return nil }
            return maker.value(of: field.type, &chance, depth: 0)
        }
        let state = other.states.isEmpty ? "lost" : other.states[chance.below(other.states.count)]
        let shown = isLater && chance.below(4) == 0 ? "lost" : state
        return OtherCase(version: isLater ? 2 : other.version, state: TextValue(shown), fields: fields)
    }

    func fund(
        _ fund: TextValue, of contract: TextValue
    ) throws(StateFault) -> (currency: Currency, state: FundState)? {
        guard seed % 5 != 0, let currency = Currency(code: "CNY") else { return nil }
        return (currency, FundState(balance: seed % 7 == 0 ? .max - 5 : 300, reserved: 0))
    }

    func addedPeriods() throws(StateFault) -> [WorkCalendar.Period] {
        guard seed % 2 == 0, let from = CalendarDate(year: 2100, month: 1, day: 1),
            let until = CalendarDate(year: 2101, month: 1, day: 1)
        else { return [] }
        return [WorkCalendar.Period(from: from, until: until, closed: [from], open: [])]
    }
}
