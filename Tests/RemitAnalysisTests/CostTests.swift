import Foundation
import RemitAnalysis
import RemitLanguage
import RemitValues
import Testing

@testable import RemitRuntime

/// The worst case is never below what scenarios really cost.
@Suite struct CostTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let files =
        ["Contracts/insurance-claim", "Contracts/commercial-claim"]
        + ["arithmetic", "authority", "checks", "costs", "lists", "maps", "registers", "tables"].map(small)
        + ["semantics-rounds", "semantics-time"].map(small)

    private static func small(_ name: String) -> String { "Tests/RemitRuntimeTests/Cases/\(name)" }

    @Test(arguments: files) func theWorstCaseHolds(name: String) throws {
        let file = Self.root.appendingPathComponent("\(name).remit")
        let source = SourceText(name: name, bytes: Array(try Data(contentsOf: file)))
        let program = try #require(Compiler.compile(source).program)
        let worst = worstCaseCosts(program)
        var dearest = [UInt64](repeating: 0, count: worst.count)
        for scenario in program.scenarios {
            var run = ScenarioRun(program: program)
            for step in scenario.steps {
                run.perform(step)
                guard case .perform(let perform) = step.kind, let cost = run.last?.cost else { continue }
                let index =
                    switch perform.call {
                    case .action(let index): index
                    case .approve(let round): program.actions.count + 2 * round
                    case .decline(let round): program.actions.count + 2 * round + 1
                    }
                dearest[index] = max(dearest[index], cost)
            }
        }
        for (worst, real) in zip(worst, dearest) {
            #expect(worst.cost.map { $0 >= real } ?? true, "\(worst.name) cost \(real)")
            let isPerformed = real > 0 || worst.kind != .action || !name.hasPrefix("Contracts/")
            #expect(isPerformed, "no scenario performs \(worst.name)")
        }
    }

    /// What a larger bound adds: for a look-up a few steps for each bit of the size, for two that agree one an element,
    /// and nothing for an argument that is handed over.
    @Test(
        arguments: [
            ("counts[1] otherwise 0", 6), ("if 1 in counts then 1 else 0", 6),
            ("if any two of lines share a then 1 else 0", 985),
            ("first(lines)", 0), ("size(lines)", 0),
        ] as [(String, UInt64)])
    func whatIsLookedIntoIsNotGoneThrough(value: String, growth: UInt64) throws {
        func worst(_ bound: Int) throws -> UInt64 {
            let text = """
                contract Tally version 1
                  title "Tally"

                role Clerk

                record Line { a : Integer }

                case {
                  counts : map of Integer to Integer (\(bound)) starts []
                  lines  : list of Line (\(bound)) starts []
                  found  : Integer starts 0
                }

                state open

                function first(some: list of Line (\(bound))) gives Integer { return size(some) }

                action start opens open by Clerk { become open }

                action look in open by Clerk { set found to \(value) }
                """
            let program = try #require(Compiler.compile(SourceText(name: "tally.remit", text)).program)
            return try #require(worstCaseCosts(program).first { $0.name == "look" }?.cost)
        }
        #expect(try worst(1000) - worst(15) == growth)
    }
}
