import RemitRuntime
import RemitValues

/// A state in which everybody holds every role, and nothing else is there.
struct OpenView: StateView {
    let home = Party(.organisation, "home")
    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? { nil }
    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? { nil }
    func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool { true }
    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool { true }
}
