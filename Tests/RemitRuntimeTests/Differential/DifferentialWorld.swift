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

    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
        rows[Key(index: register, keys: keys)]
    }

    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? {
        holders[Key(index: unique, keys: key)]
    }

    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool {
        (role * 5 + person.identifier.string.utf8.count * 3 + organisation.identifier.string.utf8.count + salt) % 4 != 0
    }

    mutating func apply(_ effects: Effects) {
        for write in effects.rows { rows[Key(index: write.register, keys: write.keys)] = write.row }
        for freed in effects.freed { holders[Key(index: freed.unique, keys: freed.key)] = nil }
        for claimed in effects.claimed {
            holders[Key(index: claimed.unique, keys: claimed.key)] = effects.caseState.reference
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

    static func outcome(_ transition: Transition) -> String {
        switch transition.outcome {
        case .done: "done"
        case .refused(let refusal): "refused \(refusal.reason): \(refusal.text)"
        }
    }
}
