import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// What a backtest compares of a case, on the chain or here: the state that it is in, and its amounts.
struct SeenCase {
    /// The name of the state.
    let state: TextValue
    /// The amounts in the money fields of the changed policy; nil where the case has none.
    let amounts: [Money?]
    /// The version that the case follows.
    let contract: DeployedContract
    /// Its fields, where they are decoded.
    var values: [Value]?
    /// Its row on the chain and its name, where they are not.
    var row: (bytes: [UInt8], reference: CaseReference)?
}

extension SeenCase {
    /// A case as the runtime has it, whose version has the money fields at these places.
    init(_ state: CaseState, under contract: DeployedContract, at places: [Int?]) {
        self.init(
            state: TextValue(contract.program.states[state.state].name),
            amounts: BacktestReport.amounts(of: state, at: places), contract: contract, values: state.fields)
    }

    /// A case by its row on the chain; nil where that is none of a case. `places` says where a version has the money
    /// fields. No more is read of the row than is compared, unless there may be private values in it.
    init?(
        row: [UInt8], of reference: CaseReference, catalogue: ContractCatalogue, in recorded: WorkingState,
        places: (DeployedContract) -> [Int?]
    ) throws(NodeError) {
        guard let summary = CaseSummary(row), let contract = try catalogue.contract(summary.contract, in: recorded)
        else { return nil }
        let places = places(contract)
        if contract.privacy == nil {
            let name = TextValue(summary.state)
            guard contract.program.states.contains(where: { TextValue($0.name) == name }),
                let amounts = CaseSummary.amounts(in: row, at: places, of: contract.program.caseFields.count)
            else { return nil }
            self.init(state: name, amounts: amounts, contract: contract, row: (row, reference))
        } else {
            guard let stored = try StoredCase(row: row, of: reference, under: contract, in: recorded) else {
                return nil
            }
            self.init(stored.state, under: contract, at: places)
        }
    }
}

extension StoredCase {
    /// A case by its row, private values opened as far as they are there; nil where that is none of a case.
    init?(
        row: [UInt8], of reference: CaseReference, under contract: DeployedContract, in state: WorkingState
    ) throws(NodeError) {
        let value = try encoding { () throws(LedgerFault) in try ValueCoding.decode(bytes: row) }
        let opened = try state.opened(value, of: contract)
        guard let stored = CaseCoding.decode(opened, reference: reference, program: contract.program) else {
            return nil
        }
        self = stored
    }
}
