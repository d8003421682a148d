import Foundation
import RemitLanguage
import Testing

@testable import RemitAnalysis

/// Whatever is written otherwise in a contract is told: as a region, or with both texts.
@Suite struct ComparisonTextTests {
    static let text = """
        contract Small version 1
          title "Small"
          timezone +08:00
        role Clerk, Head
        enum Size { small, large }
        register Cap by ward: Text(8) kept by Head {
          most : CNY
        }
        parameter cap: CNY {
          from 2025-01-01: 100 CNY
        }
        table share(size: Size, count: Integer) gives ratio: Decimal {
          | size  | count || ratio |
          | small | <= 3  || 10%   | per "Rule 1"
          | small | > 3   || 20%   | per "Rule 2"
          | large | any   || 30%   |
        }
        function doubled(i: Integer) gives Integer { return i * 2 }
        case {
          ward  : Text(8)
          size  : Size
          count : Integer
          other : Integer
          tags  : list of Integer (5)
          paid  : CNY starts 0 CNY
        }
        state waiting
        final state done, denied
        checks screening() {
          deny "A" "Too many" when doubled(count) > 20 or (size is small and other > 10)
          deny "B" "Tagged"   when any x in tags where x > 3
          pend "C" "Odd"      when count > 5 and other > count
          note "D" "Untagged" when tags is empty
          note "E" "Much"     when other > 7
        }
        action ask opens waiting, done, denied by Clerk enters ward, size, count, other, tags {
          let row = Cap[ward] else "No such ward"
          require count > 0 else "None"
          require count <= other else "Fewer than {other}"
          run screening()
          match screening {
            deny { become denied }
            pend { become waiting }
            note, clear {
              set paid to smallest(row.most * share(size, count) rounded half up, cap on today)
              become done
            }
          }
        }
        action free in waiting by Head except actor { become done }
        after 30 days in waiting { become denied }
        invariant "Denied pays nothing" : paid is 0 CNY or count > 0
        """

    private static func side(_ text: String) throws -> (CheckedProgram, SourceText) {
        let source = SourceText(name: "small", text)
        let compilation = Compiler.compile(source)
        let wrong = compilation.diagnostics.filter { $0.severity == .error }.map(\.message)
        let program = compilation.program
        return (try #require(program, "\(wrong)"), source)
    }

    private static func compare(_ first: String, _ second: String) throws -> PolicyComparison {
        let (old, new) = (try side(first), try side(second))
        return .compare(old: old.0, oldSource: old.1, new: new.0, newSource: new.1)
    }

    private static func lines(_ comparison: PolicyComparison) -> [String] {
        comparison.differences.flatMap { found in
            let region = found.region.map { "\($0.input): \($0.values)" }.joined(separator: "; ")
            let example = found.example.map { "\($0.input) is \($0.value)" }.joined(separator: ", ")
            return ["\(found.subject) \(found.name)", "[\(region)] \(found.before) -> \(found.after) (\(example))"]
        }
            + comparison.unresolved.flatMap { found in
                let lines = "(\(found.oldLine ?? 0), \(found.newLine ?? 0))"
                return ["\(found.subject) \(found.name) \(lines)", "- \(found.before)", "+ \(found.after)"]
            }
    }

    /// A piece of the text, what stands there in the new version, and what is told of it.
    struct Change: Sendable, CustomTestStringConvertible {
        let place: String
        let change: String
        let told: [String]

        init(_ place: String, _ change: String, _ told: String...) {
            self.place = place
            self.change = change
            self.told = told
        }

        var testDescription: String { "\(place) -> \(change)" }
    }

    static let changes = [
        Change(
            "i * 2", "i * 3",
            "check A \"Too many\"",
            "[doubled(count) > 20 or (size is small and other > 10) in the old version: no; "
                + "doubled(count) > 20 or (size is small and other > 10) in the new version: yes] "
                + "does not find it -> finds it (the action is ask, ward is \"a\", size is small, count is 7, "
                + "other is 10, tags is [], today is 2026-01-01, Cap[\"a\"].most is 1.00 CNY)",
            "function doubled (18, 18)",
            "- function doubled(i: Integer) gives Integer { return i * 2 }",
            "+ function doubled(i: Integer) gives Integer { return i * 3 }"),
        Change(
            "deny \"A\"", "pend \"A\"",
            "checks screening (30, 30)",
            "- deny \"A\" \"Too many\" when doubled(count) > 20 or (size is small and other > 10)",
            "+ pend \"A\" \"Too many\" when doubled(count) > 20 or (size is small and other > 10)"),
        Change(
            "Cap[ward]", "Cap[\"S\"]",
            "action ask (37, 37)",
            "- let row = Cap[ward] else \"No such ward\"",
            "+ let row = Cap[\"S\"] else \"No such ward\""),
        Change(
            "x > 3", "x > 4",
            "check B \"Tagged\"",
            "[any x in tags where x > 3: yes; any x in tags where x > 4: no] finds it -> does not find it "
                + "(the action is ask, ward is \"a\", size is small, count is 1, other is 1, tags is [4], "
                + "today is 2026-01-01, Cap[\"a\"].most is 1.00 CNY)"),
        Change(
            "doubled(count) > 20", "doubled(count) > 21",
            "checks screening (30, 30)",
            "- deny \"A\" \"Too many\" when doubled(count) > 20 or (size is small and other > 10)",
            "+ deny \"A\" \"Too many\" when doubled(count) > 21 or (size is small and other > 10)"),
        Change(
            "other > count", "other >= count",
            "check C \"Odd\"",
            "[count: >= 6; count against other: equal] does not find it -> finds it "
                + "(the action is ask, count is 6, other is 6, "
                + "ward is \"a\", size is small, tags is [1], today is 2026-01-01, Cap[\"a\"].most is 1.00 CNY)"),
        Change(
            "count <= other", "count < other",
            "requirement action ask \"Fewer than {other}\"",
            "[count against other: equal; count: >= 1] lets it pass -> refuses it "
                + "(the action is ask, count is 1, other is 1, "
                + "ward is \"a\", size is small, tags is [1], today is 2026-01-01, Cap[\"a\"].most is 1.00 CNY)"),
        Change(
            "other > 7", "other > 8",
            "check E \"Much\"",
            "[other: 8; count: >= 1; count against other: less, equal] finds it -> does not find it "
                + "(the action is ask, other is 8, count is 1, "
                + "ward is \"a\", size is small, tags is [1], today is 2026-01-01, Cap[\"a\"].most is 1.00 CNY)"),
        Change(
            "tags is empty", "tags is not empty",
            "check D \"Untagged\"",
            "[tags is empty: yes; count: >= 1; count against other: less, equal] finds it -> does not find it "
                + "(the action is ask, tags is [], count is 1, other is 1, "
                + "ward is \"a\", size is small, today is 2026-01-01, Cap[\"a\"].most is 1.00 CNY)",
            "check D \"Untagged\"",
            "[tags is empty: no; count: >= 1; count against other: less, equal] does not find it -> finds it "
                + "(the action is ask, tags is [1], count is 1, other is 1, "
                + "ward is \"a\", size is small, today is 2026-01-01, Cap[\"a\"].most is 1.00 CNY)"),
        Change(
            "row.most * share", "2 * row.most * share",
            "action ask (45, 45)",
            "- set paid to smallest(row.most * share(size, count) rounded half up, cap on today)",
            "+ set paid to smallest(2 * row.most * share(size, count) rounded half up, cap on today)"),
        Change(
            "by Head except", "by Clerk except",
            "action free (50, 50)",
            "- action free in waiting by Head except actor { become done }",
            "+ action free in waiting by Clerk except actor { become done }"),
        Change(
            "except actor { become done }", "except actor { become denied }",
            "action free (50, 50)",
            "- action free in waiting by Head except actor { become done }",
            "+ action free in waiting by Head except actor { become denied }"),
        Change(
            "after 30 days", "after 31 days",
            "deadline in waiting (51, 51)",
            "- after 30 days in waiting { become denied }",
            "+ after 31 days in waiting { become denied }"),
        Change(
            "paid is 0 CNY or", "paid < 1 CNY or",
            "invariant Denied pays nothing (52, 52)",
            "- invariant \"Denied pays nothing\" : paid is 0 CNY or count > 0",
            "+ invariant \"Denied pays nothing\" : paid < 1 CNY or count > 0"),
        Change(
            "2025-01-01: 100 CNY", "2025-01-01: 101 CNY",
            "parameter cap",
            "[] 100.00 CNY -> 101.00 CNY (the action is ask, the day is 2025-01-01, ward is \"a\", size is large, "
                + "count is 1, other is 1, tags is [1], today is 2025-01-01, Cap[\"a\"].most is 334.33 CNY)"),
        Change(
            "|| 20%   | per \"Rule 2\"", "|| 21%   | per \"Rule 2\"",
            "table share",
            "[size: small; count: >= 4] 20% -> 21% (the action is ask, size is small, count is 4, "
                + "ward is \"a\", other is 6, tags is [1], today is 2026-01-01, "
                + "Cap[\"a\"].most is 1.00 CNY)"),
        Change(
            "per \"Rule 2\"", "per \"Rule 3\"",
            "table share (15, 15)",
            "- | small | > 3 || 20% | per \"Rule 2\"",
            "+ | small | > 3 || 20% | per \"Rule 3\""),
        Change(
            "<= 3 ", "< 4  ",
            "table share (14, 14)",
            "- | small | <= 3 || 10% | per \"Rule 1\"",
            "+ | small | < 4 || 10% | per \"Rule 1\""),
        Change(
            "set paid to", "add 1 CNY to paid set paid to",
            "action ask (44, 45)",
            "- note, clear {",
            "+ add 1 CNY to paid set paid to smallest(row.most * share(size, count) rounded half up, cap on today)"),
        Change(
            "timezone +08:00", "timezone +09:00",
            "contract timezone (3, 3)",
            "- +08:00",
            "+ +09:00"),
        Change(
            "final state done, denied", "final state denied, done",
            "state done (28, 28)", "- in its old place", "+ behind what came after it"),
        Change(
            "  note \"E\" \"Much\"     when other > 7\n", "",
            "check E \"Much\"",
            "[] note \"E\" \"Much\" when other > 7 -> not there (the action is ask, ward is \"a\", size is small, "
                + "count is 1, other is 8, tags is [1], today is 2026-01-01, Cap[\"a\"].most is 1.00 CNY)"),
        Change(
            "kept by Head", "kept by Clerk",
            "register Cap (6, 6)",
            "- register Cap by ward: Text(8) kept by Head {",
            "+ register Cap by ward: Text(8) kept by Clerk {"),
        Change("\"Small\"", "\"Little\""),
        Change("  tags  : list", "  // The tags.\n\n  tags   :   list"),
        Change("version 1", "version 2"),
        Change(
            "action free in waiting by Head except actor { become done }\nafter 30 days in waiting { become denied }",
            "after 30 days in waiting { become denied }\naction free in waiting by Head except actor { become done }",
            "action free (50, 51)",
            "- in its old place",
            "+ behind what came after it"),
    ]

    @Test(arguments: changes) func whatDiffersIsTold(change: Change) throws {
        #expect(Self.text.contains(change.place))
        let other = Self.text.replacingOccurrences(of: change.place, with: change.change)
        let told = Self.lines(try Self.compare(Self.text, other))
        #expect(told == change.told)
    }

    // MARK: Changes of whole contracts

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Contracts")

    /// Every change of a rule, made by machine, is told, whatever it changes; so is the way back, and another change.
    @Test(arguments: ["herb-lots", "insurance-claim", "online-care", "small"])
    func noMutantDecidesAlike(name: String) throws {
        let text =
            name == "small"
            ? Self.text : try String(contentsOf: Self.folder.appending(path: "\(name).remit"), encoding: .utf8)
        let source = SourceText(name: name, text)
        let contract = try #require(parse(source).contract)
        let whole = Compiler.compile(source).program
        let program = try #require(whole)
        let commented = SourceText(name: name, "// Nothing is decided by this line.\n" + text)
        let same = PolicyComparison.compare(
            old: program, oldSource: source, new: try #require(Compiler.compile(commented).program),
            newSource: commented)
        #expect(same.differences.isEmpty && Self.lines(same) == [])
        let all = mutants(of: contract, in: source)
        let step = name == "small" ? 1 : max(1, all.count / 16)
        var last: (text: [UInt8], program: CheckedProgram, source: SourceText)?
        var compared = 0
        for mutant in stride(from: 0, to: all.count, by: step).map({ all[$0] }) {
            let bytes = mutant.text(of: source)
            let changed = SourceText(name: name, bytes: bytes)
            guard let other = Compiler.compile(changed).program else { continue }
            compared += 1
            func isTold(_ old: (CheckedProgram, SourceText), _ new: (CheckedProgram, SourceText)) -> Bool {
                // Whether something is told does not depend on whether an example was found.
                let found = PolicyComparison.compare(
                    old: old.0, oldSource: old.1, new: new.0, newSource: new.1, steps: 0)
                return !found.differences.isEmpty || !found.unresolved.isEmpty
            }
            #expect(isTold((program, source), (other, changed)), "\(mutant.words)")
            #expect(isTold((other, changed), (program, source)), "\(mutant.words), and back")
            if let last, last.text != bytes {
                #expect(isTold((last.program, last.source), (other, changed)), "\(mutant.words), and the one before")
            }
            last = (bytes, other, changed)
        }
        #expect(compared > 10)
    }
}
