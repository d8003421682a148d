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
}
