import Foundation
import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Traces told from the machine's trail against those of the reference evaluator.
@Suite struct TrailTests {
    static let shipped = Contracts.root.appendingPathComponent("Contracts")
    static let files =
        [Contracts.cases, shipped, shipped.appendingPathComponent("benchmarks")].flatMap { folder in
            (try? Contracts.files(in: folder)) ?? []
        }

    @Test(arguments: files)
    func everyStepOfEveryScenarioIsToldAlike(_ file: URL) throws {
        let program = try #require(try Contracts.compile(file).program)
        let executable = ExecutableProgram(program)
        var compared = 0
        for scenario in program.scenarios {
            var reference = ScenarioRun(program: program, evaluator: Evaluator(program: program))
            var machine = ScenarioRun(program: program, evaluator: Evaluator(executable))
            for step in scenario.steps {
                reference.perform(step)
                machine.perform(step)
                let difference = TraceComparison.difference(reference.last?.trace, machine.last?.trace)
                #expect(difference == nil, "\(scenario.title)")
                compared += reference.last?.trace?.entries.count ?? 0
            }
            #expect(reference.failures.map(\.message) == machine.failures.map(\.message))
        }
        #expect(compared > 0 || program.isLibrary)
        // The machine has code, and the trace comes from it.
        #expect(executable.code != nil && (try? TracedCode(program)) != nil)
    }

    static let long = """
        contract Long version 1
          title "Long"
        role Clerk
        table fee(number: Integer) gives each: Integer {
          | number || each |
          | <= 3   || 2    |
          | > 3    || 3    |
        }
        case {
          numbers : list of Integer (9000)
          total   : Integer starts 0
        }
        final state done
        function doubled(number: Integer) gives Integer {
          let once = number * 1
          return once + number * fee(number)
        }
        action enter opens done by Clerk enters numbers {
          for number in numbers {
            require number > 0 or number is 0  else "Not below zero"
            add doubled(number) to total
          }
        }
        """

    /// More than the trail holds, and more than a trace keeps.
    @Test func aLongTrailIsToldInPieces() throws {
        let program = try #require(
            Compiler.compile(SourceText(name: "long.remit", bytes: Array(Self.long.utf8))).program)
        for count in [1, 100, 9000] {
            let numbers = Value.list((0..<count).map { .integer(Int64($0 % 7)) })
            let request = Request(
                action: 0, actor: Party(.person, "ann"), organisation: Party(.organisation, "home"),
                now: ValueGenerator.epoch, arguments: [numbers], existing: nil, newReference: "Long/1")
            var world = DifferentialWorld()
            world.salt = 1
            let wanted = try Evaluator(program: program).perform(request, view: world, tracing: true)
            let evaluator = Evaluator(ExecutableProgram(program))
            let told = try #require(try evaluator.trace(request, view: world))
            #expect(Verdicts.difference(wanted, told) == nil)
            #expect(TraceComparison.difference(wanted.trace, told.trace) == nil)
            #expect(
                told.trace?.omitted
                    == max(0, (wanted.trace?.entries.count ?? 0) + (wanted.trace?.omitted ?? 0) - Limits.traceEntries))
            if count == 9000 { #expect(count * 8 > Limits.trailWords && (told.trace?.omitted ?? 0) > 0) }
        }
    }

    @Test func aTrailIsLeftByTracedCodeAlone() throws {
        let program = try EvaluatorTests.program()
        let plain = try #require(ExecutableProgram(program).code)
        let traced = try TracedCode(program).code
        let records: (Code) -> Int = { code in
            code.instructions.count { $0.operation == .note || $0.operation == .noteList }
        }
        #expect(records(plain) == 0)
        #expect(records(traced) > 5)
        #expect(CodeVerifier(traced).problem() == nil)
    }

    @Test func aRecordOfWhatIsNotThereIsFound() throws {
        let traced = try TracedCode(EvaluatorTests.program()).code
        var tried = 0
        for (place, instruction) in traced.instructions.enumerated() {
            var instructions = traced.instructions
            switch instruction.operation {
            case .note: instructions[place].b = .max
            case .noteList: instructions[place].c = .max
            default: continue
            }
            tried += 1
            #expect(CodeVerifier(traced.with(instructions)).problem() != nil)
        }
        #expect(tried > 5)
    }
}
