public import RemitLanguage
public import RemitValues

/// Who acts, and when, in decisions without a ledger; the actor holds every role.
public struct BatchContext: Sendable {
    public let actor: Party
    public let organisation: Party
    public let home: Party
    public let now: Instant

    public init(actor: Party, organisation: Party, home: Party, now: Instant) {
        self.actor = actor
        self.organisation = organisation
        self.home = home
        self.now = now
    }
}

/// The rows of the registers that decisions look up.
public struct BatchRows: Sendable {
    struct Key: Hashable {
        let register: Int
        let keys: [Value]
    }

    private(set) var rows: [Key: [Value]] = [:]

    /// No rows.
    public init() {}

    /// Adds a row; false where one of the same keys is there, which stays.
    @discardableResult
    public mutating func add(register: Int, keys: [Value], row: [Value]) -> Bool {
        let key = Key(register: register, keys: keys)
        guard rows[key] == nil else { return false }
        rows[key] = row
        return true
    }
}

extension Evaluator {
    /// Why the invariants of a register do not let a row in, keys and fields; nil where they do.
    public func objection(to row: [Value], of register: Int, in context: BatchContext) -> String? {
        let view = BatchEvaluator.View(home: context.home, rows: BatchRows())
        let held = try? hold(row, to: register, at: context.now, view: view, tracing: false)
        return held?.objection?.text
    }
}

extension Code {
    /// Whether every value of a shape has a part that no line carries.
    fileprivate func mustBeUnreadable(_ index: Int) -> Bool {
        let shape = shapes[index]
        guard !shape.isOptional else { return false }
        return switch shape.kind {
        case .term, .document, .quorum, .label, .reference, .place: true
        case .record(let fields, _): fields.contains(where: mustBeUnreadable)
        default: false
        }
    }
}

/// Why an action cannot be decided line by line.
public struct BatchProblem: Error, Sendable {
    public let text: String
}

/// Decides lines of JSON without a ledger: each opens a case of its own, and nothing is kept from one to the next.
public final class BatchEvaluator {
    private let action: Int
    private let memory: MachineMemory
    private let run: CodeRun<View>
    private let top: InputReader.Members
    private let registers: UnsafeMutablePointer<UInt16>
    private let registerCount: Int
    private let records: UnsafeMutablePointer<InputReader.Members>
    private let recordCount: Int
    /// The names of the organisation acted for and of the home.
    private let organisations: FixedTexts
    private var writer: OutputWriter
    /// Code that leaves a trail, where decisions are to be told.
    private let traced: TracedCode?
    private let context: BatchContext
    private let program: CheckedProgram
    private let stepLimit: UInt64
    private let nothing: UnsafeMutablePointer<UInt8>
    /// Decides what the machine has no word for; nil where the rules are not there.
    private lazy var reference: Evaluator? = rules().map { Evaluator(program: $0, stepLimit: stepLimit) }
    private let rules: () -> CheckedProgram?
    /// The arguments of cases that are kept, one case after another.
    private var kept: [Int64] = []
    /// How many lines were decided, were refused, could not be read.
    public private(set) var done = 0
    public private(set) var refused = 0
    public private(set) var unreadable = 0

    struct View: StateView {
        let home: Party
        let rows: BatchRows

        func row(register: Int, keys: [Value]) throws(StateFault) -> [Value]? {
            rows.rows[BatchRows.Key(register: register, keys: keys)]
        }
        func caseHolding(unique: Int, key: [Value]) throws(StateFault) -> TextValue? { nil }
        func holds(role: Int, person: Party, organisation: Party) throws(StateFault) -> Bool { true }
        func isMember(_ person: Party, of organisation: Party) throws(StateFault) -> Bool { true }
    }

    /// An evaluator of one action; throws where the action opens no case, or the machine has no code for the program.
    ///
    /// With `tracing` the code leaves a trail, which `tellKept` reads. `rules` gives the program with its rules where
    /// the code was kept without them; it is asked once, for the first line with a value that the machine has no word
    /// for.
    public init(
        _ executable: ExecutableProgram, action: Int, context: BatchContext, rows: BatchRows,
        stepLimit: UInt64 = Limits.steps, tracing: Bool = false, rules: @escaping () -> CheckedProgram? = { nil }
    ) throws(BatchProblem) {
        let program = executable.program
        self.program = program
        self.stepLimit = stepLimit
        self.rules = executable.hasRules ? { program } : rules
        self.context = context
        traced = tracing ? try Self.traced(executable) : nil
        guard let code = traced?.code ?? executable.code else {
            throw Self.problem(program, executable.reasonForReference ?? "it has no code")
        }
        let declared = program.actions[action]
        guard !declared.opens.isEmpty else { throw BatchProblem(text: "`\(declared.name)` opens no case") }
        let fields = declared.enters.map { program.caseFields[$0] } + declared.parameters
        let widest = max(fields.count, program.records.map(\.fields.count).max() ?? 0)
        guard widest <= Limits.lineFields else {
            throw BatchProblem(text: "records of more than \(Limits.lineFields) fields are not read from lines")
        }
        if let field = zip(fields, code.entries.actionShapes[action]).first(where: { code.mustBeUnreadable($1) })?.0 {
            throw BatchProblem(
                text: "`\(declared.name)` takes `\(field.name)`, of a type whose values do not stand in lines")
        }
        self.action = action
        organisations = FixedTexts(
            [context.organisation, context.home].map { Array($0.identifier.utf8) })
        memory = MachineMemory(code: code, isRecording: tracing)
        let request = Request(
            action: action, actor: context.actor, organisation: context.organisation, now: context.now, arguments: [],
            existing: nil, newReference: TextValue("\(program.name)/1"))
        run = CodeRun(
            program: program, memory: memory, view: View(home: context.home, rows: rows), request: request,
            stepLimit: stepLimit)
        let shapes = code.entries.actionShapes[action]
        top = InputReader.Members(
            zip(fields, shapes).map { InputReader.Member(name: Array($0.name.utf8), shown: $0.name, shape: $1) },
            code.shapes)
        registerCount = fields.count
        registers = copied(
            fields.indices.map { index in
                index < declared.enters.count
                    ? code.entries.fields + UInt16(declared.enters[index])
                    : code.entries.parameters[action] + UInt16(index - declared.enters.count)
            })
        let members: [[InputReader.Member]] = code.shapes.map { shape in
            guard case .record(let shapes, let index) = shape.kind, program.records.indices.contains(index) else {
                return []
            }
            return zip(program.records[index].fields, shapes).map {
                InputReader.Member(name: Array($0.name.utf8), shown: $0.name, shape: $1)
            }
        }
        records = copied(members.map { InputReader.Members($0, code.shapes) })
        recordCount = members.count
        writer = Self.writer(program, code, entered: Set(declared.enters), members)
        nothing = .allocate(capacity: 1)
        nothing.initialize(to: 0)
        run.keepRows(rows)
        memory.state.pointee.holdsEveryRole = true
        memory.state.pointee.isAtHome = context.organisation == context.home
        do throws(CodeRun<View>.Stop) { try run.prepareOpenings() } catch {
            throw BatchProblem(text: "the case cannot be begun")
        }
    }

    /// The code that leaves a trail; throws the reason where there is none.
    private static func traced(_ executable: ExecutableProgram) throws(BatchProblem) -> TracedCode {
        guard executable.hasRules else {
            throw problem(executable.program, "kept code has no rules that a trace could tell")
        }
        do throws(LoweringProblem) { return try TracedCode(executable.program) } catch {
            throw problem(executable.program, error.text)
        }
    }

    private static func problem(_ program: CheckedProgram, _ reason: String) -> BatchProblem {
        BatchProblem(text: "\(program.name) cannot be decided here: \(reason)")
    }

    deinit {
        writer.free()
        organisations.free()
        nothing.deallocate()
        registers.deallocate()
        top.free()
        for index in 0..<recordCount { records[index].free() }
        records.deallocate()
    }

    private static func quoted(_ text: String) -> [UInt8] {
        var writer = OutputWriter(
            fields: [], prefixes: FixedTexts([]), states: FixedTexts([]), checks: FixedTexts([]), recordPrefixes: [],
            coder: ValueCoder(shapes: [], names: []))
        defer { writer.free() }
        writer.quoted(text)
        return Array(UnsafeBufferPointer(start: writer.bytes.base, count: writer.bytes.top))
    }

    private static func writer(
        _ program: CheckedProgram, _ code: Code, entered: Set<Int>, _ records: [[InputReader.Member]]
    ) -> OutputWriter {
        var fields: [OutputWriter.Field] = []
        var prefixes: [[UInt8]] = []
        for (index, field) in program.caseFields.enumerated() where !entered.contains(index) {
            fields.append(
                OutputWriter.Field(
                    number: index, register: code.entries.fields + UInt16(index),
                    shape: code.entries.fieldShapes[index]))
            prefixes.append(Array((prefixes.isEmpty ? "" : ",").utf8) + quoted(field.name) + Array(":".utf8))
        }
        let states = program.states.map { state in
            Array(",\"state\":".utf8) + quoted(state.name) + Array(",\"fields\":{".utf8)
        }
        let checks = code.checks.map { site in
            Array("{\"code\":".utf8) + quoted(site.check.code) + Array(",\"severity\":".utf8)
                + quoted(site.check.severity.rawValue)
        }
        return OutputWriter(
            fields: fields, prefixes: FixedTexts(prefixes), states: FixedTexts(states),
            checks: FixedTexts(checks),
            recordPrefixes: records.map { $0.map { quoted($0.shown) + Array(":".utf8) } }, coder: ValueCoder(code: code)
        )
    }

    /// Reads a line into the machine; false where it holds a number that the machine has no word for.
    private func read(_ line: UnsafeBufferPointer<UInt8>) throws(InputProblem) -> Bool {
        var reader = reader(line)
        try reader.readLine()
        return !reader.holdsLeast
    }

    /// A reader of a line for the next case.
    private func reader(_ line: UnsafeBufferPointer<UInt8>) -> InputReader {
        run.open()
        return InputReader(
            machine: memory.state, top: top, registers: registers, records: records, organisations: organisations,
            cursor: JSONCursor(line, else: nothing))
    }

    /// Decides one line and adds its decision to the output. Where the line is not as it was given, `givenPlace` says
    /// where in that one stands what stands at a place of this one, both from 0.
    public func decide(_ line: UnsafeBufferPointer<UInt8>, number: Int, givenPlace: (Int) -> Int = { $0 }) {
        do throws(InputProblem) {
            guard try read(line) else { return decideByReference(line, number: number) }
        } catch {
            return leave(number, error, givenPlace)
        }
        do throws(CodeRun<View>.Stop) {
            let state = try run.decideOpening()
            done += 1
            writer.done(line: number, state: state, cost: run.cost, memory.state)
        } catch {
            switch error {
            case .refused(let refusal):
                refused += 1
                writer.refused(line: number, refusal, cost: run.cost, memory.state)
            case .fault(let fault): leave(number, InputProblem(fault.message))
            case .foreign: decideByReference(line, number: number)
            }
        }
    }

    /// Tells that a line is longer than `Limits.lineBytes`, and is not read.
    public func passOver(longLine number: Int) {
        leave(number, InputProblem("the line is longer than \(Limits.lineBytes) bytes"))
    }

    private func leave(_ number: Int, _ problem: InputProblem, _ givenPlace: (Int) -> Int = { $0 }) {
        unreadable += 1
        writer.unreadable(line: number, problem, givenPlace: givenPlace)
    }

    /// Decides a line as the ledger does where the machine has no word for a value.
    func decideByReference(_ line: UnsafeBufferPointer<UInt8>, number: Int) {
        guard let reference else {
            return leave(number, InputProblem("the kept code has no word for a value: keep none (--code-cache none)"))
        }
        let arguments: [Value]
        do throws(InputProblem) {
            var reader = reader(line)
            arguments = try reader.readValues(run.coder)
        } catch {
            return leave(number, error)
        }
        let asked = run.request
        let request = Request(
            action: action, actor: asked.actor, organisation: asked.organisation, now: asked.now,
            arguments: arguments, existing: nil, newReference: asked.newReference)
        do throws(StateFault) {
            let transition = try reference.perform(request, view: run.view)
            if case .done = transition.outcome { done += 1 } else { refused += 1 }
            writer.decided(line: number, transition)
        } catch {
            leave(number, InputProblem(error.message))
        }
    }

    /// Reads a line and keeps its arguments in the machine's own words; false where it cannot be read.
    public func keep(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let isRead = try? read(line), isRead else { return false }
        memory.state.pointee.keepArenas()
        for index in 0..<registerCount { kept.append(memory.state.pointee.registers[Int(registers[index])]) }
        return true
    }

    /// Decides every case that is kept, once, and gives how many steps they cost together.
    public func decideKept() -> UInt64 {
        var total: UInt64 = 0
        decideEach(after: { total &+= run.cost })
        return total
    }

    /// Decides every case that is kept, once, and tells each; gives how many items the traces have together. Without
    /// tracing nothing is told.
    public func tellKept() -> Int {
        guard let traced else { return 0 }
        var items = 0
        run.reader = TrailReader(traced: traced, home: context.home)
        decideEach(
            before: { run.reader?.begin() },
            after: {
                run.readTrail()
                items += run.reader?.trace.entries.count ?? 0
            })
        run.reader = nil
        return items
    }

    private func decideEach(before: () -> Void = {}, after: () -> Void) {
        let words = memory.state.pointee.registers
        let (registers, count) = (registers, registerCount)
        kept.withUnsafeBufferPointer { kept in
            for place in stride(from: 0, to: kept.count, by: max(1, count)) {
                run.open()
                for index in 0..<count { words[Int(registers[index])] = kept[place &+ index] }
                before()
                do throws(CodeRun<View>.Stop) { _ = try run.decideOpening() } catch { refused += 1 }
                after()
            }
        }
    }

    /// The lines written since the last call.
    public func takeOutput() -> [UInt8] {
        let output = Array(UnsafeBufferPointer(start: writer.bytes.base, count: writer.bytes.top))
        writer.bytes.top = 0
        return output
    }
}
