import RemitLanguage
import Testing

@testable import RemitRuntime

/// The explanation of what was decided cites the source of the round, deadline or invariant that decided it.
@Suite struct CitedRulesTests {
    static let text = """
        contract Cited version 1
          title    "Cited"
          timezone +08:00
        role Nurse, Boss
        register Stock by item: Text(9) {
          left : Integer starts 1
          invariant "Stock is there" : left >= 0 per "Rules 6"
        }
        case {
          item : Text(9)
          size : Integer
        }
        state asked, agreed
        final state over
        unique by item except over else "There is one already" per "Rules 2"
        action ask opens asked by Nurse enters item, size { become asked }
        approval consent in asked needs 1 of Boss within 1 day per "Rules 3" {
          granted { become agreed }
          declined { become over }
          overdue { become over }
        }
        action take in agreed by Nurse { add 0 - size to Stock[item].left }
        after 2 days in agreed per "Rules 4" { become over }
        invariant "Nothing is large" : size < 9 per "Rules 5"
        given ann is Nurse, bo is Boss
        scenario "All" {
          at 2026-03-02 09:00
          ann does ask(item: "soap", size: 9)  refused invariant
          ann does ask(item: "soap", size: 2) as c
          bo does approve consent on c
          ann does take on c  refused invariant
          after 2 days
          expect c is over
        }
        """

    @Test func explanationsCiteWhatDecided() throws {
        let program = try #require(Compiler.compile(SourceText(name: "cited.remit", Self.text)).program)
        let scenario = try #require(program.scenarios.first)
        for evaluator in [Evaluator(program: program), Evaluator(ExecutableProgram(program))] {
            var run = ScenarioRun(program: program, evaluator: evaluator)
            for step in scenario.steps { run.perform(step) }
            #expect(run.failures.isEmpty)
            let narrator = TraceNarrator(program: program, source: Array(Self.text.utf8))
            let sentences = run.history.flatMap { narrator.sentences($0) }
            for sentence in [
                "The round `consent` opens, and is overdue at 2026-03-03 09:00:00 (Rules 3).",
                "The deadline in agreed is over (Rules 4).",
                "\"Nothing is large\" would no longer hold (Rules 5).",
                "\"Stock is there\" would no longer hold (Rules 6).",
            ] {
                #expect(sentences.contains(sentence), "\(sentence)")
            }
        }
    }
}
