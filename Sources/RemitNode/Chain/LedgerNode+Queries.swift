public import RemitLanguage
import RemitLedger
public import RemitRuntime
import RemitStore
public import RemitValues

/// A case with the program that reads it.
public struct CaseView: Sendable {
    public let reference: CaseReference
    public let stored: StoredCase
    public let program: CheckedProgram
    /// The fields as they stand on the chain, commitments in the place of private values.
    public let committed: [Value]
    /// How each field stands with the vault, in the order of the fields.
    public let privacy: [FieldPrivacy]

    /// The name of the case's state.
    public var stateName: String { program.states[stored.state.state].name }

    /// Whether a field is private, or has something private in it; false where there is no such field.
    public func isPrivate(_ name: String) -> Bool { privacy(of: name)?.isPrivate ?? false }

    /// Whether a field was erased, or something in it was; false where there is no such field.
    public func isErased(_ name: String) -> Bool {
        if case .erased? = privacy(of: name) { true } else { false }
    }

    private func privacy(of name: String) -> FieldPrivacy? {
        guard let index = program.caseFields.firstIndex(where: { TextValue($0.name) == TextValue(name) }),
            privacy.indices.contains(index)
        else { return nil }
        return privacy[index]
    }

    /// The value of a field by name.
    public func field(_ name: String) -> Value? {
        guard let index = program.caseFields.firstIndex(where: { TextValue($0.name) == TextValue(name) }),
            stored.state.fields.indices.contains(index)
        else { return nil }
        return stored.state.fields[index]
    }
}

extension LedgerNode {
    /// The names of the contracts that are deployed, sorted.
    public func contractNames() throws(NodeError) -> [String] {
        let rows = try storing { () throws(StoreError) in
            try store.stateRows(space: "contract/current", after: nil, limit: Limits.declarations)
        }
        return rows.map { String(decoding: $0.item, as: UTF8.self) }
    }

    /// That no contract of a name is deployed, with the name that may be meant.
    func noContract(_ name: String) throws(NodeError) -> NodeError {
        let near = Suggestion.nearest(to: name, among: try contractNames()).map { "did you mean \($0)? else " } ?? ""
        return .notFound("no contract \(name) is deployed", hint: near + "deploy it: remit deploy FILE")
    }

    /// A case as it stands, or as it stood after the block of a height.
    public func caseView(_ reference: CaseReference, at height: UInt64? = nil) throws(NodeError) -> CaseView {
        if let height { try reach(height) }
        let base: any StateReading =
            height.map { HistoricState(store: store, height: $0) } ?? StoredState(store: store)
        let state = WorkingState(over: base)
        guard let row = try state.value(StateLayout.caseState(reference)) else {
            if let height, let opened = try opened(reference) {
                throw .notFound(
                    "there was no case \(reference) yet after block \(height)", hint: "block \(opened) opened it")
            }
            guard try catalogue.kept(reference.contract, in: state) != nil else {
                throw try noContract(reference.contract)
            }
            throw .notFound("there is no case \(reference)", hint: "remit cases lists the cases")
        }
        return try view(row, reference, state)
    }

    /// The block that opened a case; nil where there is none now.
    private func opened(_ reference: CaseReference) throws(NodeError) -> Int64? {
        let state = WorkingState(over: StoredState(store: store))
        guard case .record(let parts)? = try state.value(StateLayout.caseState(reference)), parts.count > 1,
            case .integer(let height) = parts[1]
        else { return nil }
        return height
    }

    /// What a fund of a contract holds; throws `notFound` where there is no such fund.
    public func fund(
        _ fund: TextValue, of contract: TextValue
    ) throws(NodeError) -> (currency: Currency, state: FundState) {
        guard let held = try state.value(StateLayout.fund(contract: contract, fund: fund)).flatMap(FundCoding.decode)
        else {
            throw .notFound("there is no fund \(contract).\(fund)", hint: "funds come with the contract that has them")
        }
        return held
    }

    /// Hands over the cases of a contract in order of their numbers, from the one after `after`, until told to stop.
    public func forEachCase(
        of contract: String, after: Int64 = 0, _ body: (CaseView) -> Bool
    ) throws(NodeError) {
        let state = state
        var number = after
        guard case .integer(let last) = try state.value(StateLayout.caseCounter(contract)) else { return }
        while number < last {
            number += 1
            let reference = CaseReference(contract: contract, number: number)
            guard let row = try state.value(StateLayout.caseState(reference)) else { continue }
            guard body(try view(row, reference, state)) else { return }
        }
    }

    private func view(_ row: Value, _ reference: CaseReference, _ state: WorkingState) throws(NodeError) -> CaseView {
        guard let digest = CaseCoding.contract(of: row), let contract = try catalogue.contract(digest, in: state),
            let stored = CaseCoding.decode(
                try state.opened(row, of: contract), reference: reference, program: contract.program),
            let committed = CaseCoding.decode(row, reference: reference, program: contract.program)?.state.fields
        else {
            throw .broken([ChainProblem(height: nil, position: nil, text: "the row of case \(reference) is damaged")])
        }
        var privacy: [FieldPrivacy] = []
        for (field, value) in zip(contract.program.caseFields, committed) {
            let concerns = contract.privacy?.concerns(field) ?? false
            privacy.append(concerns ? try FieldPrivacy(value, state.vault) : .open)
        }
        return CaseView(
            reference: reference, stored: stored, program: contract.program, committed: committed, privacy: privacy)
    }
}
