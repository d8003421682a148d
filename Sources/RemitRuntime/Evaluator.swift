public import RemitLanguage
public import RemitValues

/// A program with its code, lowered once for all transitions.
public final class ExecutableProgram: Sendable {
    /// The program that the code was lowered from.
    public let program: CheckedProgram
    let code: Code?
    /// Why the reference evaluator runs this program; nil where the register machine does.
    public let reasonForReference: String?
    /// Whether the program has its rules; without them, as it comes from kept code, it serves batches alone.
    public let hasRules: Bool

    /// Lowers a program. What the machine has no instructions for leaves the whole program to the reference evaluator:
    /// that is decided here, once, and said in `reasonForReference`.
    ///
    /// Without `metering` no steps are charged: that is only for measuring what charging costs.
    public init(_ program: CheckedProgram, metering: Bool = true) {
        self.program = program
        hasRules = true
        do throws(LoweringProblem) {
            let lowered = try Code.verified(Lowering.lower(program, metering: metering))
            code = lowered
            reasonForReference = nil
        } catch {
            code = nil
            reasonForReference = error.text
        }
    }

    /// A program from kept code; nil where the verifier finds something wrong with it.
    init?(outline: CheckedProgram, draft: CodeDraft) {
        guard CodeSoundness(draft, outline).isSound, let code = try? Code.verified(Code(draft)) else { return nil }
        program = outline
        hasRules = false
        self.code = code
        reasonForReference = nil
    }
}

/// Decides requests: the one way into the register machine and the reference evaluator.
///
/// Both give the same outcome, findings, cost, effects and trace. The machine runs what it has code for, and for a
/// trace code that leaves a trail; the reference evaluator runs the rest. The machine's memory is kept from one request
/// to the next, so an evaluator serves one thread.
public final class Evaluator {
    private let program: CheckedProgram
    private let memory: MachineMemory?
    private let stepLimit: UInt64
    /// Code that leaves a trail and its memory, lowered when a trace is asked for.
    private lazy var traced: (code: TracedCode, memory: MachineMemory)? = {
        guard memory != nil, let traced = try? TracedCode(program) else { return nil }
        return (traced, MachineMemory(code: traced.code, isRecording: true))
    }()

    /// The reference evaluator of a program, with the budget of steps for one transition.
    public init(program: CheckedProgram, stepLimit: UInt64 = Limits.steps) {
        self.program = program
        memory = nil
        self.stepLimit = stepLimit
    }

    /// The evaluator of a lowered program, with the budget of steps for one transition.
    public init(_ executable: ExecutableProgram, stepLimit: UInt64 = Limits.steps) {
        precondition(executable.hasRules, "kept code decides batches; its rules are not there to be evaluated")
        program = executable.program
        memory = executable.code.map { MachineMemory(code: $0) }
        self.stepLimit = stepLimit
    }

    /// Performs a request on a view of the state; throws only where the state cannot be read.
    public func perform<View: StateView>(
        _ request: Request, view: View, tracing: Bool = false
    ) throws(StateFault) -> Transition {
        // A value that the machine has no word for makes it hand the request over as it came.
        if let transition = tracing ? try trace(request, view: view) : try run(request, view: view) {
            return transition
        }
        return try judge(request, view: view, tracing: tracing).transition
    }

    /// Migrates a case; nil where the condition of the migration does not hold of it.
    public func migrate<View: StateView>(
        _ request: Request, view: View, tracing: Bool = false
    ) throws(StateFault) -> Transition? {
        let (transition, isConcerned) = try judge(request, view: view, tracing: tracing)
        return isConcerned ? transition : nil
    }

    /// Why a row of a register (index) that is loaded would break an invariant of it; nil where all of them hold.
    ///
    /// `values` are the keys and then the fields, as they are declared.
    public func objection<View: StateView>(
        to values: [Value], of register: Int, at now: Instant, view: View
    ) throws(StateFault) -> Refusal? {
        try hold(values, to: register, at: now, view: view, tracing: false).objection
    }

    /// The same with a trace, where one is wanted.
    func hold<View: StateView>(
        _ values: [Value], to register: Int, at now: Instant, view: View, tracing: Bool
    ) throws(StateFault) -> (objection: Refusal?, trace: Trace?) {
        guard program.registers.indices.contains(register) else { return (nil, nil) }
        let machine = holder(at: now, view: view, tracing: tracing)
        do {
            try machine.checkInvariants(of: register, values)
            return (nil, machine.trace)
        } catch {
            switch error {
            case .refused(let refusal): return (refusal, machine.trace)
            case .fault(let fault): throw fault
            }
        }
    }

    /// Why a row of a register (index) would break one of its invariants (index), nil where it holds; and what it costs
    /// to ask, in steps.
    ///
    /// `values` are the keys and then the fields, as they are declared.
    public func objection<View: StateView>(
        to values: [Value], of register: Int, by invariant: Int, at now: Instant, view: View
    ) throws(StateFault) -> (objection: Refusal?, cost: UInt64) {
        guard program.registers.indices.contains(register) else { return (nil, 0) }
        let machine = holder(at: now, view: view, tracing: false)
        do {
            try machine.check(invariant, of: register, values)
            return (nil, machine.cost)
        } catch {
            switch error {
            case .refused(let refusal): return (refusal, machine.cost)
            case .fault(let fault): throw fault
            }
        }
    }

    /// Nobody asks for a transition: only what a row is held to is evaluated.
    private func holder<View: StateView>(at now: Instant, view: View, tracing: Bool) -> Machine<View> {
        let request = Request(
            call: .action(-1), actor: Party(.person, ""), organisation: view.home, now: now, arguments: [],
            existing: nil, newReference: "")
        return Machine(program: program, view: view, request: request, stepLimit: stepLimit, tracing: tracing)
    }

    /// Runs a request by the machine; nil where there is no code, or a value has no word.
    func run<View: StateView>(_ request: Request, view: View) throws(StateFault) -> Transition? {
        guard let memory else { return nil }
        let run = CodeRun(program: program, memory: memory, view: view, request: request, stepLimit: stepLimit)
        return try run.transition()
    }

    /// Runs a request by code that leaves a trail, and tells it; nil where there is no such code.
    func trace<View: StateView>(_ request: Request, view: View) throws(StateFault) -> Transition? {
        guard let (code, memory) = traced else { return nil }
        let run = CodeRun(
            program: program, memory: memory, view: view, request: request, stepLimit: stepLimit,
            reader: TrailReader(traced: code, home: view.home))
        return try run.transition()
    }

    private func judge<View: StateView>(
        _ request: Request, view: View, tracing: Bool
    ) throws(StateFault) -> (transition: Transition, isConcerned: Bool) {
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
        let transition = Transition(
            outcome: outcome, cost: machine.cost, findings: machine.findings, trace: machine.trace)
        return (transition, machine.isConcerned)
    }
}
