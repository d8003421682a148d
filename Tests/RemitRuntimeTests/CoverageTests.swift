import RemitLanguage
import RemitRuntime
import Testing

/// What scenarios reach of the branches within conditions and values.
@Suite struct CoverageTests {
    private static func text(_ scenario: String) -> String {
        """
        contract Fees version 1
          title "Fees"
        role Clerk
        register Ward by name: Text(8) kept by Clerk {
          beds : Integer
          invariant "Large wards have even beds" : beds > 10 implies beds * 2 > 21
        }
        case {
          pages : Integer
          fee   : CNY starts 0 CNY
        }
        final state settled
        function price(count: Integer) gives CNY { return if count > 10 then 5 CNY else 2 CNY }
        checks look {
          note "N" "{pages}" when (if pages > 3 then 1 else 2) is 1 and (pages > 100 implies pages > 200)
        }
        action file opens settled by Clerk enters pages {
          run look
          if pages > 20 { set fee to 9 CNY } else { set fee to price(pages) }
          let ward = Ward["A"]
          let told = if pages > 2 then pages else 0
          let beds = if ward is present then ward.beds else 0
          notify Clerk "{told} pages, {beds} beds"
        }
        invariant "Nothing is free" : pages > 5 implies fee > 0 CNY
        given ann is Clerk
        \(scenario)
        """
    }

    /// The branches that are missed, each with the text at its place.
    private static func missed(_ scenario: String) throws -> [String] {
        let source = SourceText(name: "fees", text(scenario))
        let program = try #require(Compiler.compile(source).program)
        let (results, coverage) = ScenarioRunner(program: program).run()
        #expect(results.flatMap(\.failures).isEmpty)
        let branches = coverage.items.filter { $0.kind == .branch }
        #expect(branches.count == 14)
        #expect(branches.compactMap(\.decision).count == branches.count)
        return branches.filter { !$0.isReached }.map { "\($0.name): \(source.text($0.span))" }
    }

    @Test func nothingIsReachedWithoutAScenario() throws { #expect(try Self.missed("").count == 14) }

    @Test func eachSideOfAChoiceIsReachedForItself() throws {
        let small = "scenario \"Small\" { ann does file(pages: 1) }"
        #expect(
            try Self.missed(small) == [
                "then: set fee to 9 CNY", "invariant \"Large wards have even beds\": \(Self.wardInvariant)",
                "implied condition: beds * 2 > 21", "then: 5 CNY", "then: 1", "implied condition: pages > 200",
                "then: pages", "then: ward.beds", "implied condition: fee > 0 CNY",
            ])
        let wards = "given Ward[\"A\"] is Ward(beds: 11)"
        let large = "scenario \"Large\" { \(wards) ann does file(pages: 12)  ann does file(pages: 201) }"
        #expect(try Self.missed(large) == ["else: 2 CNY", "else: 2", "else: 0"])
        #expect(try Self.missed(small + "\n" + large) == [])
    }

    /// Where scenarios came to a choice and went another way is known apart from where they never came.
    @Test func whereTheWayWasDecidedIsKnown() throws {
        func undecided(_ scenario: String) throws -> [String] {
            let source = SourceText(name: "fees", Self.text(scenario))
            let program = try #require(Compiler.compile(source).program)
            let (_, coverage) = ScenarioRunner(program: program).run()
            return coverage.items.filter { $0.kind == .branch && !$0.isDecided }.map(\.name)
        }
        #expect(try undecided("").count == 14)
        #expect(
            try undecided("scenario \"Small\" { ann does file(pages: 1) }")
                == ["invariant \"Large wards have even beds\"", "implied condition"])
        #expect(try undecided("scenario \"Large\" { ann does file(pages: 30) }").contains("then"))
        let ward = "given Ward[\"A\"] is Ward(beds: 2)"
        #expect(try undecided("scenario \"Small\" { \(ward) ann does file(pages: 1) }") == [])
    }

    /// What stands within an arm that was not taken was not come to, what stands in the condition was.
    @Test func choicesWithinChoicesAreTold() throws {
        let text = """
            contract Steps version 1
              title "Steps"
            role Clerk
            case { pages : Integer
              fee : Integer starts 0 }
            final state settled
            action file opens settled by Clerk enters pages {
              set fee to if (pages > 1 implies pages < 90)
                then (if pages > 5 then 1 else 2)
                else (if pages > 99 then 3 else 4)
              if pages > 1 and (pages > 2 implies pages < 80) {
                require pages > 3 implies pages < 70 else "Many"
              }
              require pages < 60 implies pages < 61 else "Most"
            }
            given ann is Clerk
            scenario "One" { ann does file(pages: 1) }
            """
        let source = SourceText(name: "steps", text)
        let program = try #require(Compiler.compile(source).program)
        let (_, coverage) = ScenarioRunner(program: program).run()
        let undecided = coverage.items.filter { $0.kind == .branch && !$0.isDecided }.map { source.text($0.span) }
        #expect(undecided == ["3", "4", "pages < 70"])
        let missed = coverage.items.filter { $0.kind == .branch && !$0.isReached }.map { source.text($0.span) }
        #expect(
            Set(missed)
                == Set(
                    ["require pages > 3 implies pages < 70 else \"Many\"", "pages < 90", "1"]
                        + ["(if pages > 99 then 3 else 4)", "3", "4", "pages < 80", "pages < 70"]))
    }

    private static let wardInvariant = "invariant \"Large wards have even beds\" : beds > 10 implies beds * 2 > 21"

    /// A side that is looked at only in what is refused counts as well; an invariant that is broken does not hold.
    @Test func aBrokenInvariantIsNotReached() throws {
        let text = """
            contract Cap version 1
              title "Cap"
            role Clerk
            case { pages : Integer }
            final state settled
            action file opens settled by Clerk enters pages { become settled }
            invariant "Never many" : pages > 5 implies pages < 7
            given ann is Clerk
            scenario "Many" { ann does file(pages: 9)  refused invariant }
            """
        let program = try #require(Compiler.compile(SourceText(name: "cap", text)).program)
        let branches = ScenarioRunner(program: program).run().coverage.items.filter { $0.kind == .branch }
        #expect(branches.map(\.isReached) == [false, true])
    }

    private static let library = """
        library Lib version 1
        enum Tier { gold, iron }
        table pct(t: Tier) gives p: Decimal {
          | t    || p   |
          | gold || 10% |
          | iron || 20% |
        }
        table rest(t: Tier) gives p: Decimal {
          | t   || p   |
          | any || 10% |
        }
        function base(t: Tier, n: Integer) gives Integer { return if n > 10 then rank(t) else 3 }
        function rank(t: Tier) gives Integer { return if t is gold then 1 else 2 }
        function unused(n: Integer) gives Integer { return if n > 1 then 1 else 2 }
        """

    private func coverage(_ text: String) throws -> Coverage {
        let program = try #require(Compiler.compile(SourceText(name: "text", text)).program)
        let (results, coverage) = ScenarioRunner(program: program).run()
        #expect(results.flatMap(\.failures).isEmpty)
        return coverage
    }

    private func told(_ items: [Coverage.Item]) -> [String] {
        items.map { "\($0.name)\($0.isReached ? "" : " missed")" }
    }

    /// A library has no actions: what its scenarios expect is what they try.
    @Test func whatAnExpectationWorksOutIsReached() throws {
        let scenario =
            "scenario \"lib\" { expect base(gold, 3) is 3 expect base(gold, 11) is 1 expect pct(gold) is 10% }"
        let coverage = try coverage(Self.library + "\n" + scenario)
        #expect(coverage.libraryItems.isEmpty)
        #expect(
            told(coverage.items) == [
                "pct row 1", "pct row 2 missed", "rest row 1 missed", "then", "else", "then", "else missed",
                "then missed", "else missed",
            ])
    }

    /// What of a library a contract comes to is told for itself, and does not count against the contract.
    @Test func theReachableOfALibraryIsToldForItself() throws {
        let text = """
            contract Lb version 1
              title "Lb"
              use Lib version 1
            role Clerk
            case { t : Tier
              x : Integer starts 0
              d : Decimal starts 0 }
            final state done
            action start opens done by Clerk enters t { set x to base(t, 3)  set d to pct(t) }
            given ma is Clerk
            scenario "one" { ma does start(t: gold) as c  expect c.x is 3 }

            """
        let coverage = try coverage(text + Self.library)
        #expect(coverage.counts == (2, 2))
        #expect(
            told(coverage.libraryItems) == [
                "pct row 1", "pct row 2 missed", "then missed", "else", "then missed", "else missed",
            ])
        #expect(coverage.libraryItems.filter { $0.isDecided }.map(\.name) == ["then", "else"])
    }
}
