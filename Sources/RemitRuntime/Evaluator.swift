public import RemitLanguage
public import RemitValues

/// The reference evaluator: walks the checked program, one request at a time.
public struct Evaluator: Sendable {
    private let program: CheckedProgram
    private let stepLimit: UInt64

    /// An evaluator of a program, with the budget of steps for one transition.
    public init(program: CheckedProgram, stepLimit: UInt64 = Limits.steps) {
        self.program = program
        self.stepLimit = stepLimit
    }

    /// Performs a request on a view of the state; throws only where the state cannot be read.
    public func perform<View: StateView>(
        _ request: Request, view: View, tracing: Bool = false
    ) throws(StateFault) -> Transition {
        let machine = Machine(
            program: program, view: view, request: request, stepLimit: stepLimit, tracing: tracing)
        let outcome: Transition.Outcome
        do {
            outcome = .done(try machine.perform())
        } catch {
            switch error {
            case .refused(let refusal): outcome = .refused(refusal)
            case .fault(let fault): throw fault
            }
        }
        return Transition(
            outcome: outcome, cost: machine.cost, findings: machine.findings, trace: machine.trace)
    }
}
