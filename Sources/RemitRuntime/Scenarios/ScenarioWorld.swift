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

    /// The organisation that the contract of a scenario is deployed by, where none is named.
    let home = Party(.organisation, "home")
    var grants: Set<Grant> = []
    /// The organisations in which a person holds a role, in the order given.
    var memberships: [Party: [Party]] = [:]
    var rows: [RowKey: [Value]] = [:]
    var holders: [UniqueKey: TextValue] = [:]
    var cases: [TextValue: CaseState] = [:]
    var caseCount = 0

    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
        rows[RowKey(register: register, keys: keys)]
    }

    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? {
        holders[UniqueKey(unique: unique, key: key)]
    }

    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool {
        grants.contains(Grant(role: role, person: person, organisation: organisation))
    }

    mutating func grant(role: Int, to person: Party, in organisation: Party) {
        grants.insert(Grant(role: role, person: person, organisation: organisation))
        if memberships[person]?.contains(organisation) != true {
            memberships[person, default: []].append(organisation)
        }
    }

    mutating func apply(_ effects: Effects) {
        for write in effects.rows { rows[RowKey(register: write.register, keys: write.keys)] = write.row }
        for freed in effects.freed { holders[UniqueKey(unique: freed.unique, key: freed.key)] = nil }
        for claimed in effects.claimed {
            holders[UniqueKey(unique: claimed.unique, key: claimed.key)] = effects.caseState.reference
        }
        cases[effects.caseState.reference] = effects.caseState
    }
}
