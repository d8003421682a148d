import RemitLanguage
import RemitRuntime
import RemitValues

/// A chain in memory for generated contracts.
struct DifferentialWorld: StateView {
    struct Key: Hashable {
        let index: Int
        let keys: [Value]
    }

    let home = Party(.organisation, "home")
    var rows: [Key: [Value]] = [:]
    var holders: [Key: TextValue] = [:]
    var cases: [CaseState] = []
    /// Who holds a role, by a number that the seed gives.
    var salt = 0
    /// What the contract's funds hold, and a fund of another contract.
    var fundNames: [TextValue] = []
    var funds: [Int: FundState] = [:]
    var till = FundState(balance: 5_000, reserved: 0)
    static let people = ["ann", "bo", "cy", "di"].map { Party(.person, TextValue($0)) }

    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
        rows[Key(index: register, keys: keys)]
    }

    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? {
        holders[Key(index: unique, keys: key)]
    }

    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool {
        (role * 5 + person.identifier.string.utf8.count * 3 + organisation.identifier.string.utf8.count + salt) % 4 != 0
    }

    func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool {
        (person.identifier.string.utf8.count + organisation.identifier.string.utf8.count * 2 + salt) % 3 != 0
    }

    func holders(role: Int, organisation: Party) throws(StateFault) -> [Party] {
        var found: [Party] = []
        for person in Self.people where try holds(role: role, person: person, organisation: organisation) {
            if try !isMachine(person) { found.append(person) }
        }
        return found
    }

    func isMachine(_ person: Party) throws(StateFault) -> Bool { salt == 3 && person == Self.people[3] }

    func delegators(of person: Party, organisation: Party, on day: CalendarDate) throws(StateFault) -> [Party] {
        guard salt != 1, organisation == home else { return [] }
        switch person.identifier {
        case "ann": return [Self.people[1]]
        case "cy": return Array(Self.people[0...1])
        case "di": return [Self.people[2]]
        default: return []
        }
    }

    func delegators(of person: Party, on day: CalendarDate) throws(StateFault) -> [Party] {
        try delegators(of: person, organisation: home, on: day)
    }

    func fund(_ fund: Int) throws(StateFault) -> FundState {
        let isPool = fundNames.indices.contains(fund) && fundNames[fund] == "Pool"
        return funds[fund] ?? FundState(balance: isPool ? 100_000 : salt == 2 ? .max - 3 : 700, reserved: 0)
    }

    func fund(
        _ fund: TextValue, of contract: TextValue
    ) throws(StateFault) -> (currency: Currency, state: FundState)? {
        guard contract == "Other", fund == "Till", let yuan = Currency(code: "CNY") else { return nil }
        return (yuan, till)
    }

    /// The first two cases of each contract show all, the third follows a later version, and there is no fourth.
    func otherCase(_ reference: TextValue, contract: Int) throws(StateFault) -> OtherCase? {
        let isLater = reference.string.hasSuffix("/3")
        guard isLater || reference.string.hasSuffix("/1") || reference.string.hasSuffix("/2") else { return nil }
        let isFirst = reference.string.hasSuffix("/1")
        let price = Currency(code: "CNY").map { Value.money(Money(minorUnits: 250, currency: $0)) } ?? .absent
        let fields: [Value?] = [
            .party(Self.people[0]), isLater && salt == 1 ? nil : .integer(isFirst ? 3 : salt == 2 ? .min : -1),
            isFirst ? .absent : CalendarDate(dayNumber: 20_500).map { .date($0) },
            .text(isLater ? "longer than eight" : "A1"),
            .enumeration(isLater && salt == 0 ? "dark" : isFirst ? "pale" : "deep"),
            .map([Value.MapEntry(key: .text("A1"), value: price)]),
        ]
        let state: TextValue = isLater && salt == 3 ? "lost" : isFirst ? "sent" : "paid"
        return OtherCase(version: isLater ? 2 : 1, state: state, fields: fields)
    }

    func addedPeriods() throws(StateFault) -> [WorkCalendar.Period] {
        guard salt == 2, let from = CalendarDate(year: 2027, month: 1, day: 1),
            let until = CalendarDate(year: 2028, month: 1, day: 1)
        else { return [] }
        return [WorkCalendar.Period(from: from, until: until, closed: [from], open: [])]
    }

    mutating func apply(_ effects: Effects) {
        for write in effects.rows { rows[Key(index: write.register, keys: write.keys)] = write.row }
        for freed in effects.freed { holders[Key(index: freed.unique, keys: freed.key)] = nil }
        for claimed in effects.claimed {
            holders[Key(index: claimed.unique, keys: claimed.key)] = effects.caseState.reference
        }
        for write in effects.funds {
            if write.contract != nil {
                till = write.state
            } else if let index = fundNames.firstIndex(of: write.fund) {
                funds[index] = write.state
            }
        }
        cases.removeAll { $0.reference == effects.caseState.reference }
        cases.append(effects.caseState)
    }
}

/// Compares what two evaluators made of one request.
enum Verdicts {
    /// The first difference in words; nil where there is none.
    static func difference(_ reference: Transition, _ machine: Transition) -> String? {
        if reference.cost != machine.cost {
            return "cost \(reference.cost) and \(machine.cost); \(outcome(reference)) and \(outcome(machine))"
        }
        if reference.findings != machine.findings {
            return "findings \(reference.findings) and \(machine.findings)"
        }
        switch (reference.outcome, machine.outcome) {
        case (.refused(let one), .refused(let other)):
            let same =
                one.reason == other.reason && one.code == other.code && one.span == other.span
                && TextValue(one.text) == TextValue(other.text)
            return same ? nil : "refused \(one) and \(other)"
        case (.done(let one), .done(let other)):
            if one.caseState != other.caseState { return "case \(one.caseState) and \(other.caseState)" }
            if one.rows != other.rows { return "rows \(one.rows) and \(other.rows)" }
            if one.claimed != other.claimed || one.freed != other.freed { return "keys" }
            if one.notices != other.notices { return "notices \(one.notices) and \(other.notices)" }
            if one.funds != other.funds { return "funds \(one.funds) and \(other.funds)" }
            if one.postings != other.postings { return "postings \(one.postings) and \(other.postings)" }
            return one.unfillable == other.unfillable ? nil : "rounds that nobody can fill"
        default: return "outcome \(outcome(reference)) and \(outcome(machine))"
        }
    }

    /// The word of an outcome.
    static func word(_ transition: Transition) -> String {
        switch transition.outcome {
        case .done: "done"
        case .refused(let refusal): refusal.reason.word
        }
    }

    static func outcome(_ transition: Transition) -> String {
        switch transition.outcome {
        case .done: "done"
        case .refused(let refusal): "refused \(refusal.reason): \(refusal.text)"
        }
    }
}
