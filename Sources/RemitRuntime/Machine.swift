import RemitLanguage
import RemitValues

/// What ends an evaluation before its time.
enum Stop: Error {
    case refused(Refusal)
    case fault(StateFault)
}

/// One transition in the making: the reference evaluator's working memory.
///
/// A class, so that the recursive walk shares one budget and one overlay; it lives for one request.
final class Machine<View: StateView>: EngineHost {
    let program: CheckedProgram
    let view: View
    let request: Request

    var caseState: CaseState
    /// The frame of the block or function that runs.
    var locals: [Value] = []
    /// Rows written so far, over the view.
    var rows: [RowKey: [Value]] = [:]
    /// Cases of other contracts that were read: no transition of this contract changes them.
    var otherCases: [TextValue: OtherCase] = [:]
    var notices: [Effects.Notice] = []
    /// The case fields that were written.
    var writtenFields: Set<Int> = []
    /// Money, rounds, due times and delegates.
    lazy var engine = Engine(program: program, view: view, request: request, host: self)
    /// The state that `become` named; it is entered at the end.
    var target: Int?
    var findings: [Finding] = []
    /// Whether a migration speaks of the case: its condition holds.
    var isConcerned = true

    var cost: UInt64 = 0
    var built = 0
    var depth = 0
    let stepLimit: UInt64
    var trace: Trace?
    /// The lists and sets of the case that values were added to and that nothing has read since.
    var grownFields: Set<Int> = []
    /// Collects what a condition reads, while one is evaluated for the trace.
    var reads: [Trace.Read]?

    /// The key of a written row.
    struct RowKey: Hashable {
        let register: Int
        let keys: [Value]
    }

    init(program: CheckedProgram, view: View, request: Request, stepLimit: UInt64, tracing: Bool) {
        self.program = program
        self.view = view
        self.request = request
        self.stepLimit = stepLimit
        trace = tracing ? Trace() : nil
        caseState =
            request.existing
            ?? CaseState(
                reference: request.newReference, state: -1, revision: 0,
                fields: program.caseFields.map { $0.starts ?? .absent },
                checks: Array(repeating: nil, count: program.checks.count))
    }

    /// Charges steps; the budget is a refusal, never a hang.
    func charge(_ steps: UInt64) throws(Stop) {
        let (sum, overflow) = cost.addingReportingOverflow(steps)
        guard !overflow, sum <= stepLimit else {
            cost = stepLimit
            throw .refused(Refusal(.budget, "the transition would take more than \(stepLimit) steps"))
        }
        cost = sum
    }

    /// Counts values that are built.
    func build(_ count: Int) throws(Stop) {
        built += count
        guard built <= Limits.memoryValues else {
            throw .refused(Refusal(.budget, "the transition would build more than \(Limits.memoryValues) values"))
        }
    }

    func note(_ event: @autoclosure () -> Trace.Event, at span: Span) {
        guard trace != nil else { return }
        trace?.add(event(), at: span)
    }

    /// Evaluates a block of its own, charged when entered.
    func evaluate(_ priced: Priced) throws(Stop) -> Value {
        try charge(priced.cost)
        return try evaluate(priced.expression)
    }

    /// Evaluates a condition that is a block of its own.
    func test(_ priced: Priced) throws(Stop) -> Bool {
        try charge(priced.cost)
        return try test(priced.expression)
    }

    func test(_ expression: CheckedExpression) throws(Stop) -> Bool {
        guard case .boolean(let holds) = try evaluate(expression) else { throw misfit(expression.span) }
        return holds
    }

    /// Evaluates a condition and gives what it read, where the trace wants it.
    func testCollecting(_ condition: CheckedExpression) throws(Stop) -> (Bool, [Trace.Read]) {
        guard trace != nil else { return (try test(condition), []) }
        reads = []
        defer { reads = nil }
        let holds = try test(condition)
        return (holds, reads ?? [])
    }

    /// The refusal for a program that does not fit; the checker makes sure that it is never seen.
    func misfit(_ span: Span) -> Stop {
        .refused(Refusal(.internalFault, "the program does not fit its types here", at: span))
    }

    func local(_ index: Int, _ span: Span) throws(Stop) -> Value {
        guard locals.indices.contains(index) else { throw misfit(span) }
        return locals[index]
    }

    func setLocal(_ index: Int, _ value: Value, _ span: Span) throws(Stop) {
        guard locals.indices.contains(index) else { throw misfit(span) }
        locals[index] = value
    }

    /// Runs a body in a frame of its own.
    func inFrame<Result>(
        _ arguments: [Value], count: Int, _ body: () throws(Stop) -> Result
    ) throws(Stop) -> Result {
        guard depth < Limits.callDepth else {
            throw .refused(Refusal(.budget, "calls are nested more than \(Limits.callDepth) deep"))
        }
        let outer = locals
        let outerReads = reads
        depth += 1
        locals = arguments + Array(repeating: .absent, count: max(0, count - arguments.count))
        reads = nil
        defer {
            depth -= 1
            locals = outer
            reads = outerReads
        }
        return try body()
    }

    /// The fields of a register's row as this transition sees it; nil where the key has none.
    func row(_ register: Int, _ keys: [Value], _ span: Span) throws(Stop) -> [Value]? {
        guard program.registers.indices.contains(register) else { throw misfit(span) }
        if let written = rows[RowKey(register: register, keys: keys)] { return written }
        let stored: [Value]?
        do { stored = try view.row(register: register, keys: keys) } catch {
            throw error.isUnreadable ? .refused(Refusal(.unreadable, error.message, at: span)) : .fault(error)
        }
        let declared = program.registers[register]
        if stored == nil, declared.hasRowForEveryKey {
            return program.records[declared.row].fields.map { $0.starts ?? .absent }
        }
        return stored
    }

    /// Arithmetic whose faults become refusals at a place.
    func exact<Result>(
        _ span: Span, _ body: () throws(ArithmeticFault) -> Result
    ) throws(Stop) -> Result {
        do { return try body() } catch { throw Self.refusal(error, span) }
    }

    static func refusal(_ fault: ArithmeticFault, _ span: Span) -> Stop {
        switch fault {
        case .overflow: .refused(Refusal(.overflow, "a number here is too large", at: span))
        case .precision:
            .refused(Refusal(.precision, "a number here needs more than 18 digits behind the point", at: span))
        case .divisionByZero: .refused(Refusal(.divisionByZero, "the divisor is zero", at: span))
        case .dateRange: .refused(Refusal(.dateRange, "there is no such day, or it is out of range", at: span))
        }
    }
}
