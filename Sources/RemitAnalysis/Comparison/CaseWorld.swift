import RemitLanguage
import RemitRuntime
import RemitValues

/// A state of the chain as it is wished for: rows, roles, funds, unique keys, cases of other contracts.
final class CaseWorld: StateView {
    let maker: CaseMaker
    /// Whether everybody holds every role, whatever is wished for: where somebody other than the actor acts.
    var letsEverybody = true
    var actor = CaseMaker.anna
    /// The rows that were read as they are wished for.
    private(set) var read: [(register: Int, keys: [Value], row: [Value]?)] = []
    private var writtenRows: [[Value]: [Value]] = [:]
    private var writtenFunds: [TextValue: FundState] = [:]

    /// What a full fund holds, and what a case has reserved of it where it has; in minor units.
    static let full: Int64 = 1_000_000_000_000
    static let reservation: Int64 = 1_000_000

    init(maker: CaseMaker) { self.maker = maker }

    var home: Party { CaseMaker.home }

    private var program: CheckedProgram { maker.program }

    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
        guard program.registers.indices.contains(register) else { return nil }
        if let written = writtenRows[[.integer(Int64(register))] + keys] { return written }
        let declared = program.registers[register]
        let general: ConditionInputs.Path = ["register", TextValue(declared.name)]
        let own = Self.path(general, keys)
        // All rows are alike, or each is one of its own.
        let areAlike = maker.choice(["rows", TextValue(declared.name)], below: 2, of: 2) == 0
        let isOwn = !areAlike || maker.wish.keyed.contains(own)
        if !isOwn { maker.made?.note(row: own, of: general) }
        let path = isOwn ? own : general
        let type = ValueType.record(declared.row)
        // A row of which nothing was written is there all the same, as it begins.
        if declared.hasRowForEveryKey, maker.wish.shapes[maker.wish.place(of: path)] == .absent {
            if !read.contains(where: { $0.register == register && $0.keys == keys }) {
                read.append((register, keys, nil))
            }
            return nil
        }
        guard let value = maker.value(declared.hasRowForEveryKey ? type : .optional(type), path) else {
            throw StateFault(message: "no such row can be made")
        }
        var row: [Value]?
        if case .record(let fields) = value { row = fields }
        if !read.contains(where: { $0.register == register && $0.keys == keys }) { read.append((register, keys, row)) }
        return row
    }

    /// Where the row of a key is wished for, where rows are not all alike.
    static func path(_ register: ConditionInputs.Path, _ keys: [Value]) -> ConditionInputs.Path {
        register + [TextValue("[\(keys.map(\.description).joined(separator: ", "))]")]
    }

    /// Whether the rows that were read break no invariant of their registers.
    func isSound(_ evaluator: Evaluator, _ now: Instant) -> Bool {
        for (register, keys, row) in read {
            guard let row else { continue }
            do {
                if try evaluator.objection(to: keys + row, of: register, at: now, view: self) != nil { return false }
            } catch {
                return false
            }
        }
        return true
    }

    /// Takes over what a transition wrote.
    func apply(_ effects: Effects) {
        for write in effects.rows { writtenRows[[.integer(Int64(write.register))] + write.keys] = write.row }
        for write in effects.funds where write.contract == nil { writtenFunds[write.fund] = write.state }
    }

    // MARK: Keys and people

    /// Whether there is another case of this contract, which may share fields with this one.
    var hasOtherCase: Bool { !program.uniqueKeys.isEmpty && maker.choice(["unique"], below: 2, of: 3) == 1 }

    /// Where it is wished for in which state another case is.
    static let otherPlace: ConditionInputs.Path = ["unique", "in state"]

    /// The state of the other case.
    var otherState: String? {
        guard hasOtherCase else { return nil }
        if case .enumeration(let name)? = maker.wish.values[Self.otherPlace] { return name.string }
        let states = program.states
        return states.isEmpty ? nil : states[maker.choice(Self.otherPlace, below: states.count, of: states.count)].name
    }

    /// Whether the other case has the same in a field as this one.
    func otherShares(_ field: String) -> Bool { maker.choice(["unique", TextValue(field)], below: 2, of: 2) == 0 }

    /// A key is held by another case that has the same in all its fields, unless its state frees it.
    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? {
        guard program.uniqueKeys.indices.contains(unique), let state = otherState else { return nil }
        let rule = program.uniqueKeys[unique]
        let isFree = rule.except.contains { TextValue(program.states[$0].name) == TextValue(state) }
        let isShared = rule.fields.allSatisfy { otherShares(program.caseFields[$0].name) }
        return isShared && !isFree ? "Case/2" : nil
    }

    /// The only role that the actor holds; nil: every role.
    var onlyRole: TextValue? {
        guard case .text(let role)? = maker.wish.values[["role"]] else { return nil }
        return role
    }

    func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool { true }

    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool {
        guard !letsEverybody, person == actor, let onlyRole, program.roles.indices.contains(role) else { return true }
        return TextValue(program.roles[role]) == onlyRole
    }

    func holders(role: Int, organisation: Party) throws(StateFault) -> [Party] { [CaseMaker.anna] + CaseMaker.signers }

    // MARK: Rounds that have ended

    /// How the last round of each approval stands on a case that is there: none yet, or granted with one signature.
    func signer(_ approval: Int) -> Party? {
        let name = TextValue(program.approvals[approval].name)
        switch maker.choice(["round", name], below: 3, of: 3) {
        case 1: return CaseMaker.signers[0]
        case 2: return CaseMaker.anna
        default: return nil
        }
    }

    func rounds(_ now: Instant) -> [RoundState?] {
        program.approvals.indices.map { index in
            guard let signer = signer(index), let role = program.roles.first else { return nil }
            let quorum = Quorum(groups: [.init(count: 1, roles: [TextValue(role)])]).value
            let vote = RoundState.Vote(signer: signer, by: signer, roles: [TextValue(role)], reason: nil)
            return RoundState(
                outcome: .granted, opened: now, due: now, quorum: quorum, declineQuorum: nil, excluded: [],
                signatures: [vote], declines: [])
        }
    }

    // MARK: Funds and other contracts

    /// Whether a case that is there has reserved something in every fund.
    var hasReserved: Bool { !program.funds.isEmpty && maker.choice(["reserved"], below: 2, of: 2) == 1 }
    /// Whether funds hold no more than is reserved.
    var areFundsEmpty: Bool { !program.funds.isEmpty && maker.choice(["funds"], below: 2, of: 4) == 1 }

    var reservations: [Int64] { program.funds.map { _ in hasReserved ? Self.reservation : 0 } }

    func fund(_ fund: Int) throws(StateFault) -> FundState {
        if program.funds.indices.contains(fund), let written = writtenFunds[TextValue(program.funds[fund].name)] {
            return written
        }
        let reserved = hasReserved ? Self.reservation : 0
        return FundState(balance: areFundsEmpty ? reserved : Self.full, reserved: reserved)
    }

    func fund(
        _ fund: TextValue, of contract: TextValue
    ) throws(StateFault) -> (currency: Currency, state: FundState)? {
        let other = program.others.first { TextValue($0.name) == contract }
        guard let declared = other?.funds.first(where: { TextValue($0.name) == fund }) else { return nil }
        return (declared.currency, .empty)
    }

    func otherCase(_ reference: TextValue, contract: Int) throws(StateFault) -> OtherCase? {
        guard program.others.indices.contains(contract) else { return nil }
        let other = program.others[contract]
        let path: ConditionInputs.Path = ["other", TextValue(other.name)]
        let fields = other.fields.map { field in
            field.access == .open ? maker.value(field.type, path + [TextValue(field.name)]) : nil
        }
        guard !other.states.isEmpty else { return nil }
        let state = other.states[maker.choice(path, below: other.states.count, of: other.states.count)]
        return OtherCase(version: other.version, state: TextValue(state), fields: fields)
    }
}
