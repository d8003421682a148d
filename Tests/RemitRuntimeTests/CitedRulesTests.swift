import RemitLanguage
import RemitValues
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
        action ask opens asked by Nurse enters item, size per "Rules 1" { become asked }
        approval consent in asked needs 1 of Boss within 1 day per "Rules 3" {
          granted { become agreed }
          declined { become over }
          overdue { become over }
        }
        action take in agreed by Nurse per "Rules 7" {
          require size < 5 else "Too large to take"
          add 0 - size to Stock[item].left
        }
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
          ann does ask(item: "rope", size: 5) as d
          ann does ask(item: "rope", size: 5)  refused unique
          bo does approve consent on d
          ann does take on d  refused "Too large to take"
          ann does ask(item: "oil", size: 2) as e
          bo does decline consent(reason: "There is some") on e
          ann does ask(item: "ink", size: 2)
          after 1 day
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
                "The actor was let in as Nurse of home (Rules 1).",
                "The round `consent` opens, and is overdue at 2026-03-03 09:00:00 +08:00 (Rules 3).",
                "bo signs `consent` as Boss (Rules 3).",
                "The round `consent` is granted (Rules 3).",
                "The deadline in agreed ends at 2026-03-04 09:00:00 +08:00 (Rules 4).",
                "bo declines `consent` as Boss (Rules 3): There is some",
                "The time for `consent` is over (Rules 3).",
                "The round `consent` is overdue (Rules 3).",
                "Refused: There is one already (Rules 2).",
                "Refused: Too large to take (Rules 7).",
                "Refused: this would break \"Nothing is large\" (Rules 5).",
                "The deadline in agreed is over (Rules 4).",
                "\"Nothing is large\" would no longer hold (Rules 5).",
                "\"Stock is there\" would no longer hold (Rules 6).",
            ] {
                #expect(sentences.contains(sentence), "\(sentence)")
            }
        }
    }

    @Test func lettersCiteWhatDecided() throws {
        let source = SourceText(name: "cited.remit", Self.text)
        let program = try #require(Compiler.compile(source).program)
        let contract = try #require(RemitLanguage.parse(source).contract)
        let scenario = try #require(program.scenarios.first)
        var run = ScenarioRun(program: program, evaluator: Evaluator(program: program))
        for step in scenario.steps { run.perform(step) }
        let decided = try #require(Instant(seconds: 0))
        func letters(_ language: PageLanguage, _ cause: DecisionLetter.Cause) -> [String] {
            let words = ReaderWords(contract, language: language, offset: program.timezone)
            let letter = DecisionLetter(program: program, source: source.bytes, words: words)
            let isAsked = cause == .request
            let occasion = DecisionLetter.Occasion(
                recipient: "ann", sender: "home", time: decided, request: isAsked ? ("ask", "ann") : nil, cause: cause,
                reference: nil, record: "1")
            return run.history.flatMap { letter.lines(occasion, $0) }
        }
        let english = letters(.english, .request)
        for line in [
            "  1. There is one already (Rules 2).", "  1. “consent” was declined by bo (Rules 3): There is some.",
            "  1. “ask” (Rules 1).", "  1. “consent” (Rules 3).",
            "  1. “consent” (Rules 3) waits for signatures (1 still open), until 2026-03-03 09:00:00 +08:00.",
            "  1. The time limit for “agreed” was over (Rules 4).",
        ] {
            #expect(english.contains(line), "\(line)")
        }
        let byItself = letters(.english, .timer(1)).filter { $0.hasPrefix("This happened by itself") }
        let limit = "This happened by itself: the time limit for “agreed” was over (Rules 4)."
        #expect(byItself.allSatisfy { $0.hasPrefix(limit) })
        let overdue = letters(.english, .timer(0)).filter { $0.hasPrefix("This happened by itself") }
        let signing = "This happened by itself: the time to sign “consent” was over (Rules 3)."
        #expect(overdue.allSatisfy { $0.hasPrefix(signing) })
        let chinese = letters(.chinese, .timer(1)).filter { $0.hasPrefix("此事自动发生") }
        #expect(!byItself.isEmpty && !overdue.isEmpty && !chinese.isEmpty)
        #expect(chinese.allSatisfy { $0.hasPrefix("此事自动发生：“已同意”的期限已到（Rules 4）。") }, "\(chinese)")
    }
}
