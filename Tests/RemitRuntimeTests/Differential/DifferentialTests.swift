import Foundation
import RemitAnalysis
import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// The register machine against the reference evaluator, on random contracts, cases and requests.
@Suite struct DifferentialTests {
    /// What a run over many contracts came to.
    struct Tally {
        var contracts = 0
        var refusedByChecker: [UInt64] = []
        var leftToReference: [String] = []
        var requests = 0
        /// Requests with a value that the machine has no word for.
        var handedOver = 0
        var done = 0
        /// Requests that were made again with a budget of just their cost, and of one step less.
        var budgets = 0
        /// By kind of call: how many were asked for and how many were done.
        var calls: [String: [Int]] = [:]
        var postings = 0
        var reasons: [String: Int] = [:]
        var differences: [String] = []
        var problems: [String] = []
    }

    private static func number(_ name: String, _ otherwise: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? otherwise
    }

    @Test func theMachineAgreesWithTheReference() throws {
        let first = Self.number("REMIT_SEED", 1)
        let count = Self.number("REMIT_PROGRAMS", 300)
        var tally = Tally()
        for seed in first..<first + count { try Self.run(seed, &tally) }
        let summary =
            "seeds \(first) to \(first + count - 1): \(tally.contracts) contracts, \(tally.requests) requests, "
            + "\(tally.handedOver) handed over, \(tally.done) done, \(tally.postings) postings, "
            + "\(tally.calls.sorted { $0.key < $1.key }), \(tally.reasons.sorted { $0.key < $1.key })"
        #expect(tally.differences == [], "\(summary)")
        #expect(tally.problems == [], "\(summary)")
        #expect(tally.leftToReference == [])
        // A generator whose contracts the checker refuses, or whose requests are all refused, would test nothing.
        #expect(tally.contracts * 10 >= Int(count) * 8, "the checker refused seeds \(tally.refusedByChecker)")
        #expect(tally.done * 20 >= tally.requests, "\(summary)")
        #expect(tally.budgets * 4 >= tally.requests, "\(summary)")
        #expect(tally.handedOver * 5 <= tally.requests, "\(summary)")
        if ProcessInfo.processInfo.environment["REMIT_SUMMARY"] != nil {
            FileHandle.standardError.write(Data((summary + "\n").utf8))
        }
    }

    private static func run(_ seed: UInt64, _ tally: inout Tally) throws {
        var generator = ContractGenerator(seed: seed)
        let text = generator.contract()
        let isShown = ProcessInfo.processInfo.environment["REMIT_SHOW"] != nil
        if isShown { print(text) }
        let compilation = Compiler.compile(
            SourceText(name: "generated.remit", bytes: Array(text.utf8)), find: ContractGenerator.find)
        guard let program = compilation.program else {
            tally.refusedByChecker.append(seed)
            if isShown { print(compilation.diagnostics.filter { $0.code.severity == .error }.map(\.message)) }
            return
        }
        tally.contracts += 1
        let executable = ExecutableProgram(program)
        if let reason = executable.reasonForReference { tally.leftToReference.append("seed \(seed): \(reason)") }
        let bounds = worstCaseCosts(program)
        let unlimited = Evaluator(executable)
        var values = ValueGenerator(chance: Chance(seed: seed &* 31 &+ 7), program: program)
        values.isMild = seed % 2 == 0
        var world = DifferentialWorld()
        world.salt = Int(seed % 4)
        world.fundNames = program.funds.map { TextValue($0.name) }
        for step in 0..<24 {
            let request = request(step, &values, &world, program)
            let limit = values.chance.once(in: 5) ? UInt64(values.chance.below(400)) : Limits.steps
            let reference = try Evaluator(program: program, stepLimit: limit).perform(
                request, view: world, tracing: true)
            // The memory of one evaluator serves many requests, as it does in a node.
            let evaluator = limit == Limits.steps ? unlimited : Evaluator(executable, stepLimit: limit)
            tally.requests += 1
            tally.calls[word(request.call), default: [0, 0]][0] += 1
            if try evaluator.run(request, view: world) == nil { tally.handedOver += 1 }
            let machine = try evaluator.perform(request, view: world)
            if let difference = Verdicts.difference(reference, machine) {
                tally.differences.append("seed \(seed) step \(step): \(difference)")
            }
            if let difference = try traceDifference(reference, evaluator, request, world) {
                tally.differences.append("seed \(seed) step \(step): \(difference)")
            }
            // Every third request, with the steps that it costs and with one less.
            if (UInt64(step) + seed) % 3 == 0 {
                if let difference = try budgetDifference(reference, executable, request, world) {
                    tally.differences.append("seed \(seed) step \(step): \(difference)")
                }
                tally.budgets += 1
            }
            if let bound = bound(of: request.call, bounds, program), reference.cost > bound {
                tally.problems.append(
                    "seed \(seed) step \(step): \(request.call) cost \(reference.cost), beyond the bound \(bound)")
            }
            switch reference.outcome {
            case .done(let effects):
                tally.done += 1
                tally.calls[word(request.call), default: [0, 0]][1] += 1
                tally.postings += effects.postings.count
                world.apply(effects)
                if isShown {
                    let state = effects.caseState
                    print("step \(step): \(state.reference) \(state.state) \(state.reserved) \(world.funds)")
                    print(effects.postings)
                }
            case .refused(let refusal):
                tally.reasons[refusal.reason.word, default: 0] += 1
                if refusal.reason == .internalFault {
                    tally.problems.append("seed \(seed) step \(step): the checker excludes this: \(refusal)")
                }
            }
        }
    }

    /// The most that a call can cost, as the analysis has it.
    private static func bound(of call: Call, _ bounds: [WorstCase], _ program: CheckedProgram) -> UInt64? {
        func among(_ kind: WorstCase.Kind, _ index: Int) -> UInt64? {
            let found = bounds.filter { $0.kind == kind }
            return found.indices.contains(index) ? found[index].cost : nil
        }
        switch call {
        case .action(let index): return among(.action, index)
        case .approve(let round): return among(.vote, 2 * round)
        case .decline(let round): return among(.vote, 2 * round + 1)
        case .timer(let timer): return among(.deadline, timer)
        case .migration(let index): return among(.migration, index)
        }
    }

    private static func word(_ call: Call) -> String {
        switch call {
        case .action: "action"
        case .approve: "approve"
        case .decline: "decline"
        case .timer: "timer"
        case .migration: "migration"
        }
    }

    private static func moment(_ step: Int) -> Instant {
        Instant(seconds: 1_770_000_000 + Int64(step) * 90_000) ?? ValueGenerator.epoch
    }

    /// A vote, or the work of a timer, most often of one that runs; nil for an action.
    private static func engineRequest(
        _ step: Int, _ values: inout ValueGenerator, _ world: DifferentialWorld, _ program: CheckedProgram
    ) -> Request? {
        guard !world.cases.isEmpty, values.chance.once(in: 2) else { return nil }
        let existing = values.chance.pick(world.cases)
        let running = world.cases.flatMap { found in found.timers(of: program).map { (found, $0.timer, $0.due) } }
        if values.chance.once(in: 3), !running.isEmpty {
            let (found, timer, due) = values.chance.pick(running)
            let wrong = values.chance.once(in: 12)
            return Request(
                timer: wrong ? values.chance.below(program.timers.count + 1) : timer, of: wrong ? existing : found,
                at: due, organisation: world.home)
        }
        let round = values.chance.below(program.approvals.count + (values.chance.once(in: 30) ? 1 : 0))
        let declines = values.chance.once(in: 4)
        var arguments: [Value] = declines ? [.text("it is too much")] : []
        if values.chance.once(in: 25) { arguments.append(.text("")) }
        let open = world.cases.filter { found in
            found.rounds.indices.contains(round) && found.rounds[round]?.outcome == .open
        }
        if open.isEmpty, !values.chance.once(in: 8) { return nil }
        return Request(
            call: declines ? .decline(round) : .approve(round), actor: values.chance.pick(DifferentialWorld.people),
            organisation: Party(.organisation, TextValue(values.chance.pick(["home", "home", "home", "away"]))),
            now: moment(step), arguments: arguments, existing: open.isEmpty ? existing : values.chance.pick(open),
            seen: values.chance.once(in: 9) ? UInt64(values.chance.below(4)) : nil, newReference: "Generated/0")
    }

    /// The first difference of a trace told from the machine's trail; nil where there is none.
    private static func traceDifference(
        _ reference: Transition, _ evaluator: Evaluator, _ request: Request, _ world: DifferentialWorld
    ) throws -> String? {
        guard let traced = try evaluator.trace(request, view: world) else {
            return try evaluator.run(request, view: world) == nil ? nil : "there is no trail"
        }
        return Verdicts.difference(reference, traced) ?? TraceComparison.difference(reference.trace, traced.trace)
    }

    /// The first difference where the budget is the cost of a request, or a step less; nil where there is none.
    private static func budgetDifference(
        _ whole: Transition, _ executable: ExecutableProgram, _ request: Request, _ world: DifferentialWorld
    ) throws -> String? {
        for limit in [whole.cost, whole.cost &- 1] where limit <= whole.cost {
            let reference = try Evaluator(program: executable.program, stepLimit: limit).perform(request, view: world)
            let machine = try Evaluator(executable, stepLimit: limit).perform(request, view: world)
            if let difference = Verdicts.difference(reference, machine) { return "with \(limit) steps: \(difference)" }
            guard case .done = whole.outcome else { continue }
            let wanted = limit == whole.cost ? "done" : RefusalReason.budget.word
            if Verdicts.word(machine) != wanted { return "with \(limit) steps: \(Verdicts.word(machine))" }
        }
        return nil
    }

    private static func request(
        _ step: Int, _ values: inout ValueGenerator, _ world: inout DifferentialWorld, _ program: CheckedProgram
    ) -> Request {
        // Rows of reference data come and go between requests, as keepers load them.
        for (index, register) in program.registers.enumerated() where values.chance.once(in: 2) {
            let keys = register.keys.map { values.value($0.type) }
            let row = program.records[register.row].fields.map { values.value($0.type) }
            world.rows[DifferentialWorld.Key(index: index, keys: keys)] = row
        }
        if let request = engineRequest(step, &values, world, program) { return request }
        let opens = world.cases.isEmpty || values.chance.once(in: 3)
        let action = opens ? 0 : 1 + values.chance.below(program.actions.count - 1)
        let declared = program.actions[action]
        var arguments = declared.enters.map { field in
            // What a form on a case enters must be given; now and then it is not.
            var value = values.value(program.caseFields[field].type)
            while !opens, value == .absent, !values.chance.once(in: 6) {
                value = values.value(program.caseFields[field].type)
            }
            return value
        }
        arguments += declared.parameters.map { values.value($0.type) }
        if values.chance.once(in: 30), !arguments.isEmpty {
            arguments[values.chance.below(arguments.count)] = values.value(.text(64))
        }
        return Request(
            action: action, actor: Party(.person, TextValue(values.chance.pick(["ann", "bo", "cy"]))),
            organisation: Party(.organisation, TextValue(values.chance.pick(["home", "home", "away"]))),
            now: moment(step), arguments: arguments,
            existing: opens ? nil : values.chance.pick(world.cases),
            newReference: TextValue("Generated/\(world.cases.count + 1)"))
    }
}
