import RemitLanguage
import RemitLedger
import RemitRuntime
import RemitValues

/// What rows of a register are held to before they are loaded: the types of keys and fields, the cases that they name
/// and the invariants.
struct HeldRows {
    /// Why a row is not taken.
    struct Problem {
        let text: String
        /// Whether the row is no row of the register at all, and the text goes on with it: "does not have …".
        var isOfShape = false
    }

    let state: WorkingState
    let catalogue: ContractCatalogue
    /// The time of the block.
    let time: Instant
    let register: RegisterDeclaration
    let contract: DeployedContract

    /// What is wrong with a row, keys and fields; nil where nothing is.
    func problem(_ row: Value) throws(NodeError) -> Problem? {
        let program = contract.program
        let fields = register.keys + program.records[register.row].fields
        guard case .record(let values) = row, values.count == fields.count else {
            return Problem(text: "does not have \(fields.count) values", isOfShape: true)
        }
        let conformance = ValueConformance(program: program)
        for (field, value) in zip(fields, values) {
            if let problem = conformance.problem(value, field.type, path: field.name) {
                return Problem(text: Refusal(.argument, problem).told(by: contract))
            }
            if let lacking = try missingCase(in: value) {
                return Problem(text: Refusal(.noCase, "there is no case \(lacking)").told(by: contract))
            }
        }
        return try broken(values).map { Problem(text: $0.told(by: contract)) }
    }

    /// Why a row would break an invariant of its register; nil where all of them hold.
    private func broken(_ values: [Value]) throws(NodeError) -> Refusal? {
        let registers = contract.program.registers
        guard !register.invariants.isEmpty,
            let index = registers.firstIndex(where: { TextValue($0.name) == TextValue(register.name) })
        else { return nil }
        return try catalogue.evaluate(contract, in: state) { evaluator, view throws(StateFault) in
            try evaluator.objection(to: values, of: index, at: time, view: view)
        }
    }

    /// A case of another contract that a value names and that is not there.
    private func missingCase(in value: Value) throws(NodeError) -> TextValue? {
        let others = contract.program.others
        guard !others.isEmpty else { return nil }
        for reference in value.caseReferences {
            guard let name = CaseReference(reference.string)?.contract,
                let index = others.firstIndex(where: { TextValue($0.name) == TextValue(name) }),
                try catalogue.otherCase(reference, contract: index, of: contract, in: state) != nil
            else { return reference }
        }
        return nil
    }
}
