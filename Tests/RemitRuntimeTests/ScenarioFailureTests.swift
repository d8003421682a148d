import RemitLanguage
import RemitRuntime
import Testing

/// A scenario that fails shows what was expected and what came.
@Suite struct ScenarioFailureTests {
    private static func text(_ expectation: String) -> String {
        """
        contract Sc version 1
          title "Sc"
        role Clerk
        fund Purse in CNY kept by Clerk
        case {
          n    : Integer
          note : optional Text(8)
          tags : list of Text(4) (4) starts []
        }
        state open
        final state done
        action start opens open by Clerk enters n { add "a" to tags  become open }
        action pay in open by Clerk accept unapprovedPayment because "x" { pay 1 CNY from Purse to actor  become done }
        given ma is Clerk
        given Purse holds 10 CNY
        scenario "One" {
          ma does start(n: 7) as c
          \(expectation)
        }
        """
    }

    private func failure(_ expectation: String) throws -> String {
        let source = SourceText(name: "sc", Self.text(expectation))
        let compilation = Compiler.compile(source)
        let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
        let failures = ScenarioRunner(program: program).run().results.flatMap(\.failures)
        let failure = try #require(failures.first)
        #expect(failure.transition != nil)
        let part = failure.part.map { source.text($0) + ": " } ?? ""
        return "\(part)\(failure.expected ?? "-") | \(failure.actual ?? "-")"
    }

    @Test(arguments: [
        ("expect c.n + 1 is 9", "9 | 8"),
        ("expect c.n is 7 and c.n > 8", "c.n > 8: > 8 | 7"),
        ("expect c.n + 1 is 9 and c.n > 8", "c.n + 1 is 9: 9 | 8"),
        ("expect c.n is 1 or c.n is 2", "1 or 2 | 7"),
        ("expect c.n is 7 implies c.n < 7", "c.n < 7: < 7 | 7"),
        ("expect c.n in 8 to 9", "in 8 to 9 | 7"),
        ("expect c.note is present", "present | absent"),
        ("expect c.tags is empty", "empty | [\"a\"]"),
        ("expect not (c.n is 7)", "not 7 | 7"),
        ("expect \"b\" in c.tags", "in [\"a\"] | \"b\""),
        ("expect c is done", "done | open"),
        (
            "ma does pay on c  expect Purse posts 2 CNY from available to ma",
            "2.00 CNY from available to ma | 1.00 CNY from available to ma"
        ),
    ])
    func bothSidesAreShown(_ expectation: String, _ shown: String) throws {
        #expect(try failure(expectation) == shown)
    }
}
