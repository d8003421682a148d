import Foundation
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

    private func program() throws -> CheckedProgram {
        let compiled = Compiler.compile(SourceText(name: "loans.remit", Self.text))
        return try #require(compiled.program, "\(compiled.diagnostics)")
    }

    private func letter(_ language: PageLanguage) throws -> DecisionLetter {
        let source = SourceText(name: "loans.remit", Self.text)
        let program = try program()
        let contract = try #require(RemitLanguage.parse(source).contract)
        let words = ReaderWords(contract, language: language, offset: program.timezone)
        return DecisionLetter(program: program, source: source.bytes, words: words)
    }

    private func letters(
        _ language: PageLanguage, to recipient: String, _ withheld: DecisionLetter.Withheld = .init()
    ) throws -> [String] {
        let program = try program()
        let scenario = try #require(program.scenarios.first)
        var run = ScenarioRun(program: program, evaluator: Evaluator(program: program))
        for step in scenario.steps { run.perform(step) }
        #expect(run.failures.isEmpty)
        let letter = try letter(language)
        let occasion = DecisionLetter.Occasion(
            recipient: recipient, sender: "home", time: try #require(Instant(seconds: 0)), request: ("ask", "ann"),
            cause: .request, reference: nil, record: "1", withheld: withheld)
        return run.history.flatMap { letter.lines(occasion, $0) }
    }

    @Test func refusalsOfTheEngineAreInChinese() throws {
        let lines = try letters(.chinese, to: "ann")
        let refusals = lines.filter { $0.hasPrefix("  1. ") }
        for line in [
            "按规则，ann 须回避“同意”。", "此事须由 home 的护士办理，而代表 home 的 bo 不是。",
            "“stop”只能在状态为已申请的案件上办理，而本案的状态为 granted。",
        ] {
            #expect(refusals.contains("  1. \(line)"), "\(line) not in \(refusals)")
        }
        #expect(lines.contains { $0.contains("当日有效的 most：3") } && lines.contains { $0.contains("7 天") }, "\(lines)")
    }

    @Test func englishLettersKeepNamesOfPeopleAsTheyAre() throws {
        let lines = try letters(.english, to: "ann")
        #expect(lines.contains("  1. The rules exclude ann from “consent”."), "\(lines)")
        #expect(lines.contains { $0.contains("most, as in force today: 3") })
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
        let first = EngineSentence.all.first {
            !$0.reasons.isDisjoint(with: sentence.reasons) && $0.values(in: filled) != nil
        }
        #expect(first?.engine == sentence.engine)
        #expect(sentence.values(in: filled) == values && sentence.parts.count == values.count)
        for language in [sentence.english, sentence.chinese] {
            let places = values.indices.filter { language.contains("{\($0)}") }
            #expect(places.count == values.count, "\(language)")
        }
        #expect(sentence.values(in: filled + "?") == nil || sentence.engine.hasSuffix("{}"))
    }

    /// What the machine says of the checks that failed, its nested reasons too.
    @Test func faultsOfChecksAreToldOneByOne() throws {
        let text =
            "a check could not be evaluated: C-1 on line 2: the divisor is zero; line 3: "
            + "no period of `most` holds on 2024-03-01; a value that checks read: there is no case X/1, and 4 more"
        let refusal = Refusal(.requirement, text)
        let english = try letter(.english).why(refusal, openly: nil)
        let wanted =
            "A check could not be evaluated: C-1 on line 2: The divisor is zero; line 3: No period of “most” "
            + "holds on 1\u{A0}March 2024; a value that checks read: There is no case X/1, and 4 more"
        #expect(english == wanted)
        let told = try letter(.chinese).why(refusal, openly: nil)
        #expect(
            told == "有检查无法得出结果：C-1（第 2 行）：除数为零；第 3 行：“most”在 2024 年 3 月 1 日没有有效的规定；"
                + "各项检查所用的一项内容：没有案件 X/1，另有 4 项")
    }

    @Test(arguments: [
        (RefusalReason.argument, "`lines[2].code` must be a Text(16), not 5", "“明细第 2 项的代码”须为文本，最多 16 字，而不是 5"),
        (.argument, "`count` must be an Integer, not \"a\"", "“数量”须为整数，而不是\"a\""),
        (.bound, "`lines` has 7 elements and may have 5", "“明细”有 7 项，最多 5 项"),
        (.role, "bo acting for home is not Nurse or Boss of home", "此事须由 home 的护士或 Boss 办理，而代表 home 的 bo 不是"),
        (
            .role, "bo acting for home is not Nurse of its organisation, or the case's requester",
            "此事须由所在机构的护士，或本案的申请者办理，而代表 home 的 bo 不是"
        ),
        (
            .role, "bo acting for home is not Nurse of the case's requester",
            "此事须由本案的申请者的护士办理，而代表 home 的 bo 不是"
        ),
        (
            .role, "bo acting for home is not Nurse of the organisation that the call names",
            "此事须由申请所指的机构的护士办理，而代表 home 的 bo 不是"
        ),
        (
            .role, "bo acting for home is not Nurse of the organisation named in most",
            "此事须由“most”所记的机构的护士办理，而代表 home 的 bo 不是"
        ),
        (.argument, "`requester` is not as it is declared", "“申请者”不符合规则的要求"),
    ]) func partsOfSentencesAreTold(_ reason: RefusalReason, _ text: String, _ told: String) throws {
        #expect(try letter(.chinese).why(Refusal(reason, text), openly: nil) == told)
    }

    /// The record's words are taken where the reader may not know the reason, and a word list goes before both.
    @Test func whatIsWithheldIsNotTold() throws {
        let lines = try letters(
            .english, to: "bo",
            DecisionLetter.Withheld(
                places: try places(["count", "most on today"]), fields: [1], refusal: "a check could not be evaluated"))
        #expect(lines.contains { $0.hasPrefix("  1. A check could not be evaluated. What decided: ") })
        #expect(
            lines.contains { $0.contains("What decided: count: kept private; most, as in force today: kept private") })
        #expect(lines.contains("  1. count: kept private"))
        #expect(!lines.contains { $0.hasPrefix("  1. count: 1") })
    }

    private func places(_ texts: [String]) throws -> Set<Span> {
        let source = Array(Self.text.utf8)
        return Set(
            texts.flatMap { text in
                source.indices.filter { source[$0...].starts(with: text.utf8) }.map { Span($0, $0 + text.utf8.count) }
            })
    }

    /// Sentences with parts that are sentences' parts themselves.
    private static let variants = [
        "no period of `{}` holds{}": ["no period of `{}` holds", "no period of `{}` holds on {}"],
        "{} follows version {} of {}, and {} is not known from version {}": [
            "{} follows version {} of {}, and `{}` is not known from version {}",
            "{} follows version {} of {}, and the state {} is not known from version {}",
            "{} follows version {} of {}, and such a value of `{}` is not known from version {}",
        ],
    ]

    /// Every sentence in which the runtime refuses has its words: none of them would stay English in a Chinese letter.
    @Test func everyRefusalOfTheEngineHasItsWords() throws {
        let found = try EngineTexts.all()
        #expect(found.count > 60, "the sources are no longer read as they were: \(found.count)")
        for text in found {
            if let variants = Self.variants[text] {
                #expect(variants.allSatisfy { variant in EngineSentence.all.contains { $0.engine == variant } })
            } else {
                let isKnown = EngineSentence.all.contains { $0.values(in: text) != nil }
                #expect(isKnown, "add to the table of sentences: \(text)")
            }
        }
    }
}

/// The texts with which the runtime refuses, read from its sources, with `{}` for what is filled in.
private enum EngineTexts {
    static func all() throws -> [String] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/RemitRuntime")
        let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects.compactMap { $0 as? String } ?? []
        var found: [String] = []
        for file in files.sorted() where file.hasSuffix(".swift") && !file.contains("EngineSentence") {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            found += file.hasSuffix("ValueConformance.swift") ? problems(in: text) : refusals(in: text)
        }
        return found
    }

    /// The literals among the arguments of each `Refusal(.reason, …)`, those joined by `+` as one.
    private static func refusals(in source: String) -> [String] {
        var found: [String] = []
        var rest = source[...]
        while let start = rest.range(of: "Refusal(") {
            rest = rest[start.upperBound...]
            guard rest.drop(while: { $0.isWhitespace }).first == "." else { continue }
            found += literals(in: rest, toClosing: true)
        }
        return found
    }

    /// The problems of values: all literals that begin with a path.
    private static func problems(in source: String) -> [String] {
        literals(in: source[...], toClosing: false).filter { $0.hasPrefix("`{}`") && $0 != "`{}`" }
    }

    private static func literals(in source: Substring, toClosing: Bool) -> [String] {
        var found: [String] = []
        var depth = 1
        var isJoined = false
        var index = source.startIndex
        while index < source.endIndex {
            let character = source[index]
            if character == "\"" {
                let (text, end) = literal(source, from: source.index(after: index))
                if isJoined, let last = found.popLast() { found.append(last + text) } else { found.append(text) }
                (isJoined, index) = (false, end)
                continue
            }
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if toClosing, depth == 0 { break }
            if character == "+" { isJoined = true } else if !character.isWhitespace { isJoined = false }
            index = source.index(after: index)
        }
        return found
    }

    /// A literal up to its quote, with `{}` for each value, and where it ends.
    private static func literal(_ source: Substring, from start: String.Index) -> (String, String.Index) {
        var text = ""
        var index = start
        while index < source.endIndex, source[index] != "\"" {
            let next = source.index(after: index)
            guard source[index] == "\\", next < source.endIndex else {
                text.append(source[index])
                index = next
                continue
            }
            guard source[next] == "(" else {
                text.append(source[next])
                index = source.index(after: next)
                continue
            }
            text += "{}"
            var depth = 1
            index = source.index(after: next)
            while index < source.endIndex, depth > 0 {
                if source[index] == "(" { depth += 1 }
                if source[index] == ")" { depth -= 1 }
                index = source.index(after: index)
            }
        }
        return (text, index < source.endIndex ? source.index(after: index) : index)
    }
}
