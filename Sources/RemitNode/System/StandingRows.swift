import RemitAnalysis
import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitStore
import RemitValues

/// Holds the rows of registers that stand already to the invariants that a version brings.
struct StandingRows {
    /// A row that breaks an invariant.
    struct Breach {
        let register: RegisterDeclaration
        let invariant: InvariantDeclaration
        /// The row, by its keys where these may be told.
        let row: String
        /// Why it does: the invariant itself, or that it cannot be evaluated.
        let objection: Refusal
    }

    /// How it ended.
    enum Outcome {
        /// All rows were looked at, or as many as were wanted.
        case done
        /// Those of this register would take more steps than there are.
        case spent(RegisterDeclaration)
    }

    let state: WorkingState
    let catalogue: ContractCatalogue
    /// The time of the block.
    let time: Instant
    /// The version that is to be deployed.
    let contract: DeployedContract

    init(
        _ program: CheckedProgram, home: Party, _ state: WorkingState, _ catalogue: ContractCatalogue, time: Instant
    ) {
        self.state = state
        self.catalogue = catalogue
        self.time = time
        // Nothing is kept of it by its digest: it is not on the chain.
        contract = DeployedContract(
            digest: .zero, home: home, since: 0, source: SourceText(name: program.name, bytes: []), program: program,
            privacy: PrivacyLayout(program))
    }

    /// Asks of each row, register by register and in the order of their items, for each invariant that the version
    /// before does not have. A row costs a step, and each question what evaluating it costs; `meter` counts them, up to
    /// the steps of a transaction.
    ///
    /// A row whose private values are needed and were erased is passed over: it can break nothing any more.
    func hold(
        after before: CheckedProgram, _ meter: StepMeter, _ found: (Breach) -> Walk
    ) throws(NodeError) -> Outcome {
        let evaluator = Evaluator(program: contract.program)
        let view = ContractStateView(contract: contract, state: state, catalogue: catalogue)
        for new in NewInvariants.of(contract.program, after: before) {
            let register = contract.program.registers[new.register]
            var isOver = false
            // Without the vault nothing can be told, which is another thing than that a value was erased.
            if let layout = contract.privacy, layout.concerns(register) { _ = try state.digestKey() }
            let space = StateLayout.registerSpace(contract: contract.program.name, register: register.name)
            try state.forEachRow(ofSpace: space) { item, row throws(NodeError) -> Walk in
                let keys = try keys(item, of: register)
                let values = try keys + fields(row, of: register)
                isOver = !meter.add(1)
                for invariant in new.invariants where !isOver {
                    let (objection, cost): (Refusal?, UInt64)
                    do throws(StateFault) {
                        (objection, cost) = try evaluator.objection(
                            to: values, of: new.register, by: invariant, at: time, view: view)
                    } catch {
                        throw .invalid(error.message, hint: "run `remit verify` on the ledger")
                    }
                    isOver = !meter.add(cost)
                    guard !isOver, let objection, objection.reason != .erased else { continue }
                    let breach = Breach(
                        register: register, invariant: register.invariants[invariant], row: name(keys, of: register),
                        objection: objection)
                    if found(breach) == .stop { return .stop }
                }
                return isOver ? .stop : .next
            }
            if isOver { return .spent(register) }
        }
        return .done
    }

    private func keys(_ item: [UInt8], of register: RegisterDeclaration) throws(NodeError) -> [Value] {
        guard case .list(let keys) = try KnownRows.value(item), keys.count == register.keys.count else {
            throw damaged(register)
        }
        return keys
    }

    private func fields(_ row: [UInt8], of register: RegisterDeclaration) throws(NodeError) -> [Value] {
        guard var value = try KnownRows.value(row) else { throw damaged(register) }
        if let layout = contract.privacy, layout.concerns(register) { value = try state.vault.opened(value) }
        guard case .record(let fields) = value else { throw damaged(register) }
        return contract.program.records[register.row].fitted(fields)
    }

    private func damaged(_ register: RegisterDeclaration) -> NodeError {
        .broken([ChainProblem(height: nil, position: nil, text: "a row of the register \(register.name) is damaged")])
    }

    private func name(_ keys: [Value], of register: RegisterDeclaration) -> String {
        if keys.contains(where: \.holdsSealed) { return "one with a private key" }
        return "that of " + keys.map(\.description).joined(separator: ", ")
    }
}

/// Counts the steps of one of the ledger's own calls.
final class StepMeter {
    /// A call takes one step, and what it evaluates.
    private(set) var steps: UInt64 = 1

    /// Adds steps; false where they are more than a transaction may take, which is where the count ends.
    func add(_ more: UInt64) -> Bool {
        let (sum, isOver) = steps.addingReportingOverflow(more)
        steps = isOver ? Limits.steps : min(sum, Limits.steps)
        return !isOver && sum <= Limits.steps
    }
}
