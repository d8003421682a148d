import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// A quorum reads as a contract writes it, wherever a value is shown.
@Suite struct QuorumTextTests {
    static let text = """
        contract Seats version 1
          title "Seats"
        role Nurse, Boss
        record Part { need : Quorum  n : Integer }
        case {
          large : Boolean
          need  : Quorum starts 1 of Boss
          spare : optional Quorum
          parts : list of Part (2) starts []
        }
        final state done
        function needed(big: Boolean) gives Quorum {
          return if big then 2 of Nurse of any organisation and 1 of (Boss or Nurse) else 1 of Boss
        }
        action ask opens done by Nurse enters large {
          let found = needed(large)
          set need to found
          set spare to 2 of Nurse
          set parts to [Part(need: found, n: 1)]
          require need is 1 of Boss  else "NO" "Not {found}, {spare}"
        }
        given ann is Nurse
        scenario "It is not as said" {
          ann does ask(large: no) as c
          expect c.need is 2 of Nurse
        }
        """

    static let large = "2 of Nurse of any organisation and 1 of (Boss or Nurse)"

    private static func program() throws -> CheckedProgram {
        let compilation = Compiler.compile(SourceText(name: "seats.remit", text))
        #expect(compilation.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
        return try #require(compilation.program)
    }

    @Test func refusalsAndTracesSayWhoSigns() throws {
        let program = try Self.program()
        let world = DifferentialWorld()
        let executable = ExecutableProgram(program)
        #expect(executable.reasonForReference == nil)
        let request = Request(
            action: 0, actor: Party(.person, "bo"), organisation: world.home, now: ValueGenerator.epoch,
            arguments: [.boolean(true)], existing: nil, newReference: "Seats/1")
        for evaluator in [Evaluator(program: program), Evaluator(executable)] {
            let transition = try evaluator.perform(request, view: world, tracing: true)
            guard case .refused(let refusal) = transition.outcome else {
                Issue.record("it was done")
                return
            }
            #expect(refusal.text == "Not \(Self.large), 2 of Nurse")
            let sentences = TraceNarrator(program: program, source: Array(Self.text.utf8)).sentences(transition)
            #expect(sentences.contains("Needed comes to \(Self.large)."), "\(sentences)")
            #expect(sentences.contains("Need is set to \(Self.large), by `set need to found`."), "\(sentences)")
        }
    }

    @Test func decisionsSayWhoSigns() throws {
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "ann"), organisation: home, home: home, now: ValueGenerator.epoch)
        let evaluator = try BatchEvaluator(
            ExecutableProgram(Self.program()), action: 0, context: context, rows: BatchRows())
        Array("{\"large\":false}".utf8).withUnsafeBufferPointer { evaluator.decide($0, number: 1) }
        let output = String(decoding: evaluator.takeOutput(), as: UTF8.self)
        #expect(
            output.contains(
                #""fields":{"need":"1 of Boss","spare":"2 of Nurse","parts":[{"need":"1 of Boss","n":1}]}"#),
            "\(output)")
    }

    @Test func scenariosSayWhoSigns() throws {
        let failures = ScenarioRunner(program: try Self.program()).run().results.flatMap(\.failures)
        #expect(failures.map(\.expected) == ["2 of Nurse"])
        #expect(failures.map(\.actual) == ["1 of Boss"])
    }

    @Test func valuesAreWrittenByTheirTypes() throws {
        let program = try Self.program()
        let quorum = Quorum(groups: [Quorum.Group(count: 2, roles: ["Nurse of org"])]).value
        let type = ValueType.list(.record(0), 2)
        let value = Value.list([.record([quorum, .integer(1)])])
        #expect(program.writingQuorums(in: value, type).description == "[(2 of Nurse of org, 1)]")
        #expect(program.writingQuorums(in: .absent, .optional(.quorum)) == .absent)
        // What only looks like one is left alone.
        #expect(program.writingQuorums(in: quorum, .list(.unknown, 2)) == quorum)
    }
}
