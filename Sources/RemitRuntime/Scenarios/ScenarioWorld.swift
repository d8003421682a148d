import RemitLanguage
import RemitValues

/// A chain in memory, as scenarios need it: parties, roles, rows, cases and keys.
struct ScenarioWorld: StateView {
    struct Grant: Hashable {
        let role: Int
        let person: Party
        let organisation: Party
    }

    struct RowKey: Hashable {
        let register: Int
        let keys: [Value]
    }

    struct UniqueKey: Hashable {
        let unique: Int
        let key: [Value]
    }

    struct Delegation: Hashable {
        let delegate: Party
        let principal: Party
        let until: CalendarDate?
    }

    /// A timer of a case and when it falls due, in the order in which timers fire.
    struct PendingTimer: Hashable, Comparable {
        let due: Instant
        /// The number of the case, from 1.
        let number: Int
        let timer: Int
        let reference: TextValue

        static func < (left: PendingTimer, right: PendingTimer) -> Bool {
            (left.due, left.number, left.timer) < (right.due, right.number, right.timer)
        }
    }

    /// The organisation that the contract of a scenario is deployed by, where none is named.
    let home = Party(.organisation, "home")
    var grants: Set<Grant> = []
    /// The organisations in which a person holds a role, in the order given.
    var memberships: [Party: [Party]] = [:]
    var rows: [RowKey: [Value]] = [:]
    var holders: [UniqueKey: TextValue] = [:]
    var cases: [TextValue: CaseState] = [:]
    var caseCount = 0
    var funds: [Int: FundState] = [:]
    /// Funds of other contracts, by contract and name.
    var otherFunds: [TextValue: (currency: Currency, state: FundState)] = [:]
    /// Cases of other contracts, as given.
    var otherCases: [TextValue: OtherCase] = [:]
    var delegations: [Delegation] = []
    /// Timers that faulted, which are not tried again.
    var stalled: Set<PendingTimer> = []

    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
        rows[RowKey(register: register, keys: keys)]
    }

    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? {
        holders[UniqueKey(unique: unique, key: key)]
    }

    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool {
        grants.contains(Grant(role: role, person: person, organisation: organisation))
    }

    func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool {
        memberships[person]?.contains(organisation) ?? false
    }

    func holders(role: Int, organisation: Party) throws(StateFault) -> [Party] {
        grants.filter { $0.role == role && $0.organisation == organisation }.map(\.person).sorted()
    }

    func isMachine(_ person: Party) throws(StateFault) -> Bool { false }

    func delegators(of person: Party, organisation: Party, on day: CalendarDate) throws(StateFault) -> [Party] {
        try delegators(of: person, on: day)
    }

    func delegators(of person: Party, on day: CalendarDate) throws(StateFault) -> [Party] {
        var found: [Party] = []
        for delegation in delegations where delegation.delegate == person {
            if let until = delegation.until, until <= day { continue }
            if !found.contains(delegation.principal) { found.append(delegation.principal) }
        }
        return found.sorted()
    }

    /// Ends what is left of a delegation; says whether there was one on that day.
    mutating func endDelegation(of delegate: Party, for principal: Party, on day: CalendarDate) -> Bool {
        let before = delegations.count
        delegations.removeAll {
            $0.delegate == delegate && $0.principal == principal && $0.until.map { $0 > day } ?? true
        }
        return delegations.count < before
    }

    func fund(_ fund: Int) throws(StateFault) -> FundState { funds[fund] ?? .empty }

    func fund(
        _ fund: TextValue, of contract: TextValue
    ) throws(StateFault) -> (currency: Currency, state: FundState)? {
        otherFunds[TextValue("\(contract).\(fund)")]
    }

    func otherCase(_ reference: TextValue, contract: Int) throws(StateFault) -> OtherCase? { otherCases[reference] }

    func addedPeriods() throws(StateFault) -> [WorkCalendar.Period] { [] }

    /// The timer that falls due next, up to an instant.
    func nextTimer(of program: CheckedProgram, until: Instant) -> PendingTimer? {
        var first: PendingTimer?
        for (reference, state) in cases {
            let number = Int(reference.string.split(separator: "/").last ?? "") ?? 0
            for (timer, due) in state.timers(of: program) where due <= until {
                let pending = PendingTimer(due: due, number: number, timer: timer, reference: reference)
                if stalled.contains(pending) { continue }
                if first.map({ pending < $0 }) ?? true { first = pending }
            }
        }
        return first
    }

    mutating func grant(role: Int, to person: Party, in organisation: Party) {
        grants.insert(Grant(role: role, person: person, organisation: organisation))
        if memberships[person]?.contains(organisation) != true {
            memberships[person, default: []].append(organisation)
        }
    }

    /// A world in which the other contracts' funds are empty.
    init(_ program: CheckedProgram) {
        for other in program.others {
            for fund in other.funds { otherFunds[TextValue("\(other.name).\(fund.name)")] = (fund.currency, .empty) }
        }
    }

    /// Gives a case of another contract, or tells what it has become.
    mutating func give(
        _ reference: TextValue, of other: OtherContract, state: TextValue, _ values: [CheckedStep.OtherValue]
    ) {
        // What is not said has the value of before; an optional field begins absent.
        var fields =
            otherCases[reference]?.fields
            ?? other.fields.map { field in if case .optional = field.type { .absent } else { nil } }
        for value in values where fields.indices.contains(value.field) { fields[value.field] = value.value }
        otherCases[reference] = OtherCase(version: other.version, state: state, fields: fields)
    }

    mutating func apply(_ effects: Effects, of program: CheckedProgram) {
        for write in effects.rows { rows[RowKey(register: write.register, keys: write.keys)] = write.row }
        for freed in effects.freed { holders[UniqueKey(unique: freed.unique, key: freed.key)] = nil }
        for claimed in effects.claimed {
            holders[UniqueKey(unique: claimed.unique, key: claimed.key)] = effects.caseState.reference
        }
        cases[effects.caseState.reference] = effects.caseState
        for write in effects.funds {
            if let contract = write.contract {
                otherFunds[TextValue("\(contract).\(write.fund)")] = (write.currency, write.state)
                continue
            }
            guard let index = program.funds.firstIndex(where: { TextValue($0.name) == write.fund }) else { continue }
            funds[index] = write.state
        }
    }
}
