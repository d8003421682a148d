import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// Letters tell what the engine itself says in the language of their readers, and who stated what.
@Suite struct LetterWordsTests {
    private static let text = """
        contract Loans version 1
          title "Loans"
        role Nurse, Boss
        parameter most: Integer { from 2025-01-01: 3 }
        parameter pause: Duration = 7 days
        case { requester : Person
          count : Integer }
        state requested
        final state granted, ended
        action ask opens requested by Nurse enters count {
          require count <= most on today and pause >= 7 days else "Too many"
          set requester to actor
        }
        approval consent in requested needs 1 of Boss except requester within 24 hours {
          granted  { become granted }
          declined { become ended }
          overdue  { become ended }
        }
        action stop in requested by Nurse { become ended }
        given ann is Nurse, ann is Boss, bo is Boss
        scenario "All ways of being refused" {
          at 2026-03-02 09:00
          ann does ask(count: 4) as a  refused "Too many"
          ann does ask(count: 1) as b
          ann does approve consent on b  refused excluded
          bo does stop on b  refused role
          bo does approve consent on b
          ann does stop on b  refused state
        }
        """

    private func letters(_ language: PageLanguage, to recipient: String) throws -> [String] {
        let source = SourceText(name: "loans.remit", Self.text)
        let compiled = Compiler.compile(source)
        let program = try #require(compiled.program, "\(compiled.diagnostics)")
        let contract = try #require(RemitLanguage.parse(source).contract)
        let scenario = try #require(program.scenarios.first)
        var run = ScenarioRun(program: program, evaluator: Evaluator(program: program))
        for step in scenario.steps { run.perform(step) }
        #expect(run.failures.isEmpty)
        let words = ReaderWords(contract, language: language, offset: program.timezone)
        let letter = DecisionLetter(program: program, source: source.bytes, words: words)
        let occasion = DecisionLetter.Occasion(
            recipient: recipient, sender: "home", time: try #require(Instant(seconds: 0)), request: ("ask", "ann"),
            cause: .request, reference: nil, record: "1")
        return run.history.flatMap { letter.lines(occasion, $0) }
    }

    @Test func refusalsOfTheEngineAreInChinese() throws {
        let lines = try letters(.chinese, to: "ann")
        let refusals = lines.filter { $0.hasPrefix("  1. ") }
        for line in [
            "按规则，ann 须回避“同意”。", "此事须由 home 的 Boss 办理，而代表 home 的 bo 不是。",
            "“停止”只能在状态为已申请的案件上办理，而本案的状态为已批准。",
        ] {
            #expect(refusals.contains("  1. \(line)"), "\(line) not in \(refusals)")
        }
        #expect(lines.contains { $0.contains("Most（今日）：3") && $0.contains("7 天") }, "\(lines)")
    }

    @Test func englishLettersKeepNamesOfPeopleAsTheyAre() throws {
        let lines = try letters(.english, to: "ann")
        #expect(lines.contains("  1. The rules exclude ann from “consent”."), "\(lines)")
        #expect(lines.contains { $0.contains("most on today: 3") })
        #expect(!lines.contains { $0.contains("`") || $0.contains(". Ann ") || $0.contains(". Bo ") })
    }

    @Test func whatOthersStatedIsToldAsTheirs() throws {
        #expect(try letters(.english, to: "ann").contains("What you told us"))
        let others = try letters(.english, to: "P-7")
        #expect(others.contains("What ann stated") && !others.contains("What you told us"))
        #expect(try letters(.chinese, to: "P-7").contains("ann 提交的内容"))
    }

    /// A sentence is told by its own pattern alone, with as many values as it has places.
    @Test(arguments: EngineSentence.all.indices) func everySentenceFindsItsValues(_ index: Int) throws {
        let sentence = EngineSentence.all[index]
        var filled = ""
        var values: [String] = []
        for (number, piece) in sentence.engine.split(separator: "{}", omittingEmptySubsequences: false).enumerated() {
            if number > 0 {
                values.append("v\(number)")
                filled += "v\(number)"
            }
            filled += piece
        }
        let first = EngineSentence.all.first { $0.reason == sentence.reason && $0.values(in: filled) != nil }
        #expect(first?.engine == sentence.engine)
        #expect(sentence.values(in: filled) == values && sentence.parts.count == values.count)
        for language in [sentence.english, sentence.chinese] {
            let places = values.indices.filter { language.contains("{\($0)}") }
            #expect(places.count == values.count, "\(language)")
        }
        #expect(sentence.values(in: filled + "?") == nil || sentence.engine.hasSuffix("{}"))
    }
}
