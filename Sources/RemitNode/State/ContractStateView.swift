import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// The state of the chain as one contract sees it.
struct ContractStateView: StateView {
    let contract: DeployedContract
    let state: WorkingState
    let catalogue: ContractCatalogue

    var home: Party { contract.home }

    func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
        let program = contract.program
        guard program.registers.indices.contains(register) else { return nil }
        let declared = program.registers[register]
        let layout = contract.privacy.flatMap { $0.concerns(declared) ? $0 : nil }
        var item = keys
        if let layout, layout.hasPrivateKeys(declared) {
            guard let secret = try digestKey() else { return nil }
            item = PrivateWork.item(keys, of: declared, layout, secret)
        }
        let key = StateLayout.row(contract: program.name, register: declared.name, keys: item)
        guard var value = try reading(key) else { return nil }
        if layout != nil { value = try opened(value) }
        guard case .record(let fields) = value else {
            throw StateFault(message: "a row of \(declared.name) is damaged")
        }
        let row = program.records[declared.row].fitted(fields)
        if try mayHoldMore(register) { try requireKnown(row, of: declared) }
        return row
    }

    /// Whether a later version may have written rows of a register that are more than this version knows.
    private func mayHoldMore(_ register: Int) throws(StateFault) -> Bool {
        do { return try catalogue.grownRegisters(of: contract, in: state).contains(register) } catch {
            throw StateFault(message: error.message)
        }
    }

    private func requireKnown(_ row: [Value], of register: RegisterDeclaration) throws(StateFault) {
        let conformance = ValueConformance(program: contract.program, allowsSealed: true)
        for (value, field) in zip(row, contract.program.records[register.row].fields) {
            guard conformance.problem(value, field.type, path: field.name) != nil else { continue }
            throw StateFault(
                message: "`\(field.name)` of this row of \(register.name) is more than version "
                    + "\(contract.program.version) of the contract knows", isUnreadable: true)
        }
    }

    func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? {
        var item = key
        if let layout = contract.privacy, layout.concerns(contract.program.uniqueKeys[unique]) {
            guard let secret = try digestKey() else { return nil }
            item = [PrivateWork.item(key, ofUnique: unique, layout, secret)]
        }
        let key = StateLayout.unique(contract: contract.program.name, index: unique, key: item)
        guard case .text(let reference) = try reading(key) else { return nil }
        return reference
    }

    func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool {
        guard contract.program.roles.indices.contains(role) else { return false }
        let key = StateLayout.grant(
            role: TextValue(contract.program.roles[role]), person: person.identifier,
            organisation: organisation.identifier)
        do { return try state.bytes(key) != nil } catch { throw StateFault(message: error.message) }
    }

    func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool {
        // Mostly a role of this contract is held there; else any role counts.
        for role in contract.program.roles.indices {
            if try holds(role: role, person: person, organisation: organisation) { return true }
        }
        let roles: [[UInt8]]
        do {
            roles = try state.items(
                ofSpace: StateLayout.holderSpace, startingWith: StateLayout.holders(in: organisation.identifier))
        } catch {
            throw StateFault(message: error.message)
        }
        for role in roles {
            if case .set(let names) = try reading(StateKey(space: StateLayout.holderSpace, item: role)),
                names.contains(.text(person.identifier))
            {
                return true
            }
        }
        return false
    }

    func holders(role: Int, organisation: Party) throws(StateFault) -> [Party] {
        guard contract.program.roles.indices.contains(role) else { return [] }
        let key = StateLayout.holders(
            role: TextValue(contract.program.roles[role]), organisation: organisation.identifier)
        guard case .set(let names) = try reading(key) else { return [] }
        var holders: [Party] = []
        for case .text(let name) in names {
            let person = Party(.person, name)
            if try !isMachine(person) { holders.append(person) }
        }
        return holders.sorted()
    }

    func isMachine(_ person: Party) throws(StateFault) -> Bool {
        guard case .record(let fields) = try reading(StateLayout.person(person.identifier)), fields.count == 2 else {
            return false
        }
        return fields[1] == .boolean(true)
    }

    func delegators(of person: Party, organisation: Party, on day: CalendarDate) throws(StateFault) -> [Party] {
        let key = StateLayout.delegations(to: person.identifier, organisation: organisation.identifier)
        guard case .map(let entries) = try reading(key) else { return [] }
        var found: [Party] = []
        for entry in entries {
            guard case .text(let name) = entry.key else { continue }
            if case .date(let until) = entry.value, until <= day { continue }
            found.append(Party(.person, name))
        }
        return found.sorted()
    }

    func delegators(of person: Party, on day: CalendarDate) throws(StateFault) -> [Party] {
        let organisations: [TextValue]
        do { organisations = try state.organisations(delegatingTo: person.identifier) } catch {
            throw StateFault(message: error.message)
        }
        var found: Set<Party> = []
        for identifier in organisations {
            found.formUnion(
                try delegators(of: person, organisation: Party(.organisation, identifier), on: day))
        }
        return found.sorted()
    }

    func fund(_ fund: Int) throws(StateFault) -> FundState {
        guard contract.program.funds.indices.contains(fund) else { return .empty }
        let declared = contract.program.funds[fund]
        return try self.fund(TextValue(declared.name), of: TextValue(contract.program.name))?.state ?? .empty
    }

    func fund(
        _ fund: TextValue, of owner: TextValue
    ) throws(StateFault) -> (currency: Currency, state: FundState)? {
        guard let row = try reading(StateLayout.fund(contract: owner, fund: fund)) else { return nil }
        guard let decoded = FundCoding.decode(row) else {
            throw StateFault(message: "the row of the fund \(owner).\(fund) is damaged")
        }
        return decoded
    }

    func otherCase(_ reference: TextValue, contract: Int) throws(StateFault) -> OtherCase? {
        do {
            return try catalogue.otherCase(reference, contract: contract, of: self.contract, in: state)
        } catch {
            throw StateFault(message: error.message)
        }
    }

    func addedPeriods() throws(StateFault) -> [WorkCalendar.Period] {
        guard let calendar = contract.program.calendar else { return [] }
        let key = StateLayout.calendar(contract: contract.program.name, calendar: calendar.name)
        guard case .list(let values) = try reading(key) else { return [] }
        var periods: [WorkCalendar.Period] = []
        for value in values {
            guard let period = PeriodCoding.decode(value) else {
                throw StateFault(message: "the row of the calendar \(calendar.name) is damaged")
            }
            periods.append(period)
        }
        return periods
    }

    /// The key of what private values are found by; nil before the first contract that keeps any was deployed, when
    /// there is nothing to find. What is written needs it, and is refused there without it (`Executor`).
    private func digestKey() throws(StateFault) -> PrivateSecret? {
        do { return try state.digestKey() } catch { throw StateFault(message: error.message) }
    }

    private func opened(_ value: Value) throws(StateFault) -> Value {
        do { return try state.vault.opened(value) } catch { throw StateFault(message: error.message) }
    }

    private func reading(_ key: StateKey) throws(StateFault) -> Value? {
        do { return try state.value(key) } catch { throw StateFault(message: error.message) }
    }
}

extension RecordType {
    /// The fields of a row that another version may have written, as this one knows them.
    ///
    /// A later version may add fields, which begin with their starts in rows written before. This version may be the
    /// earlier one: what it does not know it does not see.
    func fitted(_ row: [Value]) -> [Value] {
        row.prefix(fields.count) + fields.dropFirst(row.count).map { $0.starts ?? .absent }
    }
}
